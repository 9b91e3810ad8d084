package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.fixed;
import static dev.circulate.Csp.promise;
import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Checked;
import dev.circulate.contract.Forked;
import dev.circulate.contract.Speechless;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that cannot be sent, and are known to be so only when they are read. */
class UnsendableTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A list that somebody else is changing. */
  private static Object changing() {
    return (Iterable<Object>)
        () -> {
          throw new ConcurrentModificationException("somebody changes it");
        };
  }

  private static Object failing() {
    return (Iterable<Object>)
        () -> {
          throw new AssertionError("it is broken");
        };
  }

  private static Object speechless() {
    return (Iterable<Object>)
        () -> {
          throw new Speechless();
        };
  }

  private static Object closed() {
    return (Iterable<Object>) () -> Checked.thrown(new IOException("it is closed already"));
  }

  static List<Object> values() {
    return List.of(
        closed(),
        changing(),
        failing(),
        List.of(chan(), speechless()),
        List.of(chan(), changing()),
        DayOfWeek.MONDAY,
        Map.of("\ud83d", 1),
        Map.of("x".repeat(2_000_000), new Object()));
  }

  private static TwoSpaces spaces() {
    Codec codec =
        Codec.JSON.with(
            Handlers.none()
                .with(
                    "day",
                    DayOfWeek.class,
                    day -> {
                      throw new IllegalStateException("no word for " + day);
                    },
                    _ -> DayOfWeek.MONDAY));
    return new TwoSpaces(Limits.DEFAULTS, codec, codec);
  }

  @SuppressWarnings("unchecked")
  private static Channel<Object> given(TwoSpaces spaces, Channel<Object> channel)
      throws InterruptedException {
    spaces.bRoot.handler("give", _ -> channel);
    return (Channel<Object>) Request.to(spaces.bRootProxy(), "give").as(Channel.class);
  }

  @ParameterizedTest(name = "{displayName} [{index}]")
  @MethodSource("values")
  @DisplayName("SV-4 DI-6 an answer that cannot be read is an error for its caller, at once")
  void answer(Object value) throws InterruptedException {
    try (TwoSpaces spaces = spaces()) {
      spaces.bRoot.handler("ask", _ -> value);
      assertThatThrownBy(
              () -> Request.to(spaces.bRootProxy(), "ask").within(PATIENCE).as(Object.class))
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.error()).isInstanceOf(CallError.Internal.class));
      spaces.awaitEmptyTables();
      assertThat(spaces.b.lost()).isNull();
    }
  }

  @Test
  @DisplayName("SV-4 an error is what it was, though there is half a character in its words")
  void halfACharacter() throws InterruptedException {
    try (TwoSpaces spaces = spaces()) {
      spaces.bRoot.handler(
          "ask",
          _ -> {
            throw new IllegalStateException("half a pair: \ud83d");
          });
      assertThatThrownBy(() -> Request.to(spaces.bRootProxy(), "ask").within(PATIENCE).done())
          .isInstanceOfSatisfying(
              CallException.class,
              e ->
                  assertThat(e.error())
                      .isEqualTo(
                          new CallError.Failed(
                              "java.lang.IllegalStateException", "half a pair: ?", null)));
    }
  }

  @ParameterizedTest(name = "{displayName} [{index}]")
  @MethodSource("values")
  @DisplayName("CH-8 a value that cannot be read closes the channel that it was taken from afar")
  void take(Object value) throws InterruptedException {
    try (TwoSpaces spaces = spaces()) {
      Channel<Object> own = chan(1);
      Channel<Object> far = given(spaces, own);
      own.put(value);
      assertThatThrownBy(() -> far.poll(PATIENCE)).isInstanceOf(ChannelFailedException.class);
      assertThat(Request.to(spaces.bRootProxy(), "name").within(PATIENCE).as(String.class))
          .isEqualTo("b-root");
      assertThat(spaces.b.lost()).isNull();
    }
  }

  static List<Buffer> buffers() {
    return List.of(fixed(2), promise());
  }

  @ParameterizedTest(name = "{displayName} [{index}]")
  @MethodSource("buffers")
  @DisplayName("CH-8 DI-9 a value that cannot be sent is told to its far taker, whatever is left")
  void leftForOthers(Buffer buffer) throws InterruptedException {
    try (TwoSpaces spaces = spaces()) {
      Channel<Object> own = chan(buffer);
      Channel<Object> far = given(spaces, own);
      own.put(new Object());
      own.put("good");
      assertFails(() -> far.poll(PATIENCE));
      assertFails(far::take); // and whoever asks later
      assertThat(far.put("more")).isFalse();
      assertThat(own.buffered()).isEqualTo(1);
      assertThat(own.take()).isNotNull();
      spaces.awaitEmptyTables();
      assertThat(spaces.b.lost()).isNull();
    }
  }

  @Test
  @DisplayName("CH-8 CH-9 DI-9 all who wait afar are told of a promise's value that cannot be sent")
  void severalTakers() throws InterruptedException {
    try (TwoSpaces spaces = spaces()) {
      Channel<Object> own = chan(promise());
      Channel<Object> far = given(spaces, own);
      List<Forked<@Nullable Object>> takers = List.of(fork(far::take), fork(far::take));
      Await.until("two who wait", () -> far.waitingTakers() == 2, far::toString);
      own.put(new Object());
      for (Forked<@Nullable Object> taker : takers) {
        assertThat(taker.joinFailure(ChannelFailedException.class))
            .hasStackTraceContaining("cannot send a java.lang.Object");
      }
      spaces.awaitEmptyTables();
    }
  }

  @Test
  @DisplayName("CH-8 DI-9 what is left is for another holder, which is told when that is taken")
  void otherHolders() throws InterruptedException {
    try (TwoSpaces spaces = spaces();
        TwoSpaces others = spaces()) {
      Channel<Object> own = chan(2);
      Channel<Object> far = given(spaces, own);
      Channel<Object> other = given(others, own);
      own.put(new Object());
      own.put("good");
      assertFails(() -> far.poll(PATIENCE));
      assertThat(other.poll(PATIENCE)).isEqualTo("good");
      assertFails(other::take);
      spaces.awaitEmptyTables();
      others.awaitEmptyTables();
    }
  }

  private static void assertFails(ThrowingCallable take) {
    assertThatThrownBy(take)
        .isInstanceOf(ChannelFailedException.class)
        .hasStackTraceContaining("cannot send a java.lang.Object");
  }

  @ParameterizedTest(name = "{displayName} [{index}]")
  @MethodSource("values")
  @DisplayName("CH-1 a value that cannot be read is refused where it is put, and the cause told")
  void put(Object value) throws InterruptedException {
    try (TwoSpaces spaces = spaces()) {
      Channel<Object> own = chan(1);
      Channel<Object> far = given(spaces, own);
      assertThatThrownBy(() -> far.put(value)).isInstanceOf(CodecException.class);
      assertThat(far.put("another")).isTrue();
      assertThat(own.poll(PATIENCE)).isEqualTo("another");
    }
  }

  @Test
  @DisplayName(
      "CH-1 a value crosses with an exception in it that throws when it is asked what it says")
  void exception() throws InterruptedException {
    try (TwoSpaces spaces = spaces()) {
      Channel<Object> own = chan(1);
      assertThat(given(spaces, own).put(List.of(new Speechless()))).isTrue();
      assertThat(String.valueOf(own.poll(PATIENCE)))
          .contains("code=failed", "Speechless", "getMessage threw AssertionError");
    }
  }

  @Test
  @DisplayName("SV-4 DI-6 an argument that cannot be read is an error for its caller, at once")
  void argument() throws InterruptedException {
    try (TwoSpaces spaces = new TwoSpaces()) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(
                () ->
                    Request.to(spaces.bRootProxy(), "name")
                        .with("list", changing())
                        .within(PATIENCE)
                        .as(Object.class))
            .isInstanceOfSatisfying(
                CallException.class,
                e -> {
                  assertThat(e.error()).isInstanceOf(CallError.InvalidArgument.class);
                  assertThat(e.error().message()).contains("somebody changes it");
                });
      }
      assertThat(Request.to(spaces.bRootProxy(), "name").within(PATIENCE).as(String.class))
          .isEqualTo("b-root");
      spaces.awaitEmptyTables();
    }
  }
}
