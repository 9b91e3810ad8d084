package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.contract.Speechless;
import dev.circulate.contract.Until;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.RemoteFailureException;
import dev.circulate.service.Request;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Gatherer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the cause of a close crosses, however much it has to say. */
class CauseTest {
  private static final List<Limits> LIMITS =
      List.of(Limits.DEFAULTS, Limits.builder().frame(1024).string(256).build());

  @ParameterizedTest(name = "{displayName} [{index}]")
  @ValueSource(strings = {"x", "\u0001", "\u4f60", "\ud83d\ude00", "\ud83d"})
  @DisplayName("CH-8 DI-5 a cause with an endless message crosses, cut, whoever closes")
  void endless(String part) throws InterruptedException {
    IOException endless = new IOException(part.repeat(2_000_000));
    for (Limits limits : LIMITS) {
      for (Codec codec : List.of(Codec.JSON, Codec.MESSAGE_PACK)) {
        try (TwoSpaces spaces = new TwoSpaces(limits, codec, codec)) {
          closedBy(spaces, (own, far) -> own.close(endless));
          closedBy(spaces, (own, far) -> far.close(endless));
          closedBy(spaces, (own, far) -> far.cancel(endless));
          assertThat(spaces.b.lost()).isNull();
        }
      }
    }
  }

  @Test
  @DisplayName(
      "CH-8 DI-5 a cause that throws when it is asked what it says crosses, whoever closes")
  void speechless() throws InterruptedException {
    List<Closing> closings =
        List.of(
            (own, far) -> own.close(new Speechless()),
            (own, far) -> far.close(new Speechless()),
            (own, far) -> far.cancel(new Speechless()));
    for (Closing closing : closings) {
      try (TwoSpaces spaces = new TwoSpaces()) {
        Channel<Object> own = chan();
        Channel<Object> far = farOf(spaces, own);
        closing.close(own, far);
        for (Channel<Object> side : List.of(own, far)) {
          assertThatThrownBy(() -> side.poll(Until.PATIENCE))
              .isInstanceOf(ChannelFailedException.class)
              .hasMessageContaining("Speechless");
        }
        assertThat(spaces.b.lost()).isNull();
      }
    }
  }

  @Test
  @DisplayName("CH-8 CH-10 what a gatherer throws at the end crosses, as it is thrown here")
  void finisher() throws InterruptedException {
    Gatherer<Object, ?, Object> failing =
        Gatherer.ofSequential(
            Gatherer.Integrator.of((_, value, downstream) -> downstream.push(value)),
            (_, _) -> {
              throw new IllegalStateException("no end");
            });
    try (TwoSpaces spaces = new TwoSpaces()) {
      Channel<Object> own = Channel.<Object>builder().buffer(Csp.fixed(1)).gather(failing).open();
      Channel<Object> far = farOf(spaces, own);
      assertThat(far.put("before")).isTrue();
      assertThat(far.take()).isEqualTo("before");
      own.close();
      for (Channel<Object> side : List.of(own, far)) {
        assertThatThrownBy(() -> side.poll(Until.PATIENCE))
            .isInstanceOf(ChannelFailedException.class)
            .hasMessageContaining("no end");
        assertThat(side.closeCause()).hasMessageContaining("no end");
      }
    }
  }

  @Test
  @DisplayName("CH-8 DI-2 a channel that was passed on ends with the cause that its owner gave")
  void passedOn() throws InterruptedException {
    try (TwoSpaces spaces = new TwoSpaces();
        TwoSpaces others = new TwoSpaces()) {
      Channel<Object> own = chan();
      Channel<Object> passedOn = farOf(others, farOf(spaces, own));
      own.close(new IOException("disk full"));
      assertThatThrownBy(() -> passedOn.poll(Until.PATIENCE))
          .isInstanceOf(ChannelFailedException.class)
          .cause()
          .isInstanceOfSatisfying(
              RemoteFailureException.class,
              e ->
                  assertThat(e.origin())
                      .isEqualTo(new Message.Cause("java.io.IOException", "disk full")));
    }
  }

  private interface Closing {
    void close(Channel<Object> own, Channel<Object> far);
  }

  @SuppressWarnings("unchecked")
  private static Channel<Object> farOf(TwoSpaces spaces, Channel<Object> own)
      throws InterruptedException {
    spaces.bRoot.handler("give", _ -> own);
    return (Channel<Object>) Request.to(spaces.bRootProxy(), "give").as(Channel.class);
  }

  private static void closedBy(TwoSpaces spaces, Closing closing) throws InterruptedException {
    Channel<Object> own = chan();
    Channel<Object> far = farOf(spaces, own);
    closing.close(own, far);
    Await.until(
        "a close on both sides",
        () -> own.isClosed() && far.isClosed(),
        () -> own + " and " + far + ", lost: " + spaces.b.lost());
    for (Channel<Object> side : List.of(own, far)) {
      assertThat(Objects.requireNonNull(side.closeCause()).toString()).contains("IOException: ");
    }
  }
}
