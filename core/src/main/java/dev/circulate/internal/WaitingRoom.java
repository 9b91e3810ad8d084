package dev.circulate.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where operations wait for a channel: a place for one that waits alone, which needs no lock, and a
 * queue for each direction under a short lock for when more than that is going on.
 *
 * <p>Most waits on a channel without a buffer are of one thread for one other. So the first to come
 * stands in the <em>slot</em>, by a compare-and-set, and the second completes it there, by one more
 * on the waiter itself; no lock is taken.
 *
 * <pre>
 *   slot        means                                     changed by
 *   null        open, nobody waits                        a waiter: to itself
 *   a waiter    it waits alone; or is done or gave up,    who completed it, itself when it gives up: to null;
 *               and is in nobody's way                    the next waiter, once it is done: to itself
 *   DIVERTED    ask the lock                              the lock's holder
 * </pre>
 *
 * <p><b>While the lock is held the slot is DIVERTED</b>, and it stays so while anybody is queued,
 * when the channel is closed, and always if there is a buffer. Who takes the lock while somebody
 * waits alone queues that waiter: it came first, and there is nobody in the queue, or it could not
 * have been alone. So the rules of the queues hold under the lock without a thought of the slot.
 *
 * <p>Who has seen a waiter in the slot may complete it after it was queued: the waiter's own word
 * decides, once. It is the first of its queue, or a matcher under the lock has it in hand and will
 * find it spoken for; so nobody is overtaken. Having found it moved, the one who completed it takes
 * it out of the queue.
 *
 * <p>When the slot is null nobody waits and the channel is open, at that very moment: a poll or an
 * offer may say no by that alone.
 */
@SuppressWarnings("ReferenceEquality") // waiters and marks have identity only
abstract class WaitingRoom<T> extends KernelFields.Contended<T> {
  /** What stands in the slot to say that the lock is to be asked; nobody meets it. */
  private static final class Mark extends Waiter {
    Mark() {
      super(null, Arm.Direction.END, null);
    }

    @Override
    void wake() {
      throw new AssertionError("a mark does not wait");
    }
  }

  private static final Waiter DIVERTED = new Mark();

  private static final int SPINS_BEFORE_YIELD = 64;

  private static final VarHandle LOCK;
  private static final VarHandle SLOT;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LOCK = lookup.findVarHandle(KernelFields.Contended.class, "lock", int.class);
      SLOT = lookup.findVarHandle(KernelFields.Contended.class, "slot", Waiter.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  WaitingRoom(@Nullable Traits<T> traits, int ringCapacity, @Nullable Store<T> store) {
    super(traits, ringCapacity, store);
    if (ringCapacity > 0 || store != null) {
      slot = DIVERTED;
    }
  }

  /** Whether it is closed and nothing is left to take; with the lock held. */
  abstract boolean isDrainedLocked();

  /** Whether a putter and a taker may meet without the lock; with the lock held. */
  abstract boolean isFreeToMeet();

  // ---- alone

  /** Hands a value to a taker that waits alone; false says nothing. */
  final boolean giveToLonely(T value) {
    Waiter present = slot;
    return present != null
        && present != DIVERTED
        && completeLonely(present, Arm.Direction.TAKE, value);
  }

  /** Takes the value of a putter that waits alone; null says nothing. */
  final @Nullable T takeFromLonely() {
    Waiter present = slot;
    return present != null
            && present != DIVERTED
            && completeLonely(present, Arm.Direction.PUT, Signal.PUT)
        ? itemOf(present)
        : null;
  }

  private boolean completeLonely(Waiter waiter, Arm.Direction direction, Object outcome) {
    Arm.Completed completed = waiter.meet(direction, outcome);
    if (completed == Arm.Completed.SPOKEN_FOR) {
      return false;
    }
    vacate(waiter);
    if (completed == Arm.Completed.ASLEEP) {
      waiter.wake();
    }
    return true;
  }

  /** Whether nobody waits and the channel is open, so that neither a put nor a take can happen. */
  final boolean isDeserted() {
    return slot == null;
  }

  /** Lets an operation wait alone; false if it has to ask the lock. */
  final boolean waitAlone(Waiter waiter) {
    Waiter present = slot;
    return (present == null || !present.isOpen()) && SLOT.compareAndSet(this, present, waiter);
  }

  /** Takes a waiter that is done, or gave up, out of the slot, or of the queue if it was moved. */
  private void vacate(Waiter waiter) {
    if ((Waiter) SLOT.compareAndExchange(this, waiter, (Waiter) null) == DIVERTED) {
      removeLocking(waiter);
    }
  }

  // ---- the lock

  final void acquire() {
    if (!LOCK.compareAndSet(this, 0, 1)) {
      acquireContended();
    }
    divertSlot();
  }

  /**
   * Acquires this lock besides others, without a yield: <b>who holds a lock stays on its
   * carrier</b>, so that those who wait for it, and let others run meanwhile, do not wait for one
   * who waits to run. Carriers that drain a queue of yielding threads can leave it there for ever.
   */
  final void acquireBesides() {
    while ((int) LOCK.getOpaque(this) != 0 || !LOCK.compareAndSet(this, 0, 1)) {
      Thread.onSpinWait();
    }
    divertSlot();
  }

  private void divertSlot() {
    Waiter present = slot;
    while (present != DIVERTED) {
      Waiter seen = (Waiter) SLOT.compareAndExchange(this, present, DIVERTED);
      if (seen == present) {
        if (present != null && present.isOpen()) {
          enqueue(present);
        }
        return;
      }
      present = seen;
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // a yield between attempts, not a way to order threads
  private void acquireContended() {
    int spins = 0;
    while ((int) LOCK.getOpaque(this) != 0 || !LOCK.compareAndSet(this, 0, 1)) {
      if (++spins < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        // the holder runs on another carrier or platform thread: it is not in the queue we yield to
        Thread.yield();
      }
    }
  }

  /** Releases the lock; the caller must {@link #wake} the answer once it holds no lock at all. */
  final @Nullable Arm release() {
    if (lastWatcher != null && isDrainedLocked()) {
      endWatchers();
    }
    Arm chain = toWake;
    if (chain != null) {
      toWake = null;
    }
    if (lastTaker == null && lastPutter == null && closing == null && isFreeToMeet()) {
      SLOT.setRelease(this, (Waiter) null);
    }
    LOCK.setRelease(this, 0);
    return chain;
  }

  final void releaseAndWake() {
    wake(release());
  }

  /** Two chains of arms to wake, as one. */
  static @Nullable Arm joined(@Nullable Arm chain, @Nullable Arm rest) {
    if (chain == null) {
      return rest;
    }
    Arm last = chain;
    while (last.previous != null) {
      last = last.previous;
    }
    last.previous = rest;
    return chain;
  }

  static void wake(@Nullable Arm chain) {
    for (Arm arm = chain; arm != null; ) {
      Arm next = arm.previous;
      arm.previous = null;
      arm.waiter().wake();
      arm = next;
    }
  }

  // ---- the queues, under the lock

  /** Queues an arm. */
  final void enqueue(Arm arm) {
    switch (arm.direction) {
      case TAKE -> {
        lastTaker = WaitQueue.join(lastTaker, arm);
        takers++;
      }
      case PUT -> {
        lastPutter = WaitQueue.join(lastPutter, arm);
        putters++;
      }
      case END -> lastWatcher = WaitQueue.join(lastWatcher, arm);
    }
  }

  /** Takes an arm out of its queue, if it still stands there. */
  final void remove(Arm arm) {
    if (arm.next == null) {
      return;
    }
    switch (arm.direction) {
      case TAKE -> {
        lastTaker = WaitQueue.leave(Objects.requireNonNull(lastTaker), arm);
        takers--;
      }
      case PUT -> {
        lastPutter = WaitQueue.leave(Objects.requireNonNull(lastPutter), arm);
        putters--;
      }
      case END -> lastWatcher = WaitQueue.leave(Objects.requireNonNull(lastWatcher), arm);
    }
  }

  private @Nullable Arm nextTaker() {
    Arm last = lastTaker;
    if (last == null) {
      return null;
    }
    Arm first = WaitQueue.first(last);
    lastTaker = WaitQueue.leave(last, first);
    takers--;
    return first;
  }

  private @Nullable Arm nextPutter() {
    Arm last = lastPutter;
    if (last == null) {
      return null;
    }
    Arm first = WaitQueue.first(last);
    lastPutter = WaitQueue.leave(last, first);
    putters--;
    return first;
  }

  /** Hands a value to the longest waiting taker; false if none waits any more. */
  final boolean giveToTaker(T value) {
    for (Arm arm = nextTaker(); arm != null; arm = nextTaker()) {
      if (complete(arm, value)) {
        return true;
      }
    }
    return false;
  }

  /** Takes the value of the longest waiting putter; null if none waits any more. */
  final @Nullable T takeFromPutter() {
    for (Arm arm = nextPutter(); arm != null; arm = nextPutter()) {
      if (complete(arm, Signal.PUT)) {
        return itemOf(arm);
      }
    }
    return null;
  }

  /** Whether a putter waits that could still be served; drops those in front that cannot. */
  final boolean isPutterOpen() {
    for (Arm last = lastPutter; last != null; last = lastPutter) {
      Arm first = WaitQueue.first(last);
      if (first.waiter().isOpen()) {
        return true;
      }
      remove(first);
    }
    return false;
  }

  final void endTakers() {
    for (Arm arm = nextTaker(); arm != null; arm = nextTaker()) {
      complete(arm, Signal.CLOSED);
    }
  }

  final void endPutters() {
    for (Arm arm = nextPutter(); arm != null; arm = nextPutter()) {
      complete(arm, Signal.CLOSED);
    }
  }

  private void endWatchers() {
    for (Arm last = lastWatcher; last != null; last = lastWatcher) {
      Arm first = WaitQueue.first(last);
      remove(first);
      complete(first, Signal.CLOSED);
    }
  }

  /** Completes an arm that was taken out of its queue; false if its waiter is spoken for. */
  private boolean complete(Arm arm, Object outcome) {
    return switch (arm.complete(outcome)) {
      case SPOKEN_FOR -> false;
      case AWAKE -> true;
      case ASLEEP -> {
        arm.previous = toWake;
        toWake = arm;
        yield true;
      }
    };
  }

  @SuppressWarnings("unchecked")
  private T itemOf(Arm putter) {
    return (T) Objects.requireNonNull(putter.item);
  }

  // ---- leaving

  /** Takes an arm whose waiter gave up, or was chosen elsewhere, out of wherever it stands. */
  final void withdraw(Arm arm) {
    if (arm instanceof Waiter waiter && arm.direction != Arm.Direction.END) {
      vacate(waiter);
    } else {
      removeLocking(arm);
    }
  }

  private void removeLocking(Arm arm) {
    acquire();
    remove(arm);
    removed();
    releaseAndWake();
  }

  /** Told, under the lock, after an arm left without an outcome. */
  abstract void removed();

  /** How many operations wait to take: an estimate. */
  public final int waitingTakers() {
    return takers + countLonely(Arm.Direction.TAKE);
  }

  /** How many operations wait to put: an estimate. */
  public final int waitingPutters() {
    return putters + countLonely(Arm.Direction.PUT);
  }

  /** Whether anybody waits to take, or for the end, at some moment of the call: no estimate. */
  final boolean isAwaited() {
    acquire();
    boolean awaited = lastTaker != null || lastWatcher != null;
    releaseAndWake();
    return awaited;
  }

  private int countLonely(Arm.Direction direction) {
    Waiter alone = slot;
    return alone != null && alone.direction == direction && alone.isOpen() ? 1 : 0;
  }
}
