package dev.circulate.internal;

import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A channel that is a thin face over two local ones with something between them: puts go into one,
 * takes come from the other. What is put, and what is done once it is accepted, is said in {@link
 * PutSide}, for an alts and for a put alike.
 *
 * @param <T> the type of the values
 */
public abstract class TwoSidedChannel<T>
    implements Channel<T>, ForwardingReadPort<T>, TakeSide<T>, PutSide<T> {

  /** Closes, with a cause if there is one. */
  protected abstract void closeBecause(@Nullable Throwable cause);

  /** Cancels, with a cause if there is one. */
  protected abstract void cancelBecause(@Nullable Throwable cause);

  // ---- putting

  @Override
  public final boolean put(T value) throws InterruptedException {
    try {
      Object item = checked(value);
      return followed(item, entry().put(item));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean offer(T value) {
    try {
      Object item = checked(value);
      return followed(item, entry().offer(item));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean offer(T value, Duration timeout) throws InterruptedException {
    try {
      Object item = checked(value);
      return followed(item, entry().offer(item, timeout));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private Object checked(T value) {
    return asPut(Objects.requireNonNull(value, "null cannot be put into a channel"));
  }

  /** The putting side, which takes whatever {@link #asPut} makes of a value. */
  @SuppressWarnings("unchecked")
  private LocalChannel<Object> entry() {
    return (LocalChannel<Object>) putSide();
  }

  private boolean followed(Object item, boolean accepted) {
    if (accepted) {
      afterPut(item);
    }
    return accepted;
  }

  // ---- taking

  @Override
  public final ReadPort<T> source() {
    return takeSide();
  }

  // ---- closing

  @Override
  public final void close() {
    ending(this::closeBecause, null);
  }

  @Override
  public final void close(Throwable cause) {
    ending(this::closeBecause, Objects.requireNonNull(cause, "cause"));
  }

  @Override
  public final void cancel() {
    ending(this::cancelBecause, null);
  }

  @Override
  public final void cancel(Throwable cause) {
    ending(this::cancelBecause, Objects.requireNonNull(cause, "cause"));
  }

  private void ending(Consumer<@Nullable Throwable> step, @Nullable Throwable cause) {
    try {
      step.accept(cause);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public final boolean isClosed() {
    return putSide().isClosed();
  }

  @Override
  public @Nullable Throwable closeCause() {
    return putSide().closeCause();
  }

  // ---- the rest

  @Override
  public final ReadPort<T> readPort() {
    return new ReadFace<>(this, this);
  }

  @Override
  public final WritePort<T> writePort() {
    return new WriteFace<>(this, this);
  }

  @Override
  public int buffered() {
    return takeSide().buffered();
  }

  @Override
  public final int waitingTakers() {
    return takeSide().waitingTakers();
  }

  @Override
  public final int waitingPutters() {
    return putSide().waitingPutters();
  }

  @Override
  public final String toString() {
    return putSide().toString();
  }
}
