package dev.circulate.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One blocked operation, or one alts with all its arms: what a channel's operation completes when
 * it has something for it.
 *
 * <pre>
 *              the waiter itself                          a matcher, holding the lock of the
 *                                                         channel in whose queue the arm stands
 *   WAITING ------------------------------ claim -----------------&gt; CLAIMED --- finish ---&gt; DONE
 *      |   \--- about to park ---&gt; PARKED -- claim -------------------^
 *      |                              |
 *      +---- gives up (interrupt, time) ---&gt; GIVEN_UP
 * </pre>
 *
 * <p>Every arrow that leaves WAITING or PARKED is a compare-and-set of one word, so exactly one of
 * <em>claimed by one arm</em> and <em>given up</em> happens, however many channels the waiter
 * stands in. A claim is final: the claimant writes the outcome into the arm, then DONE. Only a
 * waiter that was PARKED when it was claimed has to be woken; one still on its way to park sees the
 * claim itself.
 *
 * <p>The class is its own only arm when a single channel is waited for, which saves an object; an
 * alts has arms besides.
 */
abstract class Waiter extends Arm {
  static final int WAITING = 0;
  static final int PARKED = 1;
  static final int CLAIMED = 2;
  static final int DONE = 3;
  static final int GIVEN_UP = 4;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile int state;

  /** The arm that was claimed; written by the claimant before DONE. */
  private @Nullable Arm chosen;

  Waiter(@Nullable Kernel<?> channel, Direction direction, @Nullable Object item) {
    super(channel, direction, item);
  }

  /** Runs or unparks whoever waits; called once, with no lock held, and never blocks. */
  abstract void wake();

  /**
   * Claims this waiter for one of its arms; on success the caller must {@link #finish} it.
   *
   * @return false if it is spoken for
   */
  final boolean claimFor(Arm arm) {
    for (; ; ) {
      int current = state;
      if (current > PARKED) {
        return false;
      }
      if (STATE.compareAndSet(this, current, CLAIMED)) {
        arm.asleep = current == PARKED;
        return true;
      }
    }
  }

  /** Publishes the outcome, which the claimant has written into the arm. */
  final void finish(Arm arm) {
    chosen = arm;
    state = DONE;
  }

  final boolean isOpen() {
    return state <= PARKED;
  }

  final boolean isDone() {
    return state == DONE;
  }

  final boolean isParked() {
    return state == PARKED;
  }

  final boolean announcePark() {
    return STATE.compareAndSet(this, WAITING, PARKED);
  }

  /** Ends this waiter without an outcome; false if it was claimed first. */
  final boolean giveUp() {
    for (; ; ) {
      int current = state;
      if (current > PARKED) {
        return false;
      }
      if (STATE.compareAndSet(this, current, GIVEN_UP)) {
        return true;
      }
    }
  }

  /** The arm that was chosen; only after DONE. */
  final Arm chosen() {
    Arm arm = chosen;
    if (arm == null) {
      throw new IllegalStateException("asked for the outcome of a waiter that has none");
    }
    return arm;
  }
}
