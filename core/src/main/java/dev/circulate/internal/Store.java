package dev.circulate.internal;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A buffer that is used under the channel's lock only. */
abstract class Store<T> {
  /** Accepts the value; answers null, or what was lost for it. */
  abstract @Nullable Object offer(T value);

  abstract @Nullable T poll();

  /** What {@link #poll} would answer. */
  abstract @Nullable T peek();

  abstract int size();

  /** Empties the store into {@code left}. */
  abstract void clear(List<T> left);

  final boolean isEmpty() {
    return size() == 0;
  }

  /** Whether a taken value stays, so that taking all there is would never end. */
  boolean retains() {
    return false;
  }

  /**
   * A queue; what happens when it holds {@code capacity} values is the subclass's. When there is no
   * memory to hold one more it is as it was: {@link java.util.ArrayDeque} then seems empty. When it
   * was long and is empty again it goes on in the slots that it began with, which takes no memory:
   * a channel that once had a million values does not keep the room for them.
   */
  abstract static class Queued<T> extends Store<T> {
    private static final int FIRST_SLOTS = 8;

    /** So many are kept for the next time. */
    private static final int SLOTS_TO_KEEP = 1024;

    private final @Nullable Object[] firstSlots = new Object[FIRST_SLOTS];

    /** Their number is a power of two. */
    @Nullable Object[] slots = firstSlots;

    private int first;
    private volatile int size;

    @Override
    final @Nullable T poll() {
      T value = peek();
      if (value != null) {
        slots[first] = null;
        first = slot(1);
        resize(-1);
        if (slots.length > SLOTS_TO_KEEP && size == 0) {
          slots = firstSlots;
          first = 0;
        }
      }
      return value;
    }

    @Override
    @SuppressWarnings("unchecked")
    final @Nullable T peek() {
      return (T) slots[first];
    }

    @Override
    final int size() {
      return size;
    }

    @Override
    final void clear(List<T> left) {
      for (T value = poll(); value != null; value = poll()) {
        left.add(value);
      }
    }

    final void add(T value) {
      int held = size;
      if (held == slots.length) {
        grow();
      }
      slots[slot(held)] = value;
      resize(1);
    }

    private void grow() {
      @Nullable Object[] more = new Object[2 * slots.length];
      int tail = slots.length - first;
      System.arraycopy(slots, first, more, 0, tail);
      System.arraycopy(slots, 0, more, tail, first);
      Arrays.fill(firstSlots, null); // they are kept, and what was in them must not be
      slots = more;
      first = 0;
    }

    private int slot(int place) {
      return (first + place) & (slots.length - 1);
    }

    /** Under the lock; others only read it. */
    private void resize(int change) {
      int held = size;
      size = held + change;
    }
  }

  /** Loses the newest. */
  static final class Dropping<T> extends Queued<T> {
    private final int capacity;

    Dropping(int capacity) {
      this.capacity = capacity;
    }

    @Override
    @Nullable Object offer(T value) {
      if (size() == capacity) {
        return value;
      }
      add(value);
      return null;
    }
  }

  /** Loses the oldest. */
  static final class Sliding<T> extends Queued<T> {
    private final int capacity;

    Sliding(int capacity) {
      this.capacity = capacity;
    }

    @Override
    @Nullable Object offer(T value) {
      Object lost = size() == capacity ? poll() : null;
      add(value);
      return lost;
    }
  }

  /** Loses nothing. */
  static final class Unbounded<T> extends Queued<T> {
    @Override
    @Nullable Object offer(T value) {
      add(value);
      return null;
    }
  }

  /** Has one value at the most, without a queue for it, and loses all that come after it. */
  abstract static class One<T> extends Store<T> {
    volatile @Nullable T value;

    @Override
    final @Nullable Object offer(T value) {
      if (this.value != null) {
        return value;
      }
      this.value = value;
      return null;
    }

    @Override
    final @Nullable T peek() {
      return value;
    }

    @Override
    final int size() {
      return value == null ? 0 : 1;
    }

    @Override
    final void clear(List<T> left) {
      T held = value;
      value = null;
      if (held != null) {
        left.add(held);
      }
    }
  }

  /** A go block's result. */
  static final class Single<T> extends One<T> {
    @Override
    @Nullable T poll() {
      T taken = value;
      value = null;
      return taken;
    }
  }

  /** Keeps the first value for ever. */
  static final class Promise<T> extends One<T> {
    @Override
    @Nullable T poll() {
      return value;
    }

    @Override
    boolean retains() {
      return true;
    }
  }
}
