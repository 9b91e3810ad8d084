package dev.circulate.internal;

import dev.circulate.internal.Arm.Direction;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The channel algorithm: a buffer that needs no lock while nobody waits, and two queues of waiters
 * under a short lock for when somebody does.
 *
 * <p><b>Always true when the lock is free</b> (arms whose waiter is spoken for elsewhere not
 * counted):
 *
 * <ol>
 *   <li>if takers wait, the buffer is empty; if putters wait, the buffer is full or the channel
 *       closed;
 *   <li>so takers and putters never both wait, but for the arms of one alts, which never meets
 *       itself;
 *   <li>if takers wait, lock-free takes are diverted to the lock; if putters wait or the channel is
 *       closed, lock-free puts are.
 * </ol>
 *
 * <p>The exception: between a lock-free put that met a diverted consumer side (or a take that met a
 * diverted producer side) and its own call of {@link #settle()}, which mends the first line.
 * Whoever breaks it mends it.
 *
 * <pre>
 * put(v):  lock-free: ring.offer(v); if consumers are diverted, settle under the lock
 *          else, under the lock:
 *            settle
 *            closed?                 -&gt; false
 *            a promise?              -&gt; keep v, settle
 *            a waiting taker?        -&gt; hand v over
 *            room, nobody waits?     -&gt; buffer v
 *            else                    -&gt; queue, divert producers, settle again; then wait
 * take():  the mirror image
 * settle:  while takers wait and the buffer has a value: claim the first taker, hand it the oldest value
 *          while putters wait and the buffer has room:   claim the first putter, buffer its value
 * </pre>
 *
 * <p><b>Why no wake-up is lost.</b> A taker that is about to wait diverts the consumer index and
 * then reads the producer index; a lock-free putter moves the producer index and then reads the
 * consumer index. Both are volatile, so one of the two sees the other: the taker finds the value
 * when it settles again, or the putter settles. The other direction likewise.
 *
 * <p><b>Why nobody is overtaken.</b> An operation that begins when others wait finds its side
 * diverted and queues behind them under the lock. There settling leaves waiters only if at some
 * moment there was nothing for them; what lock-free operations brought since then is theirs, too.
 *
 * <p><b>Why no value is lost or doubled.</b> Each moves once from a putter into a slot of the ring,
 * by an atomic claim of the position, or under the lock; and once out of it, likewise. When values
 * are handed to waiting takers the consumer side is diverted, so between claiming a taker and
 * removing the value nobody can take that value away.
 *
 * <p><b>Why close is exact.</b> Closing sets the bit in the producer index, so a lock-free put is
 * either before it, and drained, or after it, and refused. The bit is set before {@link #closing}
 * can be seen: who has seen it finds puts refused. A cancel sets both bits first, so a concurrent
 * take gets its value before the cancel or not at all.
 *
 * <p>The lock is held for a bounded number of steps per value moved, never while user code runs or
 * anything blocks; so waiting for it spins. Queues, {@link #toWake} and the non-ring store are
 * guarded by it. The ring and {@link #closing} are written under it and read without.
 *
 * <p>Alts over several channels: {@link Selection}. The queue-under-a-lock half is that of Go's
 * {@code chan.go}; the ring is in {@link Ring}.
 */
abstract class Kernel<T> {
  private static final AtomicLong NEXT_ORDER = new AtomicLong();
  private static final int SPINS_BEFORE_YIELD = 64;

  private static final VarHandle LOCK;
  private static final VarHandle ORDER;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LOCK = lookup.findVarHandle(Kernel.class, "lock", int.class);
      ORDER = lookup.findVarHandle(Kernel.class, "order", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through LOCK
  private volatile int lock;

  /** The place in the order in which an alts locks several channels; 0 until one needs it. */
  private volatile long order;

  /** The buffer of a channel with a fixed capacity, made when the first value is to be buffered. */
  private volatile @Nullable Ring<T> ring;

  private final int ringCapacity;

  /** The buffer of a channel that drops, slides, promises or has no bound. */
  private final @Nullable Store<T> store;

  /** Values that came home: taken before, not wanted, and next in line. Guarded by the lock. */
  private @Nullable ArrayDeque<T> returned;

  private final WaitQueue takers = new WaitQueue();
  private final WaitQueue putters = new WaitQueue();

  /** Who waits for the end; made for the first one. */
  private @Nullable WaitQueue watchers;

  private volatile @Nullable Closing closing;

  /** Arms that were completed under the lock and are to be woken after it is released. */
  private @Nullable Arm toWake;

  /**
   * Makes a channel with a ring, with a store, or with neither.
   *
   * @param ringCapacity the capacity of a fixed buffer; 0 for none
   * @param store another kind of buffer; null for none
   */
  Kernel(int ringCapacity, @Nullable Store<T> store) {
    this.ringCapacity = ringCapacity;
    this.store = store;
  }

  // ---- without the lock

  /** Puts if that needs no lock; false says nothing. */
  final boolean putFast(T value) {
    Ring<T> buffer = ring;
    if (buffer == null || buffer.offer(value) != Ring.Offered.ACCEPTED) {
      return false;
    }
    if (buffer.consumersDiverted()) {
      settleAndWake();
    }
    return true;
  }

  /** Takes if that needs no lock; null says nothing. */
  final @Nullable T takeFast() {
    Ring<T> buffer = ring;
    if (buffer == null) {
      return null;
    }
    T value = buffer.poll();
    if (value != null && buffer.producersDiverted()) {
      settleAndWake();
    }
    return value;
  }

  /** Whether there is a buffer that can be tried without the lock. */
  final boolean hasRing() {
    return ring != null;
  }

  /** Why the channel was closed; null while it is open. */
  final @Nullable Closing closing() {
    return closing;
  }

  final int bufferSize() {
    Ring<T> buffer = ring;
    if (buffer != null) {
      return buffer.size();
    }
    return store == null ? 0 : store.size();
  }

  /** Whether a taken value stays, so that taking all there is would never end. */
  final boolean retains() {
    return store != null && store.retains();
  }

  /** How many operations wait to take: an estimate. */
  public final int waitingTakers() {
    return takers.size();
  }

  /** How many operations wait to put: an estimate. */
  public final int waitingPutters() {
    return putters.size();
  }

  /** The place of this channel in the order in which locks are taken: distinct for each channel. */
  final long order() {
    long place = order;
    if (place == 0) {
      ORDER.compareAndSet(this, 0L, NEXT_ORDER.incrementAndGet());
      place = order;
    }
    return place;
  }

  // ---- the lock

  @SuppressWarnings("ThreadPriorityCheck") // a yield between attempts, not a way to order threads
  final void acquire() {
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
    if (watchers != null && isDrainedLocked()) {
      endAll(watchers);
    }
    Arm chain = toWake;
    toWake = null;
    LOCK.setRelease(this, 0);
    return chain;
  }

  final void releaseAndWake() {
    wake(release());
  }

  static void wake(@Nullable Arm chain) {
    for (Arm arm = chain; arm != null; ) {
      Arm next = arm.nextToWake;
      arm.waiter().wake();
      arm = next;
    }
  }

  // ---- under the lock

  /** Takes what there is: a value, {@link Signal#CLOSED}, or null when it would have to wait. */
  final @Nullable Object takeLocked() {
    settle();
    // takers who wait on found the buffer empty: what was put since then is theirs
    T value = takers.isEmpty() ? pollBuffer() : null;
    if (value != null) {
      settle();
      return value;
    }
    Arm putter = putters.claimFirst();
    if (putter != null) {
      Object item = putter.item;
      complete(putter, null);
      divert();
      return item;
    }
    return closing == null ? null : Signal.CLOSED;
  }

  /**
   * Puts if that needs no waiting.
   *
   * @return null if the value is in; {@link Signal#FULL} if it would have to wait; {@link
   *     Signal#CLOSED}; or the value that the buffer lost, the put one being in (or lost itself)
   */
  final @Nullable Object putLocked(T value) {
    settle();
    if (closing != null) {
      return Signal.CLOSED;
    }
    if (store != null && store.retains()) {
      // kept first, then given to all who wait: one taker must not carry it away
      Object lost = store.offer(value);
      settle();
      return lost;
    }
    Arm taker = takers.claimFirst();
    if (taker != null) {
      complete(taker, value);
      divert();
      return null;
    }
    if (ringCapacity > 0) {
      // putters who wait on found the buffer full: what was taken since then makes room for them
      return putters.isEmpty() && ringLocked().offerLocked(value) ? null : Signal.FULL;
    }
    return store == null ? Signal.FULL : store.offer(value);
  }

  /** Queues an arm, which the rest of this critical section may complete at once. */
  final void enqueue(Arm arm) {
    queue(arm.direction).add(arm);
    divert();
  }

  /** Matches an arm that was just queued with what lock-free operations did meanwhile. */
  final void settle() {
    match();
    divert();
  }

  private void match() {
    boolean moved;
    do {
      moved = serveTakers();
      moved |= admitPutters();
    } while (moved);
  }

  private boolean serveTakers() {
    boolean served = false;
    while (!takers.isEmpty() && !isBufferEmpty()) {
      Arm taker = takers.claimFirst();
      if (taker != null) {
        complete(taker, pollBuffer());
        served = true;
      }
    }
    return served;
  }

  private boolean admitPutters() {
    boolean admitted = false;
    while (closing == null && !putters.isEmpty() && hasRoom()) {
      Arm putter = putters.claimFirst();
      if (putter != null) {
        ringLocked().offerLocked(itemOf(putter));
        complete(putter, null);
        admitted = true;
      }
    }
    return admitted;
  }

  @SuppressWarnings("unchecked")
  private T itemOf(Arm putter) {
    return (T) Objects.requireNonNull(putter.item);
  }

  /** Takes an arm whose waiter gave up, or was chosen elsewhere, out of its queue. */
  final void leave(Arm arm) {
    if (arm.next == null) {
      return; // never queued again, so a racy look is enough
    }
    acquire();
    if (queue(arm.direction).remove(arm)) {
      divert();
    }
    releaseAndWake();
  }

  /**
   * Gives back a value that was taken and is not wanted: it is the next to be taken. While such
   * values are there, takes are diverted to the lock, so that none passes them.
   *
   * @return false if the channel is closed and drained: nobody will take it any more
   */
  final boolean putBack(T value) {
    acquire();
    boolean open = !isDrainedLocked();
    if (open) {
      if (returned == null) {
        returned = new ArrayDeque<>(1);
      }
      returned.addFirst(value);
      divert();
      settle();
    }
    releaseAndWake();
    return open;
  }

  /** Closes; what is buffered or waits to be put is still delivered. */
  final void closeBecause(Closing why) {
    acquire();
    if (closing == null) {
      Ring<T> buffer = ring;
      if (buffer != null) {
        buffer.divertProducers(true);
      }
      closing = why;
      settle();
      if (isDrainedLocked()) {
        endAll(takers);
      }
      divert();
    }
    releaseAndWake();
  }

  /** Closes and refuses what waits; answers what was buffered and will not be taken. */
  final List<T> cancelBecause(Closing why) {
    List<T> left = new ArrayList<>();
    acquire();
    Ring<T> buffer = ring;
    if (buffer != null) {
      buffer.divertConsumers(true);
      buffer.divertProducers(true);
    }
    match(); // a take that was before this cancel has let a waiting put in
    if (closing == null) {
      closing = why;
    }
    endAll(putters);
    if (store != null) {
      if (returned != null) {
        left.addAll(returned);
        returned.clear();
      }
      store.clear(left);
    } else {
      for (T value = pollBuffer(); value != null; value = pollBuffer()) {
        left.add(value);
      }
    }
    endAll(takers);
    divert();
    releaseAndWake();
    return left;
  }

  /** Whether it is closed and nothing is left to take; with the lock held. */
  final boolean isDrainedLocked() {
    return closing != null && isBufferEmpty() && !putters.anyOpen();
  }

  private void endAll(WaitQueue queue) {
    for (Arm arm = queue.claimFirst(); arm != null; arm = queue.claimFirst()) {
      complete(arm, Signal.CLOSED);
    }
  }

  private void complete(Arm arm, @Nullable Object outcome) {
    arm.item = outcome;
    arm.waiter().finish(arm);
    if (arm.asleep) {
      arm.nextToWake = toWake;
      toWake = arm;
    }
  }

  private void settleAndWake() {
    acquire();
    settle();
    releaseAndWake();
  }

  private void divert() {
    Ring<T> buffer = ring;
    if (buffer != null) {
      divert(buffer);
    }
  }

  private void divert(Ring<T> buffer) {
    buffer.divertConsumers(!takers.isEmpty() || (returned != null && !returned.isEmpty()));
    buffer.divertProducers(closing != null || !putters.isEmpty());
  }

  private Ring<T> ringLocked() {
    Ring<T> buffer = ring;
    if (buffer == null) {
      buffer = new Ring<>(ringCapacity);
      divert(buffer);
      ring = buffer;
    }
    return buffer;
  }

  private @Nullable T pollBuffer() {
    if (returned != null && !returned.isEmpty()) {
      return returned.poll();
    }
    Ring<T> buffer = ring;
    if (buffer != null) {
      return buffer.pollLocked();
    }
    return store == null ? null : store.poll();
  }

  private boolean isBufferEmpty() {
    if (returned != null && !returned.isEmpty()) {
      return false;
    }
    Ring<T> buffer = ring;
    if (buffer != null) {
      return buffer.isEmpty();
    }
    return store == null || store.isEmpty();
  }

  /** Only a fixed buffer is ever full: the other kinds accept, or there is none. */
  private boolean hasRoom() {
    Ring<T> buffer = ring;
    return buffer == null ? ringCapacity > 0 : !buffer.isFull();
  }

  private WaitQueue queue(Direction direction) {
    return switch (direction) {
      case TAKE -> takers;
      case PUT -> putters;
      case END -> {
        WaitQueue present = watchers;
        if (present == null) {
          present = new WaitQueue();
          watchers = present;
        }
        yield present;
      }
    };
  }
}
