package dev.circulate.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One blocked operation, or one alts with all its arms: what a channel's operation completes when
 * it has something for it.
 *
 * <pre>
 *              the waiter itself                          who has something for it
 *
 *   WAITING ------------------------------ complete ---------------&gt; the outcome
 *      |   \--- about to park ---&gt; PARKED -- complete -----------------^
 *      |                              |
 *      +---- gives up (interrupt, time) ---&gt; GIVEN_UP
 * </pre>
 *
 * <p>Every arrow is a compare-and-set of one word, so exactly one of <em>completed</em> and
 * <em>given up</em> happens, and one completion only, however many want to and on however many
 * channels. The word that says that it is done is the outcome itself: one cache line crosses
 * between two processors, once. WAITING is another word for one who puts than for one who takes, so
 * that who meets it there changes the state without having read anything else. Only a waiter that
 * was PARKED has to be woken; one still on its way to park sees the outcome.
 *
 * <p>A wait for a single channel is its own only arm, which saves an object. The outcome of an alts
 * is the arm that was chosen.
 */
@SuppressWarnings("ReferenceEquality") // its states have identity only
abstract class Waiter extends Arm {
  /** The states that are no outcome; that of a taker who is awake is null. */
  private enum Mark {
    PUTTING,
    PARKED,
    GIVEN_UP
  }

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable Object state;

  Waiter(@Nullable Kernel<?> channel, Direction direction, @Nullable Object item) {
    super(channel, direction, item);
    if (direction == Direction.PUT) {
      STATE.set(this, Mark.PUTTING);
    }
  }

  /** Runs or unparks whoever waits; called once, with no lock held, and never blocks. */
  abstract void wake();

  @Override
  final Waiter waiter() {
    return this;
  }

  @Override
  final Completed complete(Object outcome) {
    return meet(direction, outcome);
  }

  /**
   * Completes this if it waits in that direction. Of a waiter that is awake nothing is read before
   * its state is changed: its cache line crosses from its processor once, to be written, and not
   * first to be read.
   */
  final Completed meet(Direction expected, Object outcome) {
    if (STATE.compareAndSet(this, awake(expected), outcome)) {
      return Completed.AWAKE;
    }
    return direction == expected && STATE.compareAndSet(this, Mark.PARKED, outcome)
        ? Completed.ASLEEP
        : Completed.SPOKEN_FOR;
  }

  private static @Nullable Mark awake(Direction direction) {
    return direction == Direction.PUT ? Mark.PUTTING : null;
  }

  final boolean isOpen() {
    Object current = state;
    return current == null || current == Mark.PUTTING || current == Mark.PARKED;
  }

  final boolean isDone() {
    Object current = state;
    return current != null
        && current != Mark.PUTTING
        && current != Mark.PARKED
        && current != Mark.GIVEN_UP;
  }

  final boolean isParked() {
    return state == Mark.PARKED;
  }

  /** Says that whoever completes this has to wake it; in vain if it is done. */
  final void announcePark() {
    STATE.compareAndSet(this, awake(direction), Mark.PARKED);
  }

  /** Ends this waiter without an outcome; false if it is done. */
  final boolean giveUp() {
    return STATE.compareAndSet(this, awake(direction), Mark.GIVEN_UP)
        || STATE.compareAndSet(this, Mark.PARKED, Mark.GIVEN_UP);
  }

  /** What it was completed with; only when it is done. */
  final Object outcome() {
    return Objects.requireNonNull(state);
  }
}
