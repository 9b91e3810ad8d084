package dev.circulate.queue;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Forked.forkPlatform;
import static dev.circulate.contract.Until.until;
import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.circulate.contract.Forked;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the test suite of {@code java.util.concurrent} expects of a bounded queue, and of a
 * synchronous one, in our words.
 */
class QueueExpectationsTest {
  private static ChannelQueue<Integer> full(int capacity) {
    ChannelQueue<Integer> queue = new ChannelQueue<>(capacity);
    for (int i = 0; i < capacity; i++) {
      assertThat(queue.add(i)).isTrue();
    }
    return queue;
  }

  private static List<Integer> upTo(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  @Test
  @DisplayName("CH-9 a capacity below zero is an illegal argument")
  void constructor() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ChannelQueue<>(-1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 20})
  @DisplayName("CH-14 the size goes up with each add and down with each removal")
  void emptyFull(int capacity) {
    ChannelQueue<Integer> queue = new ChannelQueue<>(capacity);
    for (int i = 0; i < capacity; i++) {
      assertThat(queue).hasSize(i);
      assertThat(queue.remainingCapacity()).isEqualTo(capacity - i);
      queue.add(i);
    }
    assertThat(queue.remainingCapacity()).isZero();
    for (int i = 0; i < capacity; i++) {
      assertThat(queue.remove()).isEqualTo(i);
      assertThat(queue.remainingCapacity()).isEqualTo(i + 1);
    }
    assertThat(queue.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 20})
  @DisplayName("CH-3 offer to a full queue says no, add throws, and neither changes it")
  void addToFull(int capacity) {
    ChannelQueue<Integer> queue = full(capacity);
    assertThat(queue.offer(99)).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> queue.add(99));
    List<Integer> left = new ArrayList<>();
    assertThat(queue.drainTo(left)).isEqualTo(capacity);
    assertThat(left).isEqualTo(upTo(capacity));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  @DisplayName("CH-1 null is refused by every way in, and nothing happened")
  @SuppressWarnings("NullAway") // null is what is tried
  void nulls(int capacity) {
    ChannelQueue<Integer> queue = new ChannelQueue<>(capacity);
    assertThatNullPointerException().isThrownBy(() -> queue.offer(null));
    assertThatNullPointerException().isThrownBy(() -> queue.offer(null, 1, MILLISECONDS));
    assertThatNullPointerException().isThrownBy(() -> queue.put(null));
    assertThatNullPointerException().isThrownBy(() -> queue.add(null));
    assertThat(queue.poll()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  @DisplayName("CH-3 poll of an empty queue answers null, remove throws")
  void removeFromEmpty(int capacity) {
    BlockingQueue<Integer> queue = new ChannelQueue<>(capacity);
    assertThat(queue.poll()).isNull();
    Assertions.assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(queue::remove);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 20})
  @DisplayName("CH-6 put blocks when full, interruptibly; an interrupted put put nothing")
  void blockingPut(int capacity) throws InterruptedException {
    ChannelQueue<Integer> queue = full(capacity);
    Forked<@Nullable Void> putter = put(queue, 99);
    until("the put waits", () -> queue.waitingPutters() == 1);
    putter.interrupt();
    putter.joinFailure(InterruptedException.class);
    assertThat(queue.remainingCapacity()).isZero();
    List<Integer> left = new ArrayList<>();
    queue.drainTo(left);
    assertThat(left).isEqualTo(upTo(capacity));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  @DisplayName("CH-6 a thread that is interrupted before it would wait does not wait")
  void interruptedBefore(int capacity) throws InterruptedException {
    ChannelQueue<Integer> queue = full(capacity);
    fork(() -> {
          Thread.currentThread().interrupt();
          queue.put(99);
          return null;
        })
        .joinFailure(InterruptedException.class);
    fork(() -> {
          Thread.currentThread().interrupt();
          return queue.offer(99, 1, DAYS);
        })
        .joinFailure(InterruptedException.class);
    assertThat(queue).hasSize(capacity);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 20})
  @DisplayName("CH-1 a put that waits goes on when somebody takes, and keeps the order")
  void putWithTake(int capacity) throws InterruptedException {
    ChannelQueue<Integer> queue = full(capacity);
    Forked<@Nullable Void> putter = put(queue, capacity);
    until("the put waits", () -> queue.waitingPutters() == 1);
    for (int i = 0; i <= capacity; i++) {
      assertThat(queue.take()).isEqualTo(i);
    }
    putter.join();
    assertThat(queue.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  @DisplayName("CH-1 a timed offer to a full queue gives up after its time, or when interrupted")
  void timedOffer(int capacity) throws InterruptedException {
    ChannelQueue<Integer> queue = full(capacity);
    assertThat(queue.offer(99, 0, MILLISECONDS)).isFalse();
    assertThat(queue.offer(99, 1, MILLISECONDS)).isFalse();
    Forked<Boolean> offering = forkPlatform(() -> queue.offer(99, 1, DAYS));
    until("the offer waits", () -> queue.waitingPutters() == 1);
    offering.interrupt();
    offering.joinFailure(InterruptedException.class);
    assertThat(queue).hasSize(capacity);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  @DisplayName("CH-2 take and timed poll of an empty queue wait, interruptibly")
  void blockingTake(int capacity) throws InterruptedException {
    ChannelQueue<Integer> queue = new ChannelQueue<>(capacity);
    Forked<Integer> taking = forkPlatform(queue::take);
    Forked<@Nullable Integer> polling = fork(() -> queue.poll(1, DAYS));
    until("both wait", () -> queue.getWaitingConsumerCount() == 2);
    taking.interrupt();
    polling.interrupt();
    taking.joinFailure(InterruptedException.class);
    polling.joinFailure(InterruptedException.class);
    assertThat(queue.hasWaitingConsumer()).isFalse();
    assertThat(queue.poll(0, MILLISECONDS)).isNull();
    assertThat(queue.poll(1, MILLISECONDS)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  @DisplayName("CH-4 takers that wait are served first come first served")
  void takersInOrder(int capacity) throws InterruptedException {
    ChannelQueue<Integer> queue = new ChannelQueue<>(capacity);
    List<Forked<Integer>> takers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int before = i;
      takers.add(fork(queue::take));
      until("one more waits", () -> queue.getWaitingConsumerCount() == before + 1);
    }
    for (int i = 0; i < 10; i++) {
      queue.put(i);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(takers.get(i).join()).isEqualTo(i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  @DisplayName("CH-4 putters that wait are admitted first come first served")
  void puttersInOrder(int capacity) throws InterruptedException {
    ChannelQueue<Integer> queue = full(capacity);
    List<Forked<@Nullable Void>> putters = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int before = i;
      putters.add(put(queue, capacity + i));
      until("one more waits", () -> queue.waitingPutters() == before + 1);
    }
    for (int i = 0; i < capacity + 10; i++) {
      assertThat(queue.take()).isEqualTo(i);
    }
    for (Forked<@Nullable Void> putter : putters) {
      putter.join();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 20})
  @DisplayName("CH-3 drain takes what is there, in order, and at most what is asked for")
  void drainTo(int capacity) {
    ChannelQueue<Integer> queue = full(capacity);
    List<Integer> one = new ArrayList<>();
    assertThat(queue.drainTo(one, 0)).isZero();
    assertThat(queue.drainTo(one, 1)).isEqualTo(1);
    assertThat(queue.drainTo(one)).isEqualTo(capacity - 1);
    assertThat(one).isEqualTo(upTo(capacity));
    assertThat(queue.drainTo(one)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> queue.drainTo(one, -1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  @DisplayName("CH-3 drain takes what waits to be put, too, and lets its putter go on")
  void drainWithActivePut(int capacity) throws InterruptedException {
    ChannelQueue<Integer> queue = full(capacity);
    Forked<@Nullable Void> putter = put(queue, capacity);
    until("the put waits", () -> queue.waitingPutters() == 1);
    List<Integer> all = new ArrayList<>();
    queue.drainTo(all);
    putter.join();
    assertThat(all).isEqualTo(upTo(capacity + 1));
  }

  @Test
  @DisplayName("CH-1 a transfer waits until its value is taken; trying one finds a taker or nobody")
  void transfer() throws InterruptedException {
    ChannelQueue<Integer> queue = new ChannelQueue<>(0);
    assertThat(queue.tryTransfer(1)).isFalse();
    assertThat(queue.tryTransfer(1, 1, MILLISECONDS)).isFalse();
    Forked<@Nullable Void> transferring =
        fork(
            () -> {
              queue.transfer(2);
              return null;
            });
    until("the transfer waits", () -> queue.waitingPutters() == 1);
    assertThat(transferring.isDone()).isFalse();
    assertThat(queue.poll()).isEqualTo(2);
    transferring.join();
    Forked<Integer> taking = fork(queue::take);
    until("the take waits", queue::hasWaitingConsumer);
    assertThat(queue.tryTransfer(3)).isTrue();
    assertThat(taking.join()).isEqualTo(3);
  }

  private static Forked<@Nullable Void> put(ChannelQueue<Integer> queue, int value) {
    return fork(
        () -> {
          queue.put(value);
          return null;
        });
  }
}
