package dev.circulate.internal;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits: how it waits, and how it stops waiting.
 *
 * <p>It yields once before it parks: on a busy scheduler the other side then often has what is
 * waited for, at a fraction of the cost of a park and an unpark. It never yields twice, since with
 * one carrier thread a loop of yields can keep running in a queue that its partner is not in.
 *
 * <p>The thread parks with this object as its blocker, so that thread dumps and the library's own
 * listing tell which operation it waits in.
 */
abstract sealed class ThreadWaiter extends Waiter {
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
    /** Set before it waits. */
    private Arm[] arms = {};

    Choosing() {
      super(null, Direction.TAKE, null);
    }

    void waitsFor(Arm[] arms) {
      this.arms = arms;
    }

    @Override
    List<Arm> arms() {
      return List.of(arms);
    }
  }

  /** How a wait ended. */
  enum Ended {
    DONE,
    TIMED_OUT,
    INTERRUPTED
  }

  private final Thread thread = Thread.currentThread();

  /** When it began to park, in the system's nanoseconds; to be read after {@link #isParked}. */
  private long parkedAt;

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
  final void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * Waits until an arm was chosen, the moment comes or the thread is interrupted. If it ends other
   * than DONE, nothing was chosen and nothing will be, and the interrupt status is clear. If an arm
   * was chosen first, an interrupt stays pending.
   */
  @SuppressWarnings("ThreadPriorityCheck") // one yield, to let the other side run first
  final Ended await(long moment) {
    if (!isDone()) {
      Thread.yield();
    }
    return isDone() ? Ended.DONE : park(moment);
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
        awaitDone();
        thread.interrupt();
      } else if (Time.passed(moment)) {
        if (giveUp()) {
          return Ended.TIMED_OUT;
        }
        awaitDone();
      } else if (isOpen()) {
        Time.current().parkUntil(this, moment);
      } else {
        awaitDone();
      }
    }
    return Ended.DONE;
  }

  /** The claimant is between its claim and DONE: a few instructions, in which it cannot block. */
  private void awaitDone() {
    while (!isDone()) {
      Thread.onSpinWait();
    }
  }
}
