package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/**
 * One place in one channel's queue: an operation that waits there, on behalf of a {@link Waiter}.
 *
 * <p>The links belong to the {@link WaitQueue} and are guarded by the channel's lock; so is {@link
 * #item} until the waiter is claimed, after which it is the claimant's until DONE and then the
 * waiter's.
 */
class Arm {
  /** Which way a value moves, if one does. */
  enum Direction {
    TAKE,
    PUT,
    /** Nothing is to be moved: this waits until the channel is closed and drained. */
    END
  }

  /** Where it waits; null only for an alts' own waiter, which stands in no queue itself. */
  final @Nullable Kernel<?> channel;

  final Direction direction;

  /**
   * For a put: what it puts, then null or {@link Signal#CLOSED}. For a take: null, then the value
   * or {@link Signal#CLOSED}.
   */
  @Nullable Object item;

  /** Neighbours in the queue; both null when it stands in none. */
  @Nullable Arm previous;

  @Nullable Arm next;

  /** Whether the waiter was parked when it was claimed for this arm, so that it has to be woken. */
  boolean asleep;

  /** The next of those to wake, once this arm has left its queue. */
  @Nullable Arm nextToWake;

  Arm(@Nullable Kernel<?> channel, Direction direction, @Nullable Object item) {
    this.channel = channel;
    this.direction = direction;
    this.item = item;
  }

  /** On whose behalf this arm waits. */
  Waiter waiter() {
    return (Waiter) this;
  }
}
