package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that were taken, are not wanted, and come home. */
class GivenBackTest {
  private final List<Integer> undelivered = new ArrayList<>();

  static Stream<Buffer> kinds() {
    return Stream.of(
        new Buffer.Rendezvous(),
        new Buffer.Fixed(1),
        new Buffer.Fixed(4),
        new Buffer.Dropping(4),
        new Buffer.Sliding(4),
        new Buffer.Unbounded());
  }

  private LocalChannel<Integer> open(Buffer kind) {
    return LocalChannel.open(kind, null, undelivered::add);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @DisplayName("DI-3 what was given back is next in line, also before the buffer's first value")
  void nextInLine(Buffer kind) {
    LocalChannel<Integer> channel = open(kind);
    channel.giveBack(1);
    boolean hasRoom = channel.offer(2);
    assertThat(channel.buffered()).isEqualTo(hasRoom ? 2 : 1);
    assertThat(channel.poll()).isEqualTo(1);
    assertThat(channel.poll()).isEqualTo(hasRoom ? 2 : null);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @DisplayName("DI-3 of several that were given back the last is the first")
  void severalGivenBack(Buffer kind) {
    LocalChannel<Integer> channel = open(kind);
    channel.giveBack(2);
    channel.giveBack(1);
    assertThat(channel.drain(9)).containsExactly(1, 2);
  }

  @Test
  @DisplayName(
      "CH-1 who waits to put is let in by the take that makes room, after one that did not")
  void makesRoom() {
    LocalChannel<Integer> channel = open(new Buffer.Fixed(1));
    channel.offer(2);
    AtomicBoolean accepted = new AtomicBoolean();
    channel.putAsync(3, onAcceptance(() -> accepted.set(true)));
    channel.giveBack(1);
    assertThat(channel.poll()).isEqualTo(1);
    assertThat(accepted).isFalse();
    assertThat(channel.poll()).isEqualTo(2);
    assertThat(accepted).isTrue();
  }

  private static PutHandler onAcceptance(Runnable task) {
    return new PutHandler() {
      @Override
      public void accepted() {
        task.run();
      }

      @Override
      public void refused() {}
    };
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @DisplayName("CH-7 what was given back to a closed channel that has values is still delivered")
  void closed(Buffer kind) throws Exception {
    LocalChannel<Integer> channel = open(kind);
    channel.giveBack(2);
    channel.close();
    channel.giveBack(1);
    assertThat(channel.take()).isEqualTo(1);
    assertThat(channel.take()).isEqualTo(2);
    assertThat(channel.take()).isNull();
    channel.giveBack(3);
    assertThat(undelivered).as("drained").containsExactly(3);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @DisplayName("CH-8b CH-13 a cancel hands the hook what was given back, before what was buffered")
  void cancelled(Buffer kind) {
    LocalChannel<Integer> channel = open(kind);
    boolean hasRoom = channel.offer(2);
    channel.giveBack(1);
    channel.cancel();
    assertThat(undelivered).isEqualTo(hasRoom ? List.of(1, 2) : List.of(1));
    assertThat(channel.buffered()).isZero();
    assertThat(channel.poll()).isNull();
  }

  @Test
  @DisplayName("CH-9 CH-14 a promise whose value takers give back has it for everyone, and once")
  void promise() {
    LocalChannel<Integer> promise = open(new Buffer.Promise());
    promise.offer(1);
    promise.giveBack(1);
    promise.giveBack(1);
    assertThat(promise.buffered()).isEqualTo(1);
    for (int i = 0; i < 3; i++) {
      assertThat(promise.poll()).isEqualTo(1);
    }
    assertThat(undelivered).isEmpty();
  }

  @Test
  @DisplayName("CH-9 what comes home to a promise as a copy takes nothing's place")
  void copy() {
    LocalChannel<Object> promise = LocalChannel.open(new Buffer.Promise(), null, null);
    promise.offer(1);
    promise.giveBack("a copy");
    assertThat(promise.poll()).isEqualTo(1);
  }

  @Test
  @DisplayName("CH-9 CH-13 a promise's value is undelivered once, given back before its cancel")
  void promiseCancelled() {
    LocalChannel<Integer> promise = open(new Buffer.Promise());
    promise.offer(1);
    promise.giveBack(1);
    promise.cancel();
    assertThat(undelivered).containsExactly(1);
  }

  @Test
  @DisplayName("CH-9 CH-13 a promise's value is undelivered once, given back after its cancel")
  void promiseCancelledBefore() {
    LocalChannel<Integer> promise = open(new Buffer.Promise());
    promise.offer(1);
    promise.cancel();
    promise.giveBack(1);
    assertThat(undelivered).containsExactly(1);
  }

  @Test
  @DisplayName("GO-1 a result that was taken and is given back is there again, for one")
  void result() {
    LocalChannel<Integer> result = LocalChannel.result("block");
    result.offer(1);
    assertThat(result.poll()).isEqualTo(1);
    result.giveBack(1);
    result.close();
    assertThat(result.buffered()).isEqualTo(1);
    assertThat(result.poll()).isEqualTo(1);
    assertThat(result.poll()).isNull();
    assertThat(result.isDrained()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @DisplayName("DI-3 CH-4 what is given back while takers wait is given to the first of them")
  void toWhoWaits(Buffer kind) {
    LocalChannel<Integer> channel = open(kind);
    List<Integer> taken = new ArrayList<>();
    channel.takeAsync(new Noting(taken, 10));
    channel.takeAsync(new Noting(taken, 20));
    channel.giveBack(1);
    assertThat(taken).containsExactly(11);
    channel.giveBack(2);
    assertThat(taken).containsExactly(11, 22);
    assertThat(channel.buffered()).isZero();
  }

  /** Notes what it takes, added to what tells it from others. */
  private record Noting(List<Integer> taken, int mark) implements TakeHandler<Integer> {
    @Override
    public void taken(Integer value) {
      taken.add(mark + value);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      throw new AssertionError("nobody closed", cause);
    }
  }
}
