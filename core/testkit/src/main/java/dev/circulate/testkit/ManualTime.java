package dev.circulate.testkit;

import dev.circulate.internal.Time;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A clock that stands still until it is moved. */
final class ManualTime extends Time {
  /** One park of one thread; a new object for each. */
  record Sleep(Thread thread, Wait until, long moment) {}

  private record Scheduled(long moment, long number, Runnable task) {
    /** Those of one moment in the order in which they were scheduled. */
    static final Comparator<Scheduled> ORDER =
        ((Comparator<Scheduled>) (a, b) -> Long.signum(a.moment - b.moment))
            .thenComparingLong(Scheduled::number);
  }

  /** How the thread that moves the clock waits itself. */
  interface Patience {
    /** Waits for an unpark or an interrupt; throws when that does not come. */
    void park(Wait wait, long moment);
  }

  private final Thread mover = Thread.currentThread();
  private final Patience patience;
  private final Map<Thread, Sleep> sleeping = new ConcurrentHashMap<>();

  /** This and the two below guarded by this. */
  private final TreeSet<Scheduled> timers = new TreeSet<>(Scheduled.ORDER);

  private final Map<Scheduled, Timer> handedOver = new HashMap<>();
  private long scheduled;

  /**
   * The clock that has taken over; written under this. Who asked for this one too early finds it.
   */
  private volatile @Nullable Time successor;

  private volatile long now = System.nanoTime();

  ManualTime(Patience patience) {
    this.patience = patience;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void parkUntil(Wait wait, long moment) {
    Thread thread = Thread.currentThread();
    if (thread.equals(mover)) {
      patience.park(wait, moment);
      return;
    }
    sleeping.put(thread, new Sleep(thread, wait, moment));
    // after the line above: who is not woken by the handing over sees it
    Time next = successor;
    try {
      if (next == null && !isPast(moment)) {
        LockSupport.park(wait);
      }
    } finally {
      sleeping.remove(thread);
    }
    if (next != null) {
      next.parkUntil(wait, moment);
    }
  }

  @Override
  public Timer schedule(long moment, Runnable task) {
    if (moment == NEVER) {
      return () -> {};
    }
    synchronized (this) {
      Time next = successor;
      if (next != null) {
        return next.schedule(moment, task);
      }
      Scheduled timer = new Scheduled(moment, scheduled++, task);
      timers.add(timer);
      return () -> forget(timer);
    }
  }

  private synchronized void forget(Scheduled timer) {
    timers.remove(timer);
    Timer elsewhere = handedOver.remove(timer);
    if (elsewhere != null) {
      elsewhere.cancel();
    }
  }

  boolean isPast(long moment) {
    return moment != NEVER && now - moment >= 0;
  }

  /** The park that a thread is in; null if it is in none. */
  @Nullable Sleep sleep(Thread thread) {
    return sleeping.get(thread);
  }

  /** The threads that park by this clock. */
  Set<Thread> parked() {
    return sleeping.keySet();
  }

  /** The earliest moment after now, and not after the limit, at which something is to happen. */
  OptionalLong next(long limit) {
    long present = now;
    long earliest = limit - present + 1;
    synchronized (this) {
      if (!timers.isEmpty()) {
        earliest = earlier(earliest, timers.first().moment, present);
      }
    }
    for (Sleep sleep : sleeping.values()) {
      earliest = earlier(earliest, sleep.moment, present);
    }
    return earliest > limit - present ? OptionalLong.empty() : OptionalLong.of(present + earliest);
  }

  private static long earlier(long ahead, long moment, long present) {
    return moment == NEVER || moment - present <= 0 ? ahead : Math.min(ahead, moment - present);
  }

  /** Moves the clock and wakes the threads whose moment has come; timers fire one by one. */
  void moveTo(long moment) {
    now = moment;
    for (Sleep sleep : sleeping.values()) {
      if (isPast(sleep.moment)) {
        LockSupport.unpark(sleep.thread);
      }
    }
  }

  /** Runs the first timer whose moment has come; false if there is none. */
  boolean fireOne() {
    Scheduled due;
    synchronized (this) {
      if (timers.isEmpty() || !isPast(timers.first().moment)) {
        return false;
      }
      due = timers.pollFirst();
    }
    due.task.run();
    return true;
  }

  synchronized int timers() {
    return timers.size();
  }

  /** Lets another clock, of the same scale, take care of what waits here, or is yet to. */
  void handOver(Time other) {
    synchronized (this) {
      successor = other;
      timers.forEach(timer -> handedOver.put(timer, other.schedule(timer.moment, timer.task)));
      timers.clear();
    }
    sleeping.keySet().forEach(LockSupport::unpark);
  }
}
