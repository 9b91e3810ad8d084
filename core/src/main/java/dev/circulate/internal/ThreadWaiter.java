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
 *
 * <p>Neither its fields nor those that it inherits are final, and its time is never zero: so the
 * compiler can write each once, in whatever order. Else it clears the object before, and does that
 * with AVX-512 where there is any; what that costs is told at {@link Patience}.
 */
abstract sealed class ThreadWaiter extends Waiter implements Time.Wait {
  /** Its class, and so the operation, is what a thread dump shows of a blocker. */
  static final class Taking extends ThreadWaiter {
    Taking(Kernel<?> channel) {
      super(channel, Direction.TAKE, null);
    }
  }

  /** A put that waits. */
  static final class Putting extends ThreadWaiter {
    Putting(Kernel<?> channel, Object item) {
      super(channel, Direction.PUT, item);
    }
  }

  /** An alts that waits; it stands in no queue itself, its arms do. */
  static final class Choosing extends ThreadWaiter {
    private final Selection selection;

    /** The wait of a selection whose arms are complete. */
    Choosing(Selection selection) {
      super(null, Direction.TAKE, null);
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

  private static final long NOT_YET = -1;

  private Thread thread = Thread.currentThread();

  /** When it began to park, in the system's nanoseconds; to be read after {@link #isParked}. */
  private long parkedAt = NOT_YET;

  private ThreadWaiter(@Nullable Kernel<?> channel, Direction direction, @Nullable Object item) {
    super(channel, direction, item);
  }

  /** What it waits for: itself, or the arms of an alts. */
  List<Arm> arms() {
    return List.of(this);
  }

  final long parkedAt() {
    return parkedAt;
  }

  @Override
  public final boolean isOver() {
    return !isOpen();
  }

  @Override
  final void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * Waits until an arm was chosen, the moment comes or the thread is interrupted. If it ends other
   * than DONE, nothing was chosen and nothing will be, and the interrupt status is clear. If an arm
   * was chosen first, an interrupt stays pending.
   *
   * @param spins how to spend the first moments: see {@link Patience}; to be asked for before
   *     others can see this, so as not to touch the channel while they come to it
   */
  final Ended await(long moment, int spins) {
    return isDone() || isDoneSoon(spins) ? Ended.DONE : park(moment);
  }

  @SuppressWarnings("ThreadPriorityCheck") // one yield, to let the other side run first
  private boolean isDoneSoon(int spins) {
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
