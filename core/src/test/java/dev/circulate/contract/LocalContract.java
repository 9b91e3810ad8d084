package dev.circulate.contract;

import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a rendezvous or fixed channel promises besides where both ends are one object. */
public abstract class LocalContract extends BlockingContract {

  protected LocalContract(Buffer buffer) {
    super(buffer, Ends::same);
  }

  private Channel<Integer> channel() {
    return this.<Integer>open().putting();
  }

  @Test
  @DisplayName("CH-3 offer says no exactly when the channel is full and nobody takes")
  void offer() throws Exception {
    Channel<Integer> channel = channel();
    for (int lap = 0; lap < 5; lap++) {
      for (int i = 0; i < capacity(); i++) {
        assertThat(channel.offer(i)).isTrue();
      }
      assertThat(channel.offer(-1)).isFalse();
      for (int i = 0; i < capacity(); i++) {
        assertThat(channel.poll()).isEqualTo(i);
      }
      assertThat(channel.poll()).isNull();
    }
    Forked<@Nullable Integer> taker = fork(channel::take);
    Until.until("a taker waits", () -> channel.waitingTakers() == 1);
    assertThat(channel.offer(9)).isTrue();
    assertThat(taker.join()).isEqualTo(9);
  }

  @Test
  @DisplayName("CH-3 poll takes what a waiting putter holds; isClosed tells empty from ended")
  void poll() throws Exception {
    Channel<Integer> channel = channel();
    Forked<Integer> putter = putNumbers(channel, capacity() + 1);
    for (int i = 0; i <= capacity(); i++) {
      assertThat(channel.poll()).isEqualTo(i);
    }
    assertThat(putter.join()).isEqualTo(capacity() + 1);
    assertThat(channel.poll()).isNull();
    assertThat(channel.isClosed()).isFalse();
    channel.close();
    assertThat(channel.poll()).isNull();
    assertThat(channel.isClosed()).isTrue();
  }

  @Test
  @DisplayName("CH-3 a poll that has no time finds what poll finds")
  void pollWithoutTime() throws Exception {
    Channel<Integer> channel = channel();
    Forked<Integer> putter = putNumbers(channel, capacity() + 1);
    Forked<Boolean> second = fork(() -> channel.put(capacity() + 1));
    Until.until("both wait to put", () -> channel.waitingPutters() == 2);
    for (int i = 0; i <= capacity() + 1; i++) {
      assertThat(channel.poll(Duration.ZERO)).isEqualTo(i);
    }
    assertThat(putter.join()).isEqualTo(capacity() + 1);
    assertThat(second.join()).isTrue();
    assertThat(channel.poll(Duration.ZERO)).isNull();
  }

  /** Puts so many numbers, and returns when the last of them waits. */
  private Forked<Integer> putNumbers(Channel<Integer> channel, int number) {
    Forked<Integer> putter =
        fork(
            () -> {
              int accepted = 0;
              while (accepted < number && channel.put(accepted)) {
                accepted++;
              }
              return accepted;
            });
    Until.until("a putter waits", () -> channel.waitingPutters() == 1);
    return putter;
  }

  @Test
  @DisplayName("CH-3 offer never fails for no visible reason: one putter, room always there")
  void offerIsExact() throws Exception {
    if (capacity() == 0) {
      return; // there is never room in a rendezvous, only a taker
    }
    assertExact(Channel::offer, 20_000);
  }

  @Test
  @DisplayName("CH-3 CH-1 a put that has no time is accepted where an offer is")
  void putWithoutTime() throws Exception {
    if (capacity() > 0) {
      assertExact((channel, value) -> channel.offer(value, Duration.ZERO), 5_000);
    }
    Channel<Integer> channel = channel();
    List<Forked<@Nullable Integer>> takers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int waiting = i + 1;
      takers.add(fork(channel::take));
      Until.until("it waits", () -> channel.waitingTakers() == waiting);
    }
    for (int i = 0; i < 2; i++) {
      assertThat(channel.offer(i, Duration.ofSeconds(-i))).isTrue();
      assertThat(takers.get(i).join()).isEqualTo(i);
    }
  }

  /** How a value is put that is not waited with. */
  private interface Offering {
    boolean offer(Channel<Integer> channel, int value) throws InterruptedException;
  }

  private void assertExact(Offering offering, int values) throws InterruptedException {
    Channel<Integer> channel = channel();
    AtomicInteger inside = new AtomicInteger();
    Forked<@Nullable Void> taker =
        fork(
            () -> {
              for (int i = 0; i < values; i++) {
                assertThat(channel.take()).isEqualTo(i);
                inside.decrementAndGet();
              }
              return null;
            });
    for (int i = 0; i < values; ) {
      // counted before it is put and discounted after it is taken: never below the truth
      if (inside.incrementAndGet() <= capacity()) {
        assertThat(offering.offer(channel, i)).as("offer %s with room in the channel", i).isTrue();
        i++;
      } else {
        inside.decrementAndGet();
        Thread.onSpinWait();
      }
    }
    taker.join();
  }

  @Test
  @DisplayName("CH-3 drain takes at once what is there, up to so many")
  void drain() throws Exception {
    Channel<Integer> channel = channel();
    assertThat(channel.drain(10)).isEmpty();
    Forked<Integer> putter = putNumbers(channel, capacity() + 1);
    assertThat(channel.drain(0)).isEmpty();
    assertThat(channel.drain(1)).containsExactly(0);
    assertThat(putter.join()).isEqualTo(capacity() + 1);
    assertThat(channel.drain(Integer.MAX_VALUE)).hasSize(capacity());
    assertThat(channel.drain(1)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> channel.drain(-1))
        .withMessageContaining("-1");
  }

  @Test
  @DisplayName("CH-8 the exception of a failed take carries the very cause")
  void sameCause() throws Exception {
    Channel<Integer> channel = channel();
    Exception cause = new IllegalStateException("the well is dry");
    channel.close(cause);
    Forked<@Nullable Integer> taker = fork(channel::take);
    assertThat(taker.joinFailure(ChannelFailedException.class)).hasCause(cause);
    assertThat(channel.closeCause()).isSameAs(cause);
    assertThat(channel.poll()).as("poll never throws").isNull();
  }

  @Test
  @DisplayName("CH-8 the first close decides: after one without a cause a later cause is ignored")
  void plainCloseFirst() throws Exception {
    Channel<Integer> channel = channel();
    channel.close();
    channel.close(new IllegalStateException("a later cause"));
    assertThat(channel.closeCause()).isNull();
    assertThat(channel.take()).isNull();
  }

  @Test
  @DisplayName("CH-8b CH-13 cancel hands what was buffered to the hook, and not what was refused")
  void cancelHandsOver() throws Exception {
    Channel<Integer> channel = channel();
    Forked<Integer> putter = putNumbers(channel, capacity() + 1);
    channel.cancel();
    assertThat(putter.join()).isEqualTo(capacity());
    List<Object> buffered = new ArrayList<>();
    for (int i = 0; i < capacity(); i++) {
      buffered.add(i);
    }
    assertThat(undelivered).isEqualTo(buffered);
    channel.cancel();
    assertThat(undelivered).isEqualTo(buffered);
    assertThat(channel.buffered()).isZero();
  }

  @Test
  @DisplayName("CH-8b cancel after close discards what is left, and the first cause stands")
  void cancelAfterClose() throws Exception {
    Channel<Integer> channel = channel();
    Forked<Integer> putter = putNumbers(channel, capacity() + 1);
    Exception first = new IllegalStateException("first");
    channel.close(first);
    channel.cancel(new IllegalStateException("second"));
    assertThat(putter.join()).isEqualTo(capacity());
    assertThat(undelivered).hasSize(capacity());
    assertThat(channel.closeCause()).isSameAs(first);
  }

  @Test
  @DisplayName("CH-8b cancel against puts and takes: accepted is taken or goes to the hook, once")
  void cancelAgainstPuts() throws Exception {
    int sum = 0;
    for (int round = 0; round < 200; round++) {
      undelivered.clear();
      Channel<Integer> channel = channel();
      AtomicInteger accepted = new AtomicInteger();
      Forked<Integer> putter =
          fork(
              () -> {
                while (channel.put(accepted.get())) {
                  accepted.incrementAndGet();
                }
                return accepted.get();
              });
      Forked<List<Integer>> taker = fork(() -> takeAll(Ends.same(channel)));
      int before = round % 4;
      Until.until("values are accepted before the cancel", () -> accepted.get() >= before);
      channel.cancel();
      List<Object> all = new ArrayList<>(taker.join());
      sum += putter.join();
      all.addAll(undelivered);
      assertThat(all).as("in round %s", round).hasSize(accepted.get()).doesNotHaveDuplicates();
    }
    assertThat(sum).isPositive();
  }

  @Test
  @DisplayName("CH-14 buffered values and waiting operations can be counted")
  void counts() throws Exception {
    Channel<Integer> channel = channel();
    Forked<@Nullable Integer> taker = fork(channel::take);
    Until.until("a taker waits", () -> channel.waitingTakers() == 1);
    assertThat(channel.put(0)).isTrue();
    assertThat(taker.join()).isEqualTo(0);
    assertThat(channel.waitingTakers()).isZero();
    Forked<Integer> putter = putNumbers(channel, capacity() + 1);
    assertThat(channel.buffered()).isEqualTo(capacity());
    assertThat(channel.waitingPutters()).isEqualTo(1);
    assertThat(channel.take()).isEqualTo(0);
    assertThat(putter.join()).isEqualTo(capacity() + 1);
    assertThat(channel.buffered()).isEqualTo(capacity());
    assertThat(channel.waitingPutters()).isZero();
  }

  @Test
  @DisplayName("DI-12 the faces of a channel wait, drain and tell its cause as it does")
  void facesInFull() throws Exception {
    Channel<Integer> channel = channel();
    ReadPort<Integer> out = channel.readPort();
    WritePort<Integer> in = channel.writePort();
    Forked<Integer> putter = putNumbers(channel, capacity() + 1);
    Forked<Boolean> patient = fork(() -> in.offer(-1, Until.PATIENCE));
    Until.until("both wait to put", () -> channel.waitingPutters() == 2);
    assertThat(out.drain(capacity() + 3)).hasSize(capacity() + 2).endsWith(-1);
    assertThat(putter.join()).isEqualTo(capacity() + 1);
    assertThat(patient.join()).isTrue();
    Forked<@Nullable Integer> taker = fork(() -> out.poll(Until.PATIENCE));
    Until.until("one waits to take", () -> channel.waitingTakers() == 1);
    assertThat(in.offer(7)).isTrue();
    assertThat(taker.join()).isEqualTo(7);
    Exception cause = new IllegalStateException("the well is dry");
    channel.close(cause);
    assertThat(out.closeCause()).isSameAs(cause);
    assertThat(out.isClosed()).isTrue();
  }
}
