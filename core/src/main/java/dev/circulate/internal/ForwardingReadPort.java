package dev.circulate.internal;

import dev.circulate.ReadPort;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port that takes from another. It is reachable as long as one of its operations is under way: a
 * proxy that was collected has nothing more to say to its owner.
 *
 * @param <T> the type of the values
 */
public interface ForwardingReadPort<T> extends ReadPort<T> {
  /** Where the values come from. */
  ReadPort<T> source();

  @Override
  default @Nullable T take() throws InterruptedException {
    try {
      return source().take();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  default @Nullable T poll() {
    try {
      return source().poll();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  default @Nullable T poll(Duration timeout) throws InterruptedException {
    try {
      return source().poll(timeout);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  default List<T> drain(int most) {
    try {
      return source().drain(most);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  default boolean isClosed() {
    return source().isClosed();
  }

  @Override
  default @Nullable Throwable closeCause() {
    return source().closeCause();
  }
}
