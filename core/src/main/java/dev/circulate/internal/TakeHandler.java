package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a take that no thread waits for. One of the methods is called, once, by the
 * thread that put or closed, with no lock held; it must not block. Handlers of different takes may
 * be called in any order: who minds the order has one take under way at a time.
 */
public interface TakeHandler<T> {
  /** The take got a value. */
  void taken(T value);

  /** The channel is closed and drained. */
  void ended(@Nullable Throwable cause);
}
