package dev.circulate.internal;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@link Kernel} in two groups that share no cache line: what every operation reads
 * and hardly any writes, and what every operation under the lock writes.
 *
 * <p>So an operation on another processor than the last finds what it must know about the channel
 * in its own cache, and the lock together with the queues that it guards come over in one piece:
 * taking the lock, and not reading something beside it, is the first that touches their line. For
 * two threads that meet on two processors this is most of what a rendezvous costs.
 *
 * <p>A virtual machine lays out the fields of a class after those of its superclass, and may move
 * them only within one class; so the gap is a class.
 */
final class KernelFields {
  private KernelFields() {}

  /** What is mostly read. */
  abstract static class Settled<T> {
    /** What few channels have. */
    final @Nullable Traits<T> traits;

    final int ringCapacity;

    /** The buffer of a channel that drops, slides, promises or has no bound. */
    final @Nullable Store<T> store;

    /** The buffer of a channel with a fixed capacity, made when the first value is buffered. */
    volatile @Nullable Ring<T> ring;

    /** Values that came home: taken before, not wanted, and next in line. Guarded by the lock. */
    @Nullable ArrayDeque<T> returned;

    /** How many those are; written under the lock, read without. */
    volatile int givenBack;

    /** The place in the order in which an alts locks several channels; 0 until one needs it. */
    volatile long order;

    Settled(@Nullable Traits<T> traits, int ringCapacity, @Nullable Store<T> store) {
      this.traits = traits;
      this.ringCapacity = ringCapacity;
      this.store = store;
    }
  }

  @SuppressWarnings("unused") // it keeps the two groups apart
  abstract static class Gap<T> extends Settled<T> {
    private long l1;
    private long l2;
    private long l3;
    private long l4;
    private long l5;
    private long l6;
    private long l7;

    Gap(@Nullable Traits<T> traits, int ringCapacity, @Nullable Store<T> store) {
      super(traits, ringCapacity, store);
    }
  }

  /** What is written: but for the lock itself, the slot and the advice, under the lock. */
  abstract static class Contended<T> extends Gap<T> {
    @SuppressWarnings("unused") // through a VarHandle
    volatile int lock;

    /** Who waits alone; see {@link WaitingRoom}. */
    volatile @Nullable Waiter slot;

    int takers;
    int putters;

    /** What {@link Patience} advised last, and for how many waits more that is to be trusted. */
    int advice;

    int trustedWaits;

    /** The last of those who wait to take; see {@link WaitQueue}. */
    @Nullable Arm lastTaker;

    /** The last of those who wait to put. */
    @Nullable Arm lastPutter;

    /** The last of those who wait for the end. */
    @Nullable Arm lastWatcher;

    /**
     * Arms that were completed under the lock and are to be woken after it is released; each leads
     * to the one before.
     */
    @Nullable Arm toWake;

    /** Why the channel was closed; read without the lock, too. */
    volatile @Nullable Closing closing;

    Contended(@Nullable Traits<T> traits, int ringCapacity, @Nullable Store<T> store) {
      super(traits, ringCapacity, store);
    }
  }
}
