package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.Checked;
import dev.circulate.OwnPort;
import dev.circulate.WritePort;
import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CH-5, CH-13: what cannot be sent is refused, or told of; it does not vanish. */
@SuppressWarnings("NullAway.Init") // each test connects first
class RefusedPutsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Channel<Object> far = chan(16);
  private final Channel<Object> undelivered = chan(16);
  private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private final MemoryLink.Pair pair = MemoryLink.pair("a", "b");
  private final Peer b =
      Peer.over(pair.near())
          .limits(Limits.builder().exports(2).build()) // the root is one
          .onUndelivered(undelivered::offer)
          .begin();
  private final Peer a =
      Peer.over(pair.far()).root(Root.named("b").handler("give", _ -> far)).begin();
  private Channel<Object> proxy;

  @BeforeEach
  @SuppressWarnings("unchecked")
  void connect() throws InterruptedException {
    proxy = (Channel<Object>) Request.to(b.root(), "give").as(Channel.class);
  }

  @AfterEach
  void close() {
    b.close();
    a.close();
  }

  private void assertRefused(WritePort<Object> port) {
    Channel<Object> near = chan(1);
    near.offer("stays");
    assertThatThrownBy(
            () ->
                Alts.<Object>first()
                    .put(port, new Object(), () -> "put")
                    .take(near, value -> value)
                    .priority()
                    .await())
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("java.lang.Object");
    assertThat(near.buffered()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "AL-1 CH-5 an alts that puts what cannot be sent throws as put does; nothing happens")
  void alts() throws InterruptedException {
    assertThatThrownBy(() -> proxy.put(new Object())).isInstanceOf(CodecException.class);
    assertRefused(proxy);
    assertRefused(proxy.writePort());
    assertThat(proxy.put("next")).isTrue();
    assertThat(far.take()).isEqualTo("next");
  }

  @Test
  @DisplayName("CH-5 a port that has no other side is refused where it is put, wherever it stands")
  void ownPorts() throws InterruptedException {
    assertThatThrownBy(() -> proxy.put(List.of("here", new OwnPort<>(() -> true, false))))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("only this library's channels have another side");
    assertThat(proxy.put("next")).isTrue();
    assertThat(far.take()).isEqualTo("next");
  }

  @Test
  @DisplayName("CH-5 DI-9 channels that fill more than a frame by their names are refused, too")
  void manyNames() throws InterruptedException {
    List<Channel<Object>> channels = Stream.generate(() -> chan()).limit(25_000).toList();
    assertThatThrownBy(() -> proxy.put(channels))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("a value, in its frame,");
    assertThat(proxy.put("next")).isTrue();
    assertThat(far.take()).isEqualTo("next");
  }

  @Test
  @DisplayName(
      "CH-13 CH-15 a hook that throws a checked exception as it likes is told, and goes on")
  void hookThrowsChecked() {
    Exception checked = new IOException("it is closed already");
    Channel<Object> hooked = chan(2);
    OneSide side =
        new OneSide(
            Limits.DEFAULTS,
            Root.named("root").port(),
            value -> {
              hooked.offer(value);
              Checked.thrown(checked);
            });
    var before = Uncaught.install((_, failure) -> uncaught.add(failure));
    try {
      side.conversation().undelivered(1);
      side.conversation().undelivered(2);
    } finally {
      Uncaught.install(before);
    }
    assertThat(hooked.drain(2)).containsExactly(1, 2);
    assertThat(uncaught).containsExactly(checked, checked);
  }

  @Test
  @DisplayName("CH-13 a value that was accepted and cannot be sent after all goes to the hook")
  void later() throws InterruptedException {
    Channel<Object> one = chan();
    Channel<Object> tooMany = chan();
    var before = Uncaught.install((_, failure) -> uncaught.add(failure));
    try {
      assertThat(proxy.put(one)).isTrue();
      assertThat(proxy.put(tooMany)).isTrue();
      assertThat(undelivered.poll(LONG)).isSameAs(tooMany);
    } finally {
      Uncaught.install(before);
    }
    assertThat(uncaught)
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("the limit of this side"));
    assertThat(far.take()).isInstanceOf(Channel.class);
    assertThat(far.buffered()).isZero();
  }
}
