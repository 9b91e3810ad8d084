package dev.circulate;

import static dev.circulate.Numbers.all;
import static dev.circulate.Numbers.numbers;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.contract.Forked;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Gatherer;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** CH-10: what a gatherer's end means for those who wait to put, and how it is told. */
@Timeout(60)
class GathererEndTest {
  private final RuntimeException cause = new IllegalStateException("the well is dry");

  @Test
  @DisplayName("CH-10 what waits to be put when the gatherer fails is refused")
  void failsWhileOneWaits() throws Exception {
    Channel<Integer> channel =
        Csp.chan(
            1,
            Gathering.map(
                value -> {
                  if (value == 2) {
                    throw cause;
                  }
                  return value;
                }));
    assertThat(putWhileTwoWait(channel)).isFalse();
    assertThat(channel.closeCause()).isSameAs(cause);
    assertThat(fork(channel::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
  }

  @Test
  @DisplayName("CH-10 what waits to be put when the gatherer wants no more is refused")
  void stopsWhileOneWaits() throws Exception {
    Channel<Integer> channel = Csp.chan(1, Gathering.take(2));
    assertThat(putWhileTwoWait(channel)).isFalse();
    assertThat(channel.take()).isEqualTo(2);
    assertThat(channel.take()).isNull();
  }

  /**
   * Puts 1, then 2 and 3, which wait, takes the first, so that the second comes to the gatherer,
   * and answers whether the third was accepted.
   */
  private static boolean putWhileTwoWait(Channel<Integer> channel) throws InterruptedException {
    assertThat(channel.put(1)).isTrue();
    Forked<Boolean> second = fork(() -> channel.put(2));
    until("the second waits", () -> channel.waitingPutters() == 1);
    Forked<Boolean> third = fork(() -> channel.put(3));
    until("the third waits", () -> channel.waitingPutters() == 2);
    assertThat(channel.take()).isEqualTo(1);
    assertThat(second.join()).as("accepted, and then the gatherer had its say").isTrue();
    return third.join();
  }

  @Test
  @DisplayName("CH-8 CH-10 what the finisher throws is the channel's cause, without a take")
  void finisherFails() {
    Channel<Integer> channel =
        Csp.chan(
            1,
            Gatherer.<Integer, Integer>ofSequential(
                (_, value, downstream) -> downstream.push(value),
                (_, _) -> {
                  throw cause;
                }));
    channel.close();
    assertThat(channel.closeCause()).isSameAs(cause);
  }

  /** The sums of two at a time, of the first three; that of the third alone comes at the end. */
  private static Gatherer<Integer, ?, Integer> sumsOfThree() {
    return Gathering.<Integer>take(3)
        .andThen(Gatherers.windowFixed(2))
        .andThen(Gathering.map(pair -> pair.stream().mapToInt(Integer::intValue).sum()));
  }

  @Test
  @DisplayName("CH-10 a gatherer that wants no more is finished all the same, in a channel")
  void stopFinishes() throws Exception {
    Channel<Integer> channel = Csp.chan(4, sumsOfThree());
    for (int i = 1; i <= 3; i++) {
      assertThat(channel.put(i)).isTrue();
    }
    assertThat(channel.put(4)).isFalse();
    assertThat(channel.drain(9)).containsExactly(3, 3);
    assertThat(channel.take()).isNull();
  }

  @Test
  @DisplayName("CH-10 a gatherer that wants no more is finished, in a pipe and in a transduce, too")
  void stopFinishesElsewhere() throws Exception {
    assertThat(all(Csp.pipe(numbers(9), 4, sumsOfThree()))).containsExactly(1, 2);
    assertThat(Folds.transduce(numbers(9), sumsOfThree(), 0, Integer::sum).take()).isEqualTo(3);
  }

  @Test
  @DisplayName("CH-10 CH-8b a gatherer that emits without end stops when its channel is cancelled")
  void endless() throws Exception {
    Channel<Integer> channel =
        Csp.chan(
            Csp.sliding(1),
            Gatherer.<Integer, Integer>ofSequential(
                (_, value, downstream) -> {
                  while (downstream.push(value)) {}
                  return false;
                }));
    Forked<Boolean> putter = fork(() -> channel.put(1));
    assertThat(channel.take()).isEqualTo(1);
    channel.cancel();
    assertThat(putter.join()).isTrue();
  }

  @Test
  @DisplayName(
      "CH-13 what a gatherer emits to a buffer that was cancelled meanwhile is undelivered")
  void cancelledMeanwhile() throws Exception {
    for (Buffer buffer : List.of(Csp.fixed(1), Csp.sliding(1), Csp.unbounded(), Csp.promise())) {
      List<Integer> undelivered = new CopyOnWriteArrayList<>();
      AtomicReference<@Nullable Channel<Integer>> self = new AtomicReference<>();
      Channel<Integer> channel =
          Channel.<Integer>builder()
              .buffer(buffer)
              .onUndelivered(undelivered::add)
              .gather(
                  Gathering.map(
                      value -> {
                        Objects.requireNonNull(self.get()).cancel();
                        return value + 1;
                      }))
              .open();
      self.set(channel);
      assertThat(channel.put(1)).isTrue();
      assertThat(undelivered).as("of %s", buffer).containsExactly(2);
    }
  }
}
