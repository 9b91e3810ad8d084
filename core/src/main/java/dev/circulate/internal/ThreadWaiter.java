package dev.circulate.internal;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits: how it waits, and how it stops waiting.
 *
 * <p>Before it parks it spins or lets others run, as {@link Patience} advises.
 *
 * <p>The thread parks with this object as its blocker, so that thread dumps and the library's own
 * listing tell which operation it waits in.
 */
abstract sealed class ThreadWaiter extends Waiter {
  /** Its class, and so the operation, is what a thread dump shows of a blocker. */
  static final class Taking extends ThreadWaiter {
    Taking(Kernel<?> channel) {
      super(channel, Direction.TAKE, null, channel.patience());
    }
  }

  /** A put that waits. */
  static final class Putting extends ThreadWaiter {
    Putting(Kernel<?> channel, Object item) {
      super(channel, Direction.PUT, item, channel.patience());
    }
  }

  /** An alts that waits; it stands in no queue itself, its arms do. */
  static final class Choosing extends ThreadWaiter {
    private final Selection selection;

    /**
     * The wait of a selection whose arms are complete.
     *
     * @param spins how to spend the first moments of the wait: see {@link Patience}
     */
    Choosing(Selection selection, int spins) {
      super(null, Direction.TAKE, null, spins);
      this.selection = selection;
    }

    @Override
    List<Arm> arms() {
      return selection.armsAsAdded();
    }
  }

  /** How a wait ended. */
  enum Ended {
    DONE,
    TIMED_OUT,
    INTERRUPTED
  }

  private static final int PAUSES_BETWEEN_GLANCES_AT_THE_CLOCK = 16;

  private final Thread thread = Thread.currentThread();

  /** Asked for before others can see this, so as not to touch the channel while they come to it. */
  private final int spins;

  /** When it began to park, in the system's nanoseconds; to be read after {@link #isParked}. */
  private long parkedAt;

  private ThreadWaiter(
      @Nullable Kernel<?> channel, Direction direction, @Nullable Object item, int spins) {
    super(channel, direction, item);
    this.spins = spins;
  }

  /** What it waits for: itself, or the arms of an alts. */
  List<Arm> arms() {
    return List.of(this);
  }

  final long parkedAt() {
    return parkedAt;
  }

  @Override
  final void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * Waits until an arm was chosen, the moment comes or the thread is interrupted. If it ends other
   * than DONE, nothing was chosen and nothing will be, and the interrupt status is clear. If an arm
   * was chosen first, an interrupt stays pending.
   */
  final Ended await(long moment) {
    return isDone() || isDoneSoon() ? Ended.DONE : park(moment);
  }

  @SuppressWarnings("ThreadPriorityCheck") // one yield, to let the other side run first
  private boolean isDoneSoon() {
    if (spins < 0) {
      Thread.yield();
      return isDone();
    }
    long begun = System.nanoTime();
    for (int pauses = 1; pauses <= spins / Patience.SHORTEST_PAUSE; pauses++) {
      if (isDone()) {
        Patience.paid();
        return true;
      }
      Thread.onSpinWait();
      if (pauses % PAUSES_BETWEEN_GLANCES_AT_THE_CLOCK == 0 && System.nanoTime() - begun >= spins) {
        break;
      }
    }
    Patience.inVain(spins);
    return false;
  }

  private Ended park(long moment) {
    GoBlock.list(thread);
    parkedAt = System.nanoTime();
    announcePark();
    WaitRecorder recorder = WaitRecorder.begin();
    Ended ended = awaitParked(moment);
    if (recorder != null) {
      recorder.end(this, ended);
    }
    return ended;
  }

  private Ended awaitParked(long moment) {
    while (!isDone()) {
      if (Thread.interrupted()) {
        if (giveUp()) {
          return Ended.INTERRUPTED;
        }
        thread.interrupt();
        return Ended.DONE;
      }
      if (Time.passed(moment)) {
        return giveUp() ? Ended.TIMED_OUT : Ended.DONE;
      }
      Time.current().parkUntil(this, moment);
    }
    return Ended.DONE;
  }
}
