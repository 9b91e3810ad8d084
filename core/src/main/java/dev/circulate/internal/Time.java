package dev.circulate.internal;

import java.time.Duration;

/**
 * The clock that timeouts, timed operations and deadlines follow: the system's, or one that a test
 * moves.
 *
 * <p>A moment is a {@code long} in the scale of {@link #nanoTime()}, compared by difference; {@link
 * #NEVER} is the moment that does not come.
 */
public abstract class Time {
  /** The moment that does not come. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

  /** Apart from this class, which is initialised before its subclasses are. */
  private static final class InForce {
    static volatile Time time = new SystemTime();
  }

  /** The clock in force. */
  public static Time current() {
    return InForce.time;
  }

  /** Puts another clock in force, for tests; answers the one it replaces. */
  public static synchronized Time install(Time time) {
    Time before = InForce.time;
    InForce.time = time;
    return before;
  }

  /** The moment that lies {@code wait} from now. */
  public static long after(Duration wait) {
    if (wait.compareTo(LONGEST) >= 0) {
      return NEVER;
    }
    long moment = current().nanoTime() + (wait.isNegative() ? 0 : wait.toNanos());
    return moment == NEVER ? NEVER - 1 : moment;
  }

  /** Whether a moment has come. */
  public static boolean passed(long moment) {
    return moment != NEVER && current().nanoTime() - moment >= 0;
  }

  /** Now, in nanoseconds from an arbitrary origin. */
  public abstract long nanoTime();

  /**
   * How a thread may spend the first moments of a wait: see {@link Patience#advice}. On a clock
   * that a test moves no time passes by spinning.
   */
  public int patience() {
    return Patience.YIELD;
  }

  /**
   * Parks the calling thread until it is unparked or the moment comes; may return early.
   *
   * @param wait what it waits for, which thread dumps show as its blocker
   */
  public abstract void parkUntil(Wait wait, long moment);

  /**
   * Runs a task once when a moment comes, in a thread of the clock: the task must not block.
   *
   * @return what cancels it
   */
  public abstract Timer schedule(long moment, Runnable task);

  /** What a thread parks for. */
  @FunctionalInterface
  public interface Wait {
    /**
     * Whether the thread has something to do again. Whoever gives it that wakes it afterwards, so
     * this is true of some threads that still look parked.
     */
    boolean isOver();
  }

  /** A task that waits for its moment. */
  @FunctionalInterface
  public interface Timer {
    /** Forgets the task if it has not begun; leaves nothing behind. */
    void cancel();
  }
}
