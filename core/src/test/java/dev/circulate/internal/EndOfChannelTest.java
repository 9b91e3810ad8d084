package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who waits for a channel to be closed and drained. */
class EndOfChannelTest {
  private static final PutHandler ANYHOW = new Anyhow();

  private final AtomicInteger told = new AtomicInteger();

  private static LocalChannel<Integer> open(Buffer kind) {
    return LocalChannel.open(kind, null, null);
  }

  @Test
  @DisplayName("CH-7 the end is told once: when the last value that was put before is taken")
  void drained() {
    LocalChannel<Integer> channel = open(new Buffer.Fixed(1));
    channel.onEnd(told::incrementAndGet);
    channel.offer(1);
    channel.putAsync(2, ANYHOW);
    channel.close();
    assertThat(channel.poll()).isEqualTo(1);
    assertThat(told).hasValue(0);
    assertThat(channel.poll()).isEqualTo(2);
    assertThat(told).hasValue(1);
    channel.close();
    channel.cancel();
    assertThat(told).hasValue(1);
  }

  @Test
  @DisplayName("CH-7 who asks after the end is told at once; who no longer cares is not")
  void afterwards() {
    LocalChannel<Integer> channel = open(new Buffer.Rendezvous());
    Pending withdrawn = channel.onEnd(() -> told.addAndGet(100));
    assertThat(withdrawn.withdraw()).isTrue();
    channel.cancel();
    channel.onEnd(told::incrementAndGet);
    assertThat(told).hasValue(1);
  }

  @Test
  @DisplayName("CH-7 it is not the end while one waits to put behind another that is giving up")
  void behindOneThatGivesUp() {
    LocalChannel<Integer> channel = open(new Buffer.Rendezvous());
    Pending first = channel.putAsync(1, ANYHOW);
    channel.putAsync(2, ANYHOW);
    channel.onEnd(told::incrementAndGet);
    channel.close();
    assertThat(((Waiter) first).giveUp()).isTrue(); // and has not left the queue yet
    assertThat(channel.isDrained()).isFalse();
    assertThat(told).hasValue(0);
    assertThat(channel.poll()).isEqualTo(2);
    assertThat(told).hasValue(1);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @DisplayName("CH-12 who no longer cares for the end leaves nothing behind")
  void nothingLeft(Buffer kind) {
    LocalChannel<Integer> channel = open(kind);
    Pending watch = channel.onEnd(told::incrementAndGet);
    assertThat(watch.withdraw()).isTrue();
    assertThat(channel.lastWatcher).isNull();
  }

  static Stream<Buffer> kinds() {
    return Stream.of(new Buffer.Rendezvous(), new Buffer.Fixed(1), new Buffer.Sliding(1));
  }
}
