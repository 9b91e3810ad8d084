package dev.circulate.internal;

import dev.circulate.InterruptedTakeException;
import dev.circulate.ReadPort;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Takes from a port until it is closed and drained; used by one thread at a time. */
public final class PortIterator<T> implements Iterator<T> {
  private final ReadPort<T> port;
  private @Nullable T next;
  private boolean ended;

  /** An iterator that takes from {@code port}. */
  public PortIterator(ReadPort<T> port) {
    this.port = port;
  }

  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      try {
        next = port.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedTakeException(e);
      }
      ended = next == null;
    }
    return next != null;
  }

  @Override
  public T next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException(port + " is closed and drained");
    }
    T value = next;
    next = null;
    return value;
  }
}
