package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/**
 * The arms that wait at one end of a channel, first come first served: an intrusive doubly linked
 * ring, so that joining and leaving cost the same wherever the arm stands. Guarded by the channel's
 * lock.
 *
 * <p>A queue is known by its last arm, whose next is the first; null is the empty queue. It is no
 * object of its own, so that the channel's lock and both its queues share a cache line, and an idle
 * channel is small. Whatever changes a queue answers its new last arm.
 */
@SuppressWarnings("ReferenceEquality") // arms have identity only
final class WaitQueue {
  private WaitQueue() {}

  /** Adds an arm that stands in no queue behind the last. */
  static Arm join(@Nullable Arm last, Arm arm) {
    if (last == null) {
      arm.next = arm;
      arm.previous = arm;
    } else {
      Arm first = first(last);
      arm.previous = last;
      arm.next = first;
      last.next = arm;
      first.previous = arm;
    }
    return arm;
  }

  /** Removes an arm that stands in this queue. */
  static @Nullable Arm leave(Arm last, Arm arm) {
    Arm before = linked(arm.previous);
    Arm after = linked(arm.next);
    arm.next = null;
    arm.previous = null;
    if (before == arm) {
      return null;
    }
    before.next = after;
    after.previous = before;
    return last == arm ? before : last;
  }

  /** The longest waiting arm of the queue with this last one. */
  static Arm first(Arm last) {
    return linked(last.next);
  }

  private static Arm linked(@Nullable Arm neighbour) {
    if (neighbour == null) {
      throw new IllegalStateException("an arm that is not in the queue has no neighbours");
    }
    return neighbour;
  }
}
