package dev.circulate.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The timer of one thread for all its waits, of which it has one at a time.
 *
 * <p>Nearly every wait ends long before its limit, and the next one of the same thread has a later
 * limit. So a timer that was set stays set when the wait is over, for the next to rely on; when its
 * moment comes it looks at what is waited for then, and is set anew, or wakes the thread, or ends.
 * A loop of waits of a minute each sets one timer a minute.
 *
 * <pre>
 *   due   until when the thread waits; NEVER if it does not    changed by the thread alone
 *   set   the timer in force; null if there is none            changed by compare-and-set, by the thread
 *                                                              and by the timer in force when its moment comes
 * </pre>
 *
 * <p><b>Why no limit is missed.</b> While the thread waits, a timer is in force whose moment is no
 * later than {@link #due}; or one is about to be set; or the thread is about to be woken and to ask
 * again. The thread writes {@link #due} and then reads {@link #set}; whoever changes {@link #set}
 * reads {@link #due} after that. Both are volatile, so that one of the two sees the other: the
 * thread sets a timer, or the timer that ends sets the next. For the same reason whoever has set a
 * timer looks again: the thread may have begun an earlier wait meanwhile and relied on the timer
 * that was replaced. Only the one in force does anything: one that was replaced is cancelled, and
 * if that comes too late, it sees so.
 */
final class Alarm {
  /** Runs a task once when a moment comes. */
  @FunctionalInterface
  interface Timers {
    Time.Timer schedule(long moment, Runnable task);
  }

  private static final VarHandle SET;

  static {
    try {
      SET = MethodHandles.lookup().findVarHandle(Alarm.class, "set", Setting.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Timers timers;
  private final LongSupplier clock;
  private final Runnable wake;

  private volatile long due = Time.NEVER;
  private volatile @Nullable Setting set;

  /**
   * An alarm that is not set.
   *
   * @param wake runs whenever a moment has come; what it wakes asks for itself whether that was its
   *     own, and waits again if not
   */
  Alarm(Timers timers, LongSupplier clock, Runnable wake) {
    this.timers = timers;
    this.clock = clock;
    this.wake = wake;
  }

  /** Says that the thread waits until a moment; it is woken then, or earlier. */
  void waitUntil(long moment) {
    due = moment;
    cover();
  }

  /** Sees to it that a timer is in force which is no later than what is waited for. */
  private void cover() {
    long moment = due;
    Setting present = set;
    while (moment != Time.NEVER && (present == null || present.moment - moment > 0)) {
      replace(present, moment);
      moment = due; // the thread may have begun another wait, and relied on the one replaced
      present = set;
    }
  }

  /** Says that the thread waits no more. */
  void waitIsOver() {
    due = Time.NEVER;
  }

  /** Ends what is set: the thread waits no more, and never will. */
  void end() {
    waitIsOver();
    Setting last = (Setting) SET.getAndSet(this, null);
    if (last != null) {
      last.cancel();
    }
  }

  /** Sets a timer in place of the one in force, if that is still this one. */
  private void replace(@Nullable Setting present, long moment) {
    Setting next = new Setting(moment);
    if (!SET.compareAndSet(this, present, next)) {
      return;
    }
    next.timer = timers.schedule(moment, next);
    if (set != next) {
      next.cancel(); // it was replaced before it could be cancelled
    }
    if (present != null) {
      present.cancel();
    }
  }

  private final class Setting implements Runnable {
    private final long moment;

    /** Once it is scheduled. */
    private volatile Time.@Nullable Timer timer;

    Setting(long moment) {
      this.moment = moment;
    }

    void cancel() {
      Time.Timer scheduled = timer;
      if (scheduled != null) {
        scheduled.cancel();
      }
    }

    @Override
    public void run() {
      long awaited = due;
      boolean hasCome = awaited != Time.NEVER && awaited - clock.getAsLong() <= 0;
      if (SET.compareAndSet(Alarm.this, this, null)) {
        if (hasCome) {
          wake.run();
        } else {
          cover();
        }
      }
    }
  }
}
