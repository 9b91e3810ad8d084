package dev.circulate.internal;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The system's clock, with one daemon thread for all timers, and few of those that are far off in
 * its hands: {@link FarTimers}. A go block's waits share one timer, its {@link Alarm}.
 */
final class SystemTime extends Time {

  private static final class Timers {
    static final ScheduledThreadPoolExecutor EXECUTOR = start();
    static final FarTimers FAR = new FarTimers(Timers::exactly, System::nanoTime);

    private static ScheduledThreadPoolExecutor start() {
      ScheduledThreadPoolExecutor executor =
          new ScheduledThreadPoolExecutor(
              1, Thread.ofPlatform().daemon().name("circulate-timers").factory());
      // a cancelled timer must not hold its channel until the moment comes
      executor.setRemoveOnCancelPolicy(true);
      return executor;
    }

    static Timer exactly(long wait, Runnable task) {
      Future<?> future = EXECUTOR.schedule(task, wait, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    }
  }

  private final Scout scout =
      new Scout(
          task -> Timers.EXECUTOR.execute(task), Thread::startVirtualThread, System::nanoTime);

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public int patience() {
    scout.look();
    if (scout.isMissing() && Thread.currentThread().isVirtual()) {
      Patience.letOthersRun();
    }
    return Patience.advice();
  }

  @Override
  public void parkUntil(Wait wait, long moment) {
    if (moment == NEVER) {
      LockSupport.park(wait);
      return;
    }
    Thread thread = Thread.currentThread();
    Parked listed = GoBlock.listed(thread);
    if (listed != null) {
      Alarm alarm = listed.alarm(Timers.FAR::schedule, System::nanoTime);
      alarm.waitUntil(moment);
      LockSupport.park(wait);
      alarm.waitIsOver();
      return;
    }
    long nanos = moment - System.nanoTime();
    if (FarTimers.isFar(nanos) && thread.isVirtual()) {
      // for a virtual thread the JDK would take a timer of an executor, as schedule does
      Timer timer = Timers.FAR.schedule(moment, () -> LockSupport.unpark(thread));
      LockSupport.park(wait);
      timer.cancel();
    } else {
      LockSupport.parkNanos(wait, nanos);
    }
  }

  @Override
  public Timer schedule(long moment, Runnable task) {
    if (moment == NEVER) {
      return () -> {};
    }
    long wait = moment - System.nanoTime();
    return FarTimers.isFar(wait) ? Timers.FAR.schedule(moment, task) : Timers.exactly(wait, task);
  }
}
