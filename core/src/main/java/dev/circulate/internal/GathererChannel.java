package dev.circulate.internal;

import dev.circulate.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose values pass through a {@link Gatherer}: two local channels, and the gatherer at
 * work between them.
 *
 * <pre>
 *   put -&gt; inlet (rendezvous) -&gt; intake -&gt; accepted (queue) -&gt; gatherer -&gt; outlet -&gt; take
 *          putters wait here    one at a time               whoever has   results and takers
 *                                                           the role      wait here
 *          |------------ {@link Places} -------------|------ {@link GathererWork} ------|
 * </pre>
 *
 * <p><b>Where user code runs.</b> A putter's thread transforms what it put, or leaves that to who
 * is at it. A poll or a drain takes the role first, if it is free, and transforms what it makes
 * room for: so it finds what a waiting putter held, as in any channel. What a handler put is
 * transformed by a virtual thread.
 *
 * <p>Buffers that are never full (dropping, sliding, promise, unbounded) take what the gatherer
 * emits at once. Their places bound only what was accepted and waits for the gatherer.
 *
 * @param <T> the type of the values
 */
public final class GathererChannel<T> extends TwoSidedChannel<T> {
  private static final int UNTRANSFORMED_AT_MOST = 64;

  private final LocalChannel<Object> inlet;
  private final LocalChannel<T> outlet;

  /** Whether results wait at the outlet and keep their places. */
  private final boolean bounded;

  private final GathererWork<T> work;
  private final Places<T> places;

  private GathererChannel(
      Buffer buffer,
      @Nullable String name,
      @Nullable Consumer<? super T> onUndelivered,
      Gatherer<? super T, ?, ? extends T> gatherer,
      @Nullable Function<? super Throwable, ? extends @Nullable T> onFailure) {
    this.bounded = buffer instanceof Buffer.Fixed;
    String both = // for the listing: both sides are one channel
        name != null
            ? name
            : "with gatherer @" + Integer.toHexString(System.identityHashCode(this));
    this.outlet =
        LocalChannel.open(bounded ? new Buffer.Rendezvous() : buffer, both, onUndelivered);
    this.inlet = LocalChannel.open(new Buffer.Rendezvous(), both, this::neverPut);
    int capacity = buffer instanceof Buffer.Fixed(int most) ? most : UNTRANSFORMED_AT_MOST;
    this.work = new GathererWork<>(inlet, outlet, capacity, bounded, gatherer, onFailure);
    this.places = work.places();
  }

  /**
   * Makes a channel with a gatherer.
   *
   * @throws IllegalArgumentException if the buffer holds nothing
   */
  public static <T> GathererChannel<T> open(
      Buffer buffer,
      @Nullable String name,
      @Nullable Consumer<? super T> onUndelivered,
      Gatherer<? super T, ?, ? extends T> gatherer,
      @Nullable Function<? super Throwable, ? extends @Nullable T> onFailure) {
    if (buffer instanceof Buffer.Rendezvous) {
      throw new IllegalArgumentException(
          "a channel with a gatherer needs a buffer for what the gatherer emits, such as fixed(1);"
              + " a rendezvous has none");
    }
    GathererChannel<T> channel =
        new GathererChannel<>(buffer, name, onUndelivered, gatherer, onFailure);
    channel.outlet.onClose(channel.inlet::cancel); // whoever cancels the outlet alone
    channel.places.admit();
    return channel;
  }

  // ---- putting

  /** The inlet, which takes any object: what goes in there is {@link #asPut} of a value. */
  @Override
  @SuppressWarnings("unchecked")
  public LocalChannel<T> putSide() {
    return (LocalChannel<T>) (LocalChannel<?>) inlet;
  }

  @Override
  public Object asPut(T value) {
    return new GathererWork.Attended(value);
  }

  @Override
  public void afterPut(Object put) {
    ((GathererWork.Attended) put).awaitQueued();
    work.run();
  }

  @Override
  public boolean offer(T value) {
    while (!super.offer(value)) {
      if (inlet.isClosed() || places.isFull()) {
        return false;
      }
      places.admit();
      work.unattended(); // what that let in may have nobody who comes for it
      Patience.letOthersRun(); // who is between two steps takes the second
    }
    return true;
  }

  @Override
  public boolean offer(T value, Duration timeout) throws InterruptedException {
    return timeout.isPositive() ? super.offer(value, timeout) : offer(value);
  }

  // ---- taking

  @Override
  public LocalChannel<T> takeSide() {
    return outlet;
  }

  @Override
  public @Nullable T poll() {
    if (!work.claim()) {
      return outlet.poll();
    }
    try {
      work.turn();
      T value = outlet.poll();
      work.turn();
      return value;
    } finally {
      work.release();
    }
  }

  @Override
  public @Nullable T poll(Duration timeout) throws InterruptedException {
    T value = timeout.isPositive() ? null : poll();
    return value != null ? value : super.poll(timeout);
  }

  @Override
  public List<T> drain(int most) {
    if (!bounded || !work.claim()) {
      return outlet.drain(most);
    }
    try {
      List<T> drained = new ArrayList<>();
      List<T> found;
      do {
        work.turn();
        found = outlet.drain(most - drained.size());
        drained.addAll(found);
      } while (!found.isEmpty());
      work.turn();
      return drained;
    } finally {
      work.release();
    }
  }

  // ---- closing

  @Override
  protected void closeBecause(@Nullable Throwable cause) {
    work.ending(() -> inlet.close(Closing.of(cause)));
  }

  @Override
  protected void cancelBecause(@Nullable Throwable cause) {
    work.ending(
        () -> {
          inlet.cancel(Closing.of(cause));
          cancelOutlet();
        });
  }

  private void cancelOutlet() {
    // results first, and in order: a cancel would hand them to the hook in any
    if (bounded) {
      for (T value = outlet.poll(); value != null; value = outlet.poll()) {
        outlet.undelivered(value);
      }
    }
    outlet.cancel(Closing.of(inlet.closeCause()));
  }

  @Override
  public @Nullable Throwable closeCause() {
    Throwable cause = inlet.closeCause();
    return cause != null ? cause : outlet.closeCause();
  }

  /** The hook of the inlet, which holds nothing: for what a fan-out had no room for. */
  @SuppressWarnings("unchecked")
  private void neverPut(Object value) {
    outlet.undelivered((T) value);
  }

  // ---- the rest

  @Override
  public int buffered() {
    return bounded ? places.taken() : outlet.buffered();
  }
}
