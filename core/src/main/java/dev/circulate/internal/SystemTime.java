package dev.circulate.internal;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The system's clock, with one daemon thread for all timers. */
final class SystemTime extends Time {

  private static final class Timers {
    static final ScheduledThreadPoolExecutor EXECUTOR = start();

    private static ScheduledThreadPoolExecutor start() {
      ScheduledThreadPoolExecutor executor =
          new ScheduledThreadPoolExecutor(
              1, Thread.ofPlatform().daemon().name("circulate-timers").factory());
      // a cancelled timer must not hold its channel until the moment comes
      executor.setRemoveOnCancelPolicy(true);
      return executor;
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public int patience() {
    return Patience.advice();
  }

  @Override
  public void parkUntil(Object blocker, long moment) {
    if (moment == NEVER) {
      LockSupport.park(blocker);
    } else {
      LockSupport.parkNanos(blocker, moment - System.nanoTime());
    }
  }

  @Override
  public Timer schedule(long moment, Runnable task) {
    if (moment == NEVER) {
      return () -> {};
    }
    Future<?> future =
        Timers.EXECUTOR.schedule(task, moment - System.nanoTime(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }
}
