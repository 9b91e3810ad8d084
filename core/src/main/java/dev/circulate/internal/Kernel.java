package dev.circulate.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
 * settle:  while takers wait and the buffer has a value: hand the oldest value to the first taker
 *          while putters wait and the buffer has room:   buffer the value of the first putter
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
 * are handed to waiting takers the consumer side is diverted, so between completing a taker and
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
abstract class Kernel<T> extends BufferedRoom<T> {
  private static final AtomicLong NEXT_ORDER = new AtomicLong();

  private static final VarHandle ORDER;

  static {
    try {
      ORDER = MethodHandles.lookup().findVarHandle(KernelFields.Settled.class, "order", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  Kernel(@Nullable Traits<T> traits, int ringCapacity, @Nullable Store<T> store) {
    super(traits, ringCapacity, store);
  }

  // ---- without the lock

  /** Puts if that needs no lock; false says nothing. */
  final boolean putFast(T value) {
    Ring<T> buffer = ring;
    if (buffer == null) {
      return giveToLonely(value);
    }
    if (buffer.offer(value) != Ring.Offered.ACCEPTED) {
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
      return takeFromLonely();
    }
    T value = buffer.poll();
    if (value != null && buffer.producersDiverted()) {
      settleAndWake();
    }
    return value;
  }

  /** As {@link #putFast}, by one who may wait: keeps clear of takers who are at work. */
  final boolean putInPace(T value) {
    Ring<T> buffer = ring;
    if (buffer != null && buffer.consumersAreClose()) {
      buffer.awaitRoom(Patience.KEEPING_CLEAR);
    }
    return putFast(value);
  }

  /** As {@link #takeFast}, by one who may wait: keeps clear of putters who are at work. */
  final @Nullable T takeInPace() {
    Ring<T> buffer = ring;
    if (buffer != null && buffer.producersAreClose()) {
      buffer.awaitValues(Patience.KEEPING_CLEAR);
    }
    return takeFast();
  }

  /** Why the channel was closed; null while it is open. */
  final @Nullable Closing closing() {
    return closing;
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

  // ---- under the lock

  /** Takes what there is: a value, {@link Signal#CLOSED}, or null when it would have to wait. */
  final @Nullable Object takeLocked() {
    settle();
    // takers who wait on found the buffer empty: what was put since then is theirs
    T value = lastTaker == null ? pollBuffer() : null;
    if (value != null) {
      settle();
      return value;
    }
    T item = takeFromPutter();
    divert();
    return item != null || closing == null ? item : Signal.CLOSED;
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
    if (giveToTaker(value)) {
      divert();
      return null;
    }
    if (ringCapacity > 0) {
      // putters who wait on found the buffer full: what was taken since then makes room for them
      return lastPutter == null && ringLocked().offerLocked(value) ? null : Signal.FULL;
    }
    return store == null ? Signal.FULL : store.offer(value);
  }

  /** The same, but that it lets go of the lock if it throws, having no memory for the value. */
  final @Nullable Object putOrRelease(T value) {
    try {
      return putLocked(value);
    } catch (Throwable e) {
      releaseAndWake();
      throw e;
    }
  }

  /** Queues an arm, and matches it with what lock-free operations did meanwhile. */
  final void enqueueAndSettle(Arm arm) {
    enqueue(arm);
    settleQueued();
  }

  /** Matches arms that were just queued with what lock-free operations did meanwhile. */
  final void settleQueued() {
    divert();
    settle();
  }

  @Override
  final void removed() {
    divert();
  }

  /** Matches who waits with what is there. */
  final void settle() {
    if (hasBuffer()) {
      match();
      divert();
    }
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
    while (lastTaker != null) {
      T value = peekBuffer();
      if (value == null) {
        break;
      }
      if (giveToTaker(value)) {
        pollBuffer();
        served = true;
      }
    }
    return served;
  }

  private boolean admitPutters() {
    boolean admitted = false;
    while (closing == null && lastPutter != null && hasRoom()) {
      T item = takeFromPutter();
      if (item != null) {
        ringLocked().offerLocked(item);
        admitted = true;
      }
    }
    return admitted;
  }

  /**
   * Gives back a value that was taken and is not wanted: it is the next to be taken. While such
   * values are there, takes are diverted to the lock, so that none passes them.
   *
   * @return false if the channel is closed and drained: nobody will take it any more
   */
  final boolean putBack(T value) {
    acquire();
    try {
      boolean open = !isDrainedLocked();
      if (open) {
        if (returned == null) {
          returned = new ArrayDeque<>(1);
        }
        returned.addFirst(value);
        givenBack = returned.size();
        divert();
        settle();
      }
      return open;
    } finally {
      releaseAndWake();
    }
  }

  /** Closes; what is buffered or waits to be put is still delivered. */
  final void closeBecause(Closing why) {
    acquire();
    closeLocked(why);
    releaseAndWake();
  }

  /** Puts a last value, if that needs no waiting, and closes, at one stroke. */
  final void closeAfter(T last, Closing why) {
    acquire();
    putOrRelease(last);
    closeLocked(why);
    releaseAndWake();
  }

  private void closeLocked(Closing why) {
    if (closing == null) {
      Ring<T> buffer = ring;
      if (buffer != null) {
        buffer.divertProducers(true);
      }
      closing = why;
      settle();
      endTakers(); // there is nothing for them, but for an alts what it puts itself
      divert();
    }
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
    endPutters();
    if (store != null) {
      if (returned != null) {
        left.addAll(returned);
        returned.clear();
        givenBack = 0;
      }
      store.clear(left);
    } else {
      for (T value = pollBuffer(); value != null; value = pollBuffer()) {
        left.add(value);
      }
    }
    endTakers();
    divert();
    releaseAndWake();
    return left;
  }

  @Override
  final boolean isDrainedLocked() {
    return closing != null && isBufferEmpty() && !isPutterOpen();
  }

  /** How to spend the first moments of a wait for this channel: see {@link Patience}. */
  final int patience() {
    int waits = trustedWaits;
    if (waits > 0) {
      trustedWaits = waits - 1;
      return advice;
    }
    int asked = Time.current().patience();
    advice = asked;
    trustedWaits = asked == Patience.SPIN_FOR_A_CARRIER ? 0 : Patience.WAITS_BETWEEN_QUESTIONS;
    return asked;
  }

  private void settleAndWake() {
    acquire();
    settle();
    releaseAndWake();
  }
}
