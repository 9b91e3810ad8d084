package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/**
 * The arms that wait at one end of a channel, first come first served: an intrusive doubly linked
 * ring, so that joining and leaving cost the same wherever the arm stands. Guarded by the channel's
 * lock.
 *
 * <p>An arm whose waiter is spoken for elsewhere stays until it leaves by itself or is met here;
 * {@link #claimFirst} passes over it.
 */
@SuppressWarnings("ReferenceEquality") // arms have identity only
final class WaitQueue {
  /** The last arm, whose next is the first; null when nobody waits. */
  private @Nullable Arm last;

  private int size;

  boolean isEmpty() {
    return last == null;
  }

  /** The number of arms, readable without the lock as an estimate. */
  int size() {
    return size;
  }

  void add(Arm arm) {
    Arm tail = last;
    if (tail == null) {
      arm.next = arm;
      arm.previous = arm;
    } else {
      Arm head = linked(tail.next);
      arm.previous = tail;
      arm.next = head;
      tail.next = arm;
      head.previous = arm;
    }
    last = arm;
    size++;
  }

  /** Removes the arm if it stands here; an arm stands in one queue at the most. */
  boolean remove(Arm arm) {
    if (arm.next == null) {
      return false;
    }
    unlink(arm);
    return true;
  }

  /** Takes the longest waiting arm that can be claimed out of the queue, claimed; null if none. */
  @Nullable Arm claimFirst() {
    for (Arm tail = last; tail != null; tail = last) {
      Arm head = linked(tail.next);
      unlink(head);
      if (head.waiter().claimFor(head)) {
        return head;
      }
    }
    return null;
  }

  /** Whether an arm stands here that could still be claimed; drops those in front that cannot. */
  boolean anyOpen() {
    for (Arm tail = last; tail != null; tail = last) {
      Arm head = linked(tail.next);
      if (head.waiter().isOpen()) {
        return true;
      }
      unlink(head);
    }
    return false;
  }

  private void unlink(Arm arm) {
    Arm before = linked(arm.previous);
    Arm after = linked(arm.next);
    if (before == arm) {
      last = null;
    } else {
      before.next = after;
      after.previous = before;
      if (last == arm) {
        last = before;
      }
    }
    arm.next = null;
    arm.previous = null;
    size--;
  }

  private static Arm linked(@Nullable Arm neighbour) {
    if (neighbour == null) {
      throw new IllegalStateException("an arm that is not in the queue has no neighbours");
    }
    return neighbour;
  }
}
