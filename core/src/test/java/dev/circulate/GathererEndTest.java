package dev.circulate;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.contract.Forked;
import java.util.stream.Gatherer;
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
}
