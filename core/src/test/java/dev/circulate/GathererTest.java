package dev.circulate;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.circulate.contract.Forked;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Gatherer;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a gatherer adds to its channel. */
@Timeout(60)
class GathererTest {

  @Test
  @DisplayName("CH-10 a value that is filtered out takes no place")
  void none() throws Exception {
    Channel<Integer> even = Csp.chan(1, Gathering.filter(value -> value % 2 == 0));
    for (int i = 0; i <= 8; i++) {
      if (i % 2 == 1) {
        assertThat(even.offer(i)).isTrue();
      }
    }
    assertThat(even.buffered()).isZero();
    assertThat(even.put(2)).isTrue();
    assertThat(even.offer(4)).isFalse();
    assertThat(even.offer(5)).as("full is full, whatever the gatherer would do").isFalse();
    assertThat(even.poll()).isEqualTo(2);
  }

  @Test
  @DisplayName("CH-10 many values for one: all go in, and then the channel is full for as long")
  void many() throws Exception {
    Channel<Integer> thrice = Csp.chan(2, Gathering.mapcat(v -> List.of(v, v + 1, v + 2)));
    assertThat(thrice.put(10)).isTrue();
    assertThat(thrice.buffered()).isEqualTo(3);
    assertThat(thrice.offer(20)).isFalse();
    assertThat(thrice.poll()).isEqualTo(10);
    assertThat(thrice.offer(20)).isFalse();
    assertThat(thrice.poll()).isEqualTo(11);
    assertThat(thrice.offer(20)).isTrue();
    assertThat(thrice.drain(10)).containsExactly(12, 20, 21, 22);
  }

  @Test
  @DisplayName("CH-10 the finisher runs at close, after what waited to be put")
  void finisher() throws Exception {
    Channel<List<Integer>> channel = Csp.chan(1, concat(3));
    assertThat(channel.put(List.of(1))).isTrue();
    assertThat(channel.put(List.of(2))).isTrue();
    assertThat(channel.put(List.of(3))).isTrue();
    Forked<Boolean> waits = fork(() -> channel.put(List.of(4)));
    until("a putter waits", () -> channel.waitingPutters() == 1);
    channel.close();
    assertThat(channel.put(List.of(5))).isFalse();
    assertThat(channel.take()).containsExactly(1, 2, 3);
    assertThat(waits.join()).isTrue();
    assertThat(channel.take()).containsExactly(4);
    assertThat(channel.take()).isNull();
  }

  /** Joins so many lists into one. */
  private static Gatherer<List<Integer>, ?, List<Integer>> concat(int size) {
    return Gatherers.<List<Integer>>windowFixed(size)
        .andThen(Gathering.map(lists -> lists.stream().<Integer>flatMap(List::stream).toList()));
  }

  @Test
  @DisplayName("CH-10 an early stop closes the channel and refuses what waits")
  void earlyStop() throws Exception {
    Channel<Integer> two = Csp.chan(2, Gathering.take(2));
    assertThat(two.put(1)).isTrue();
    assertThat(two.isClosed()).isFalse();
    assertThat(two.put(2)).isTrue();
    assertThat(two.isClosed()).isTrue();
    assertThat(two.put(3)).isFalse();
    assertThat(two.drain(9)).containsExactly(1, 2);
    assertThat(two.take()).isNull();
  }

  @Test
  @DisplayName(
      "CH-10 without a handler what the gatherer throws closes the channel with that cause")
  void failure() throws Exception {
    RuntimeException odd = new IllegalStateException("odd");
    Channel<Integer> channel = Csp.chan(2, Gathering.map(value -> throwIfOdd(value, odd)));
    assertThat(channel.put(2)).isTrue();
    assertThat(channel.put(3)).as("accepted, then the gatherer failed").isTrue();
    assertThat(channel.put(4)).isFalse();
    assertThat(channel.closeCause()).isSameAs(odd);
    assertThat(channel.take()).isEqualTo(2);
    assertThat(fork(channel::take).joinFailure(ChannelFailedException.class)).hasCause(odd);
  }

  private static int throwIfOdd(int value, RuntimeException odd) {
    if (value % 2 == 1) {
      throw odd;
    }
    return value;
  }

  @Test
  @DisplayName("CH-10 what the handler answers, if not null, goes into the channel, which goes on")
  void handler() throws Exception {
    AtomicReference<Throwable> told = new AtomicReference<>();
    RuntimeException odd = new IllegalStateException("odd");
    Channel<Integer> channel =
        Channel.<Integer>builder()
            .buffer(Csp.fixed(4))
            .gather(Gathering.map(value -> throwIfOdd(value, odd)))
            .onFailure(failure -> told.getAndSet(failure) == null ? -1 : null)
            .open();
    for (int i = 1; i <= 4; i++) {
      assertThat(channel.put(i)).isTrue();
    }
    assertThat(told.get()).isSameAs(odd);
    assertThat(channel.drain(9)).containsExactly(-1, 2, 4);
    assertThat(channel.isClosed()).isFalse();
  }

  @Test
  @DisplayName("CH-10 the gatherer handles one value at a time, in the order of the puts")
  void oneAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Channel<Integer> channel =
        Csp.chan(
            4,
            Gathering.map(
                value -> {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  Thread.onSpinWait();
                  inside.decrementAndGet();
                  return value;
                }));
    List<Forked<@Nullable Void>> putters = new CopyOnWriteArrayList<>();
    for (int p = 0; p < 4; p++) {
      int base = p * 1_000;
      putters.add(
          fork(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  int value = base + i;
                  boolean put =
                      i % 2 == 0
                          ? channel.put(value)
                          : Alts.<Boolean>first().put(channel, value, () -> true).await();
                  assertThat(put).isTrue();
                }
                return null;
              }));
    }
    int[] next = new int[4];
    for (int i = 0; i < 4_000; i++) {
      int value = java.util.Objects.requireNonNull(channel.take());
      assertThat(value % 1_000).isEqualTo(next[value / 1_000]++);
    }
    for (Forked<@Nullable Void> each : putters) {
      each.join();
    }
    assertThat(most.get()).isEqualTo(1);
    assertThat(channel.poll()).isNull();
  }

  @Test
  @DisplayName(
      "CH-15 CH-3 a gatherer that blocks holds up no offer for which there is room, nor a take")
  void blockingGatherer() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Channel<Integer> channel =
        Csp.chan(
            3,
            Gathering.map(
                value -> {
                  entered.countDown();
                  await(go);
                  return value;
                }));
    Forked<Boolean> putter = fork(() -> channel.put(1));
    entered.await();
    assertThat(channel.offer(2)).isTrue();
    assertThat(channel.offer(3)).isTrue();
    assertThat(channel.offer(4)).isFalse();
    assertThat(channel.poll()).isNull();
    go.countDown();
    assertThat(putter.join()).isTrue();
    assertThat(channel.take()).isEqualTo(1);
    assertThat(channel.take()).isEqualTo(2);
    assertThat(channel.take()).isEqualTo(3);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("CH-10 CH-15 a putter transforms what it puts; a poll, what it makes room for")
  void whoTransforms() throws Exception {
    Channel<String> channel =
        Csp.chan(1, Gathering.map(value -> value + " by " + Thread.currentThread().getName()));
    Thread.currentThread().setName("poller");
    Forked<Boolean> putter = fork(() -> putBoth(channel));
    until("the second put waits", () -> channel.waitingPutters() == 1);
    assertThat(channel.poll()).isEqualTo("first by putter");
    assertThat(channel.poll()).isEqualTo("second by poller");
    assertThat(putter.join()).isTrue();
  }

  private static boolean putBoth(Channel<String> channel) throws InterruptedException {
    Thread.currentThread().setName("putter");
    return channel.put("first") && channel.put("second");
  }

  @Test
  @DisplayName("CH-15 a gatherer may use its own channel: no lock is held")
  void usesItsOwnChannel() throws Exception {
    AtomicReference<@Nullable Channel<Integer>> self = new AtomicReference<>();
    Channel<Integer> channel =
        Csp.chan(
            4,
            Gathering.map(
                value -> {
                  Channel<Integer> own = java.util.Objects.requireNonNull(self.get());
                  if (value == 1) {
                    assertThat(own.offer(2)).isTrue();
                    assertThat(own.poll()).as("neither is through yet").isNull();
                  } else {
                    own.close();
                  }
                  return value;
                }));
    self.set(channel);
    assertThat(channel.put(1)).isTrue();
    assertThat(channel.take()).isEqualTo(1);
    assertThat(channel.take()).isEqualTo(2);
    assertThat(channel.take()).isNull();
  }

  @Test
  @DisplayName("CH-13 a tap with a gatherer that has no room hands what it drops to its hook")
  void droppedByFanOut() throws Exception {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    Channel<Integer> tap =
        Channel.<Integer>builder()
            .buffer(Csp.fixed(1))
            .gather(Gathering.<Integer>dedupe())
            .onUndelivered(undelivered::add)
            .open();
    Channel<Integer> source = Csp.chan();
    Mult<Integer> mult = Mult.of(source);
    mult.tap(tap, SlowTap.DROP);
    for (int i = 1; i <= 3; i++) {
      assertThat(source.put(i)).isTrue();
    }
    source.close();
    until("the tap is closed", tap::isClosed);
    assertThat(undelivered).containsExactly(2, 3);
    assertThat(tap.drain(9)).containsExactly(1);
  }

  @Test
  @DisplayName("CH-6 an interrupt that comes after the acceptance does not reach the gatherer")
  void interruptAfterAcceptance() throws Exception {
    Channel<Boolean> channel =
        Csp.chan(1, Gathering.map(value -> Thread.currentThread().isInterrupted()));
    Thread.currentThread().interrupt();
    assertThat(channel.put(true)).isTrue();
    assertThat(Thread.interrupted()).as("and stays pending for the putter").isTrue();
    assertThat(channel.take()).isFalse();
  }

  @Test
  @DisplayName("CH-8b CH-13 cancel hands the hook what the gatherer has not taken in, too")
  void cancelWhileBlocked() throws Exception {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Channel<Integer> channel =
        Channel.<Integer>builder()
            .buffer(Csp.fixed(3))
            .onUndelivered(undelivered::add)
            .gather(
                Gathering.map(
                    value -> {
                      entered.countDown();
                      await(go);
                      return value;
                    }))
            .open();
    Forked<Boolean> putter = fork(() -> channel.put(1));
    entered.await();
    assertThat(channel.offer(2)).isTrue();
    channel.cancel();
    assertThat(channel.take()).isNull();
    go.countDown();
    assertThat(putter.join()).isTrue();
    until("both are handed over", () -> undelivered.size() == 2);
    assertThat(undelivered).containsExactly(1, 2);
  }

  @Test
  @DisplayName("CH-10 a gatherer needs a buffer, and a failure handler a gatherer")
  void refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Csp.chan(new Buffer.Rendezvous(), Gathering.<Integer>dedupe()))
        .withMessageContaining("rendezvous");
    assertThatIllegalStateException()
        .isThrownBy(() -> Channel.<Integer>builder().onFailure(_ -> 1).open())
        .withMessageContaining("gatherer");
  }

  @Test
  @DisplayName("CH-10 what the handler throws closes the channel with that, the failure suppressed")
  void handlerFails() throws Exception {
    RuntimeException odd = new IllegalStateException("odd");
    RuntimeException worse = new IllegalStateException("worse");
    Channel<Integer> channel =
        Channel.<Integer>builder()
            .buffer(Csp.fixed(2))
            .gather(Gathering.map(value -> throwIfOdd(value, odd)))
            .onFailure(
                _ -> {
                  throw worse;
                })
            .open();
    assertThat(channel.put(2)).isTrue();
    assertThat(channel.put(1)).isTrue();
    assertThat(channel.put(4)).isFalse();
    assertThat(channel.closeCause()).isSameAs(worse).hasSuppressedException(odd);
    assertThat(channel.take()).isEqualTo(2);
    assertThat(fork(channel::take).joinFailure(ChannelFailedException.class)).hasCause(worse);
  }

  /** Lets all through, and fails at the end. */
  private static Gatherer<Integer, ?, Integer> failingAtEnd(RuntimeException failure) {
    return Gatherer.<Integer, Integer>ofSequential(
        (_, value, downstream) -> downstream.push(value),
        (_, _) -> {
          throw failure;
        });
  }

  @Test
  @DisplayName("CH-10 what the finisher throws goes to the handler, or is the channel's cause")
  void finisherFails() throws Exception {
    RuntimeException late = new IllegalStateException("late");
    Channel<Integer> handled =
        Channel.<Integer>builder()
            .buffer(Csp.fixed(4))
            .gather(failingAtEnd(late))
            .onFailure(_ -> -1)
            .open();
    assertThat(handled.put(2)).isTrue();
    handled.close();
    assertThat(handled.drain(9)).containsExactly(2, -1);
    assertThat(handled.take()).isNull();
    Channel<Integer> failed = Csp.chan(4, failingAtEnd(late));
    failed.close();
    assertThat(fork(failed::take).joinFailure(ChannelFailedException.class)).hasCause(late);
  }

  @Test
  @DisplayName(
      "CH-10 CH-8 what the finisher throws after a close with a cause is told; that stands")
  void finisherFailsAfterCause() throws Exception {
    RuntimeException late = new IllegalStateException("late");
    RuntimeException first = new IllegalStateException("first");
    List<Throwable> told = new CopyOnWriteArrayList<>();
    UncaughtHandler before =
        Csp.setUncaughtHandler(
            (_, failure) -> {
              if (failure.equals(late)) {
                told.add(failure);
              }
            });
    try {
      Channel<Integer> channel = Csp.chan(4, failingAtEnd(late));
      channel.close(first);
      assertThat(fork(channel::take).joinFailure(ChannelFailedException.class)).hasCause(first);
      assertThat(told).containsExactly(late);
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }
}
