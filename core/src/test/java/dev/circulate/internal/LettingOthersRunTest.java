package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.contract.Forked;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who waits for another's next step does not keep that from running: on one carrier least of all.
 */
@Timeout(60)
class LettingOthersRunTest {
  @Test
  @DisplayName("CH-3 also those that are interrupted let others run, and stay interrupted")
  void interrupted() throws Exception {
    AtomicInteger looking = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
    Callable<Boolean> waiting =
        () -> {
          Thread.currentThread().interrupt();
          looking.incrementAndGet();
          while (!done.get()) {
            Patience.letOthersRun();
          }
          return Thread.interrupted();
        };
    Forked<Boolean> first = Forked.fork(waiting);
    Forked<Boolean> second = Forked.fork(waiting);
    while (looking.get() < 2) {
      Thread.onSpinWait(); // this is a platform thread
    }
    Thread.ofVirtual().start(() -> done.set(true));
    assertThat(first.join()).isTrue();
    assertThat(second.join()).isTrue();
  }

  @Test
  @DisplayName("CH-6 an interrupt that comes while one lets others run is not lost")
  void interruptedMeanwhile() throws Exception {
    for (int round = 0; round < 100; round++) {
      AtomicBoolean begun = new AtomicBoolean();
      AtomicBoolean sent = new AtomicBoolean();
      Forked<Boolean> waiting =
          Forked.fork(
              () -> {
                begun.set(true);
                while (!sent.get()) {
                  Patience.letOthersRun();
                }
                return Thread.interrupted();
              });
      while (!begun.get()) {
        Thread.onSpinWait(); // this is a platform thread
      }
      waiting.interrupt();
      sent.set(true);
      assertThat(waiting.join()).as("in round %s", round).isTrue();
    }
  }
}
