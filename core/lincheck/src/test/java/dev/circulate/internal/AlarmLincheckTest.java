package dev.circulate.internal;

import static dev.circulate.internal.Scenarios.scenario;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A thread that waits, until one moment or another, while its timers come due in another thread:
 * however the two are interleaved, a limit is not missed.
 */
@Param(name = "moment", gen = IntGen.class, conf = "1:9")
public class AlarmLincheckTest {
  private static final int MOST_TIMERS = 4;

  private record Scheduled(long moment, Runnable task) {}

  private final AtomicReferenceArray<@Nullable Scheduled> timers =
      new AtomicReferenceArray<>(MOST_TIMERS);
  private volatile long now;
  private volatile boolean woken;
  private long waiting = Time.NEVER;

  private final Alarm alarm = new Alarm(this::schedule, () -> now, () -> woken = true);

  private Time.Timer schedule(long moment, Runnable task) {
    Scheduled timer = new Scheduled(moment, task);
    for (int i = 0; i < MOST_TIMERS; i++) {
      if (timers.compareAndSet(i, null, timer)) {
        int place = i;
        return () -> timers.compareAndSet(place, timer, null);
      }
    }
    throw new AssertionError("more timers than waits");
  }

  @Operation(params = "moment", nonParallelGroup = "thread")
  public void waitUntil(int moment) {
    woken = false;
    waiting = now + moment;
    alarm.waitUntil(waiting);
  }

  @Operation(nonParallelGroup = "thread")
  public void waitIsOver() {
    waiting = Time.NEVER;
    alarm.waitIsOver();
  }

  @Operation(nonParallelGroup = "clock")
  public void nextTimer() {
    int next = earliest();
    Scheduled timer = next < 0 ? null : timers.getAndSet(next, null);
    if (timer != null) {
      now = Math.max(now, timer.moment);
      timer.task.run();
    }
  }

  private int earliest() {
    int earliest = -1;
    for (int i = 0; i < MOST_TIMERS; i++) {
      Scheduled timer = timers.get(i);
      if (timer != null && (earliest < 0 || timer.moment < moment(earliest))) {
        earliest = i;
      }
    }
    return earliest;
  }

  private long moment(int place) {
    Scheduled timer = timers.get(place);
    return timer == null ? Long.MAX_VALUE : timer.moment;
  }

  /** Lets the clock go on for as long as there are timers; the thread asks again when it wakes. */
  @Validate
  public void noLimitIsMissed() {
    for (int i = 0; i < 10 * MOST_TIMERS; i++) {
      if (woken && waiting > now) {
        woken = false;
        alarm.waitUntil(waiting);
      }
      int next = earliest();
      if (waiting != Time.NEVER && !woken && (next < 0 || moment(next) > Math.max(waiting, now))) {
        throw new IllegalStateException(
            "at " + now + " nobody will wake who waits until " + waiting);
      }
      nextTimer();
    }
  }

  /** The wait is over, its timer comes due, and meanwhile the next wait begins. */
  private static ExecutionScenario againWhileTheTimerEnds() {
    return scenario(
        List.of(act("waitUntil", 5), act("waitIsOver")),
        List.of(act("waitUntil", 6)),
        List.of(act("nextTimer")));
  }

  /** A timer is about to be set anew for the wait, and meanwhile an earlier one begins. */
  private static ExecutionScenario earlierWhileTheTimerIsSetAnew() {
    return scenario(
        List.of(act("waitUntil", 3), act("waitUntil", 9)),
        List.of(act("waitIsOver"), act("waitUntil", 4)),
        List.of(act("nextTimer")));
  }

  private static Actor act(String operation, Object... arguments) {
    return Scenarios.act(AlarmLincheckTest.class, operation, arguments);
  }

  @Test
  @DisplayName("CH-1 CH-2 a wait ends at its limit, whenever the timer of an earlier one comes due")
  void limits() {
    Scenarios.checking()
        .addCustomScenario(againWhileTheTimerEnds())
        .addCustomScenario(earlierWhileTheTimerIsSetAnew())
        .threads(2)
        .actorsPerThread(4)
        .iterations(Integer.getInteger("lincheck.scenarios"))
        .invocationsPerIteration(3_000)
        .check(getClass());
  }
}
