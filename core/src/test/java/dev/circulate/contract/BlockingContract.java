package dev.circulate.contract;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import dev.circulate.ChannelFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a channel promises besides that makes its putters wait: a rendezvous, a fixed buffer. */
public abstract class BlockingContract extends ChannelContract {

  protected BlockingContract(Buffer buffer, Wiring wiring) {
    super(buffer, wiring);
  }

  /** A putter of 0, 1, 2, ... until it is refused; it answers how many were accepted. */
  private record Filled(AtomicInteger accepted, Forked<Integer> putter) {}

  /** Fills the channel, so that the putter now waits; nobody takes. */
  private Filled fill(Ends<Integer> ends) {
    AtomicInteger accepted = new AtomicInteger();
    int limit = capacity() + ends.slack() + 1;
    Forked<Integer> putter =
        fork(
            () -> {
              while (accepted.get() < limit && ends.putting().put(accepted.get())) {
                accepted.incrementAndGet();
              }
              return accepted.get();
            });
    untilFull(ends, accepted);
    return new Filled(accepted, putter);
  }

  /** Values on the way arrive when they like, so with slack full is what stays full for a while. */
  private void untilFull(Ends<Integer> ends, AtomicInteger accepted) {
    long still = ends.slack() == 0 ? 0 : Duration.ofMillis(50).toNanos();
    long[] since = {System.nanoTime()};
    int[] before = {-1};
    until(
        () -> capacity() + " values are accepted and the next waits, not " + accepted,
        () -> {
          int now = accepted.get();
          if (now != before[0] || now < capacity() || ends.putting().waitingPutters() != 1) {
            before[0] = now;
            since[0] = System.nanoTime();
            return false;
          }
          return System.nanoTime() - since[0] >= still;
        });
  }

  @Test
  @DisplayName("CH-1 put waits while the channel is full, and no longer")
  void putWaits() throws Exception {
    Ends<Integer> ends = open();
    Filled filled = fill(ends);
    assertThat(filled.accepted().get()).isBetween(capacity(), capacity() + ends.slack());
    assertThat(filled.putter().isDone()).isFalse();
    for (int i = 0; i <= capacity() + ends.slack(); i++) {
      assertThat(ends.taking().take()).isEqualTo(i);
    }
    assertThat(filled.putter().join()).isEqualTo(capacity() + ends.slack() + 1);
  }

  @Test
  @DisplayName("CH-1 a timed put ends when its time is over, and has no effect")
  void timedPut() throws Exception {
    Ends<Integer> ends = open();
    Filled filled = fill(ends);
    assertThat(ends.putting().offer(-1, Duration.ofMillis(2))).isFalse();
    assertThat(ends.putting().offer(-1, Duration.ZERO)).isFalse();
    assertThat(ends.putting().offer(-1, Duration.ofSeconds(-1))).isFalse();
    Forked<Boolean> patient = fork(() -> ends.putting().offer(-2, Until.PATIENCE));
    untilPuttersWait(ends, 2);
    ends.putting().close();
    assertThat(takeAll(ends)).doesNotContain(-1).endsWith(-2);
    assertThat(patient.join()).isTrue();
    filled.putter().join();
  }

  @Test
  @DisplayName("CH-4 what one putter puts is taken in that order")
  void valuesStayInOrder() throws Exception {
    Ends<Integer> ends = open();
    int values = tries(ends, 2_000);
    Forked<@Nullable Void> putter =
        fork(
            () -> {
              for (int i = 0; i < values; i++) {
                assertThat(ends.putting().put(i)).isTrue();
              }
              ends.putting().close();
              return null;
            });
    assertThat(takeAll(ends)).isEqualTo(firstNumbers(values));
    putter.join();
  }

  @Test
  @DisplayName("CH-4 waiting putters are served first come, first served")
  void waitingPuttersAreServedInOrder() throws Exception {
    Ends<Integer> ends = open();
    Filled filled = fill(ends);
    List<Forked<Boolean>> putters = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      int value = -i;
      putters.add(fork(() -> ends.putting().put(value)));
      untilPuttersWait(ends, 1 + i);
    }
    ends.putting().close();
    assertThat(takeAll(ends)).endsWith(-1, -2, -3, -4);
    for (Forked<Boolean> putter : putters) {
      assertThat(putter.join()).isTrue();
    }
    filled.putter().join();
  }

  @Test
  @DisplayName("CH-5 each accepted value is taken once, whoever is interrupted or runs out of time")
  void exactlyOnce() throws Exception {
    Ends<List<Integer>> ends = open();
    new Traffic(4, 4, tries(ends, 1_500)).run(ends);
  }

  @Test
  @DisplayName("CH-6 an interrupted put throws, and its value is never taken")
  void interruptedPut() throws Exception {
    Ends<Integer> ends = open();
    Filled filled = fill(ends);
    Forked<Boolean> interrupted = fork(() -> ends.putting().put(-1));
    untilPuttersWait(ends, 2);
    interrupted.interrupt();
    interrupted.joinFailure(InterruptedException.class);
    untilPuttersWait(ends, 1);
    ends.putting().close();
    List<Integer> taken = takeAll(ends);
    assertThat(taken).isEqualTo(firstNumbers(filled.putter().join()));
  }

  @Test
  @DisplayName("CH-6 an interrupt against a waiting put: accepted or thrown, never both or neither")
  void interruptAgainstAcceptance() throws Exception {
    int rounds = tries(open(), 100);
    for (int round = 0; round < rounds; round++) {
      Ends<Integer> ends = open();
      Filled filled = fill(ends);
      CountDownLatch interruptIsSent = new CountDownLatch(1);
      Forked<Boolean> putter =
          fork(
              () -> {
                try {
                  assertThat(ends.putting().put(-1)).isTrue();
                } catch (InterruptedException e) {
                  return false;
                }
                assertThat(isInterruptedOnce(interruptIsSent))
                    .as("the interrupt is pending")
                    .isTrue();
                return true;
              });
      untilPuttersWait(ends, 2);
      Forked<List<Integer>> taker = fork(() -> takeAll(ends));
      putter.interrupt();
      interruptIsSent.countDown();
      boolean accepted = putter.join();
      filled.putter().join();
      ends.putting().close();
      assertThat(taker.join().contains(-1)).isEqualTo(accepted);
    }
  }

  @Test
  @DisplayName(
      "CH-7 what is buffered and what waits to be put at close is still delivered, in order")
  void closeDelivers() throws Exception {
    Ends<Integer> ends = open();
    Filled filled = fill(ends);
    Forked<Boolean> second = fork(() -> ends.putting().put(-1));
    untilPuttersWait(ends, 2);
    ends.putting().close();
    assertThat(ends.putting().put(-2)).isFalse();
    List<Integer> taken = takeAll(ends);
    List<Integer> expected = new ArrayList<>(firstNumbers(filled.putter().join()));
    expected.add(-1);
    assertThat(taken).isEqualTo(expected).hasSizeGreaterThan(capacity() + 1);
    assertThat(second.join()).isTrue();
  }

  @Test
  @DisplayName("CH-7 close against puts: what was accepted is taken, what was refused never is")
  void closeAgainstPuts() throws Exception {
    int sum = 0;
    int rounds = tries(open(), 100);
    for (int round = 0; round < rounds; round++) {
      Ends<Integer> ends = open();
      AtomicInteger accepted = new AtomicInteger();
      Forked<Integer> putter =
          fork(
              () -> {
                while (ends.putting().put(accepted.get())) {
                  accepted.incrementAndGet();
                }
                return accepted.get();
              });
      Forked<List<Integer>> taker = fork(() -> takeAll(ends));
      int before = round % 4;
      until("values are accepted before the close", () -> accepted.get() >= before);
      ends.putting().close();
      assertThat(taker.join()).isEqualTo(firstNumbers(putter.join()));
      sum += accepted.get();
    }
    assertThat(sum).isPositive();
  }

  @Test
  @DisplayName("CH-8 a cause is thrown after what was put before, not instead of it")
  void causeComesLast() throws Exception {
    Ends<Integer> ends = open();
    Filled filled = fill(ends);
    int last = filled.accepted().get();
    ends.putting().close(new IllegalStateException("the well is dry"));
    for (int i = 0; i <= last; i++) {
      assertThat(ends.taking().take()).isEqualTo(i);
    }
    filled.putter().join();
    Forked<@Nullable Integer> next = fork(() -> ends.taking().take());
    assertThat(next.joinFailure(ChannelFailedException.class))
        .hasMessageContaining("the well is dry");
  }

  @Test
  @DisplayName("CH-8b cancel refuses the puts that wait")
  void cancelRefusesWaitingPuts() throws Exception {
    Ends<Integer> ends = open();
    Filled filled = fill(ends);
    int accepted = filled.accepted().get();
    ends.taking().cancel();
    assertThat(filled.putter().join()).isEqualTo(accepted);
    until("the putting end is closed", () -> ends.putting().isClosed());
    assertThat(ends.taking().take()).isNull();
  }

  @Test
  @DisplayName("CH-12 operations that were given up leave the channel as it was")
  void abandonedOperations() throws Exception {
    Ends<Integer> ends = open();
    for (int i = 0; i < 500; i++) {
      assertThat(ends.taking().poll(Duration.ofNanos(1))).isNull();
    }
    Filled filled = fill(ends);
    for (int i = 0; i < 500; i++) {
      assertThat(ends.putting().offer(-1, Duration.ofNanos(1))).isFalse();
    }
    untilPuttersWait(ends, 1);
    ends.putting().close();
    List<Integer> taken = takeAll(ends);
    assertThat(taken).isEqualTo(firstNumbers(filled.putter().join()));
  }

  private static List<Integer> firstNumbers(int number) {
    return IntStream.range(0, number).boxed().toList();
  }
}
