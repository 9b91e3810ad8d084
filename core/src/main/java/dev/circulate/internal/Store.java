package dev.circulate.internal;

import java.util.ArrayDeque;
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

  /** A queue; what happens when it holds {@code capacity} values is the subclass's. */
  abstract static class Queued<T> extends Store<T> {
    final ArrayDeque<T> values = new ArrayDeque<>();
    private volatile int size;

    @Override
    @Nullable T poll() {
      T value = values.poll();
      size = values.size();
      return value;
    }

    @Override
    final @Nullable T peek() {
      return values.peek();
    }

    @Override
    final int size() {
      return size;
    }

    @Override
    final void clear(List<T> left) {
      left.addAll(values);
      values.clear();
      size = 0;
    }

    final void add(T value) {
      values.add(value);
      size = values.size();
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
      if (values.size() == capacity) {
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
      Object lost = values.size() == capacity ? values.poll() : null;
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
