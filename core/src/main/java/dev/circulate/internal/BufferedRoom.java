package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/**
 * What lies between the putters and the takers of a channel: values that came home, which are the
 * next to be taken, and then the ring of a fixed buffer, made when the first value comes, or the
 * store of a buffer of another kind.
 *
 * <p>All but {@link #bufferSize} and {@link #retains} is for the lock's holder. The ring is also
 * worked on without the lock, unless it is {@link #divert diverted}; see {@link Kernel}.
 */
abstract class BufferedRoom<T> extends WaitingRoom<T> {
  BufferedRoom(@Nullable Traits<T> traits, int ringCapacity, @Nullable Store<T> store) {
    super(traits, ringCapacity, store);
  }

  final int bufferSize() {
    Ring<T> buffer = ring;
    if (buffer != null) {
      return givenBack + buffer.size();
    }
    return givenBack + (store == null ? 0 : store.size());
  }

  /** Whether a taken value stays, so that taking all there is would never end. */
  final boolean retains() {
    return store != null && store.retains();
  }

  @Override
  final boolean isFreeToMeet() {
    return !hasBuffer();
  }

  /** Whether there is, or may be, anything between putters and takers. */
  final boolean hasBuffer() {
    return ringCapacity > 0 || store != null || (returned != null && !returned.isEmpty());
  }

  /** Has lock-free operations go on, or ask the lock, as who waits and what came home demand. */
  final void divert() {
    Ring<T> buffer = ring;
    if (buffer != null) {
      divert(buffer);
    }
  }

  private void divert(Ring<T> buffer) {
    buffer.divertConsumers(lastTaker != null || (returned != null && !returned.isEmpty()));
    buffer.divertProducers(closing != null || lastPutter != null);
  }

  final Ring<T> ringLocked() {
    Ring<T> buffer = ring;
    if (buffer == null) {
      buffer = new Ring<>(ringCapacity);
      divert(buffer);
      ring = buffer;
    }
    return buffer;
  }

  final @Nullable T pollBuffer() {
    if (returned != null && !returned.isEmpty()) {
      T next = returned.poll();
      givenBack = returned.size();
      return next;
    }
    Ring<T> buffer = ring;
    if (buffer != null) {
      return buffer.pollLocked();
    }
    return store == null ? null : store.poll();
  }

  /** The next value in the buffer, while takers wait, so that lock-free takes are diverted. */
  final @Nullable T peekBuffer() {
    if (returned != null && !returned.isEmpty()) {
      return returned.peek();
    }
    Ring<T> buffer = ring;
    if (buffer != null) {
      return buffer.peekLocked();
    }
    return store == null ? null : store.peek();
  }

  final boolean isBufferEmpty() {
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
  final boolean hasRoom() {
    Ring<T> buffer = ring;
    return buffer == null ? ringCapacity > 0 : !buffer.isFull();
  }
}
