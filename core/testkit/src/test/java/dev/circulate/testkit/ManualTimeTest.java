package dev.circulate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.internal.Time;
import java.lang.Thread.State;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A clock that somebody asked for just before another was put in force. */
class ManualTimeTest {
  private final ManualTime other = new ManualTime((_, _) -> {});
  private final ManualTime time = new ManualTime((_, _) -> {});

  @Test
  @DisplayName("GO-5 what is scheduled by a clock that was handed over is the next one's")
  void scheduledLate() {
    time.handOver(other);
    AtomicBoolean ran = new AtomicBoolean();
    Time.Timer timer = time.schedule(other.nanoTime(), () -> ran.set(true));
    assertThat(other.timers()).isEqualTo(1);
    assertThat(time.timers()).isZero();
    timer.cancel();
    assertThat(other.timers()).isZero();
    time.schedule(other.nanoTime(), () -> ran.set(true));
    assertThat(other.fireOne()).isTrue();
    assertThat(ran).isTrue();
  }

  @Test
  @DisplayName("GO-5 a timer that was handed over can be cancelled all the same")
  void cancelledLate() {
    Time.Timer timer = time.schedule(time.nanoTime(), () -> {});
    time.handOver(other);
    assertThat(other.timers()).isEqualTo(1);
    timer.cancel();
    assertThat(other.timers()).isZero();
  }

  @Test
  @DisplayName("GO-5 who parks by a clock that was handed over waits by the next one")
  void parkedLate() throws InterruptedException {
    time.handOver(other);
    AtomicBoolean over = new AtomicBoolean();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (!over.get()) {
                    time.parkUntil(over::get, Time.NEVER);
                  }
                });
    State seen = thread.getState();
    while (other.sleep(thread) == null) {
      assertThat(seen).as("parks where nobody wakes it").isNotEqualTo(State.WAITING);
      seen = thread.getState();
    }
    over.set(true);
    LockSupport.unpark(thread);
    thread.join();
  }
}
