package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/**
 * One place in one channel's queue: an operation that waits there, by itself ({@link Waiter}) or as
 * one of those of an alts.
 *
 * <p>The links belong to the {@link WaitQueue} and are guarded by the channel's lock. The other
 * fields are written once, before an atomic word shows this to others; why they are not final says
 * {@link ThreadWaiter}.
 */
abstract class Arm {
  /** Which way a value moves, if one does. */
  enum Direction {
    TAKE,
    PUT,
    /** Nothing is to be moved: this waits until the channel is closed and drained. */
    END
  }

  /** What {@link #complete} answers. */
  enum Completed {
    /** Who waits will see the outcome by itself. */
    AWAKE,
    /** Who waits has to be woken. */
    ASLEEP,
    /** The waiter gave up or is done: the outcome is still the caller's. */
    SPOKEN_FOR
  }

  /** The next in the queue; null when it stands in none. */
  @Nullable Arm next;

  /** The one before in the queue; once out of it, the next of those to wake. */
  @Nullable Arm previous;

  /** Where it waits; null only for an alts' own waiter, which stands in no queue itself. */
  @Nullable Kernel<?> channel;

  Direction direction;

  /** What it puts; null if it does not. The last, beside a waiter's state: mostly in one line. */
  @Nullable Object item;

  Arm(@Nullable Kernel<?> channel, Direction direction, @Nullable Object item) {
    this.channel = channel;
    this.direction = direction;
    this.item = item;
  }

  /** On whose behalf it waits. */
  abstract Waiter waiter();

  /**
   * Ends the wait with an outcome, if it has not ended: the value taken, {@link Signal#PUT} or
   * {@link Signal#CLOSED}. An alts is completed under the channel's lock only.
   */
  abstract Completed complete(Object outcome);
}
