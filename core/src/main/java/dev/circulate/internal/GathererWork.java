package dev.circulate.internal;

import dev.circulate.Transformation;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/**
 * The gatherer of a channel at work: a queue of what was accepted, and a role that one thread at a
 * time has, the one that runs the gatherer.
 *
 * <p><b>Always true.</b> While the queue holds something, somebody has the role, or a thread is on
 * its way to {@link #run()}: the one whose put was accepted, or a new virtual thread if the value
 * came from a put that no thread of ours follows (a handler).
 *
 * <p><b>Why nothing is left behind.</b> Who leaves the role looks at the queue again, and who adds
 * to the queue looks at the role afterwards: one of them sees the other. Only who has the role
 * polls the queue and emits, one value after the other. The end comes through the same queue, after
 * all that waited to be put.
 *
 * <p>The gatherer and the failure handler run with no lock held. A thread has the role for a
 * bounded number of values; a virtual thread goes on from there.
 *
 * @param <T> the type of the values
 */
final class GathererWork<T> implements Places.Entrance {
  private static final int VALUES_PER_TURN = 64;
  private static final Object END = new Object();

  /** A value whose putter comes to transform it. */
  static final class Attended {
    private final Object value;
    private volatile boolean queued;

    Attended(Object value) {
      this.value = value;
    }

    /**
     * Waits until the value is in the queue: an intake that finds a waiting putter wakes it a few
     * instructions before.
     */
    void awaitQueued() {
      while (!queued) {
        Patience.letOthersRun();
      }
    }
  }

  private final LocalChannel<Object> inlet;
  private final LocalChannel<T> outlet;
  private final Places<T> places;

  /** Whether results wait at the outlet and keep their places. */
  private final boolean bounded;

  private final Transformation<T, T> transformation;
  private final @Nullable Function<? super Throwable, ? extends @Nullable T> onFailure;

  private final Queue<Object> accepted = new ConcurrentLinkedQueue<>();

  /** How many entries of the queue no thread comes for. */
  private final AtomicInteger unattended = new AtomicInteger();

  /** Whether somebody is transforming. */
  private final AtomicBoolean role = new AtomicBoolean();

  /** Who is closing, and comes to run the finisher. */
  private volatile @Nullable Thread closer;

  /** Whether the value being transformed still has its place; of the role's holder. */
  private boolean placeHeld;

  /** Whether the gatherer has ended; of the role's holder. */
  private boolean over;

  GathererWork(
      LocalChannel<Object> inlet,
      LocalChannel<T> outlet,
      int capacity,
      boolean bounded,
      Gatherer<? super T, ?, ? extends T> gatherer,
      @Nullable Function<? super Throwable, ? extends @Nullable T> onFailure) {
    this.inlet = inlet;
    this.outlet = outlet;
    this.places = new Places<>(capacity, inlet, outlet, this);
    this.bounded = bounded;
    this.onFailure = onFailure;
    this.transformation = Transformation.begin(gatherer, this::emit);
  }

  /** Who comes in, and how many. */
  Places<T> places() {
    return places;
  }

  // ---- the queue

  @Override
  public void entered(Object value) {
    if (!(value instanceof Attended)) {
      unattended.incrementAndGet();
    }
    accepted.add(value);
    if (value instanceof Attended put) {
      put.queued = true;
    }
  }

  @Override
  public void ended() {
    unattended.incrementAndGet();
    accepted.add(END);
  }

  @Override
  public void unattended() {
    if (closer != Thread.currentThread() && unattended.get() > 0 && !role.get()) {
      runElsewhere();
    }
  }

  // ---- the role

  /** Transforms what was accepted, unless somebody is at it, who then sees it. */
  void run() {
    while (!accepted.isEmpty() && claim()) {
      boolean emptied;
      try {
        emptied = turn();
      } finally {
        role.set(false);
      }
      if (!emptied) {
        runElsewhere();
        return;
      }
    }
  }

  /** Takes the role; false if somebody has it. Who gets it must {@link #release()} it. */
  boolean claim() {
    return role.compareAndSet(false, true);
  }

  /**
   * Transforms what was accepted, as far as a turn goes; by who has the role.
   *
   * @return whether the queue was found empty
   */
  boolean turn() {
    boolean interrupted = Thread.interrupted(); // meant for the operation, not for the gatherer
    try {
      for (int i = 0; i < VALUES_PER_TURN; i++) {
        Object next = accepted.poll();
        if (next == null) {
          return true;
        }
        handle(next);
      }
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Leaves the role, and sees to what was accepted meanwhile. */
  void release() {
    role.set(false);
    run();
  }

  /** Does what may end the inlet, and then what that leads to, in the calling thread. */
  void ending(Runnable step) {
    closer = Thread.currentThread();
    step.run();
    closer = null;
    places.admit();
    run();
  }

  private void runElsewhere() {
    GoBlock.background("gatherer of " + inlet, this::run);
  }

  private void handle(Object next) {
    if (next instanceof Attended put) {
      transform(put.value);
      return;
    }
    unattended.decrementAndGet();
    if (next == END) {
      end();
    } else {
      transform(next);
    }
  }

  // ---- the gatherer

  private void transform(Object accepted) {
    @SuppressWarnings("unchecked")
    T value = (T) accepted;
    placeHeld = true;
    if (over || outlet.isClosed()) {
      outlet.undelivered(value);
    } else {
      try {
        if (!transformation.accept(value)) {
          inlet.cancel();
          end();
        }
      } catch (Throwable e) {
        Throwable cause = unhandled(e);
        if (cause != null) {
          breakOff(cause);
        }
      }
    }
    givePlaceBack();
    places.admit();
  }

  /** Where the gatherer's results go; false when nobody wants them. */
  private boolean emit(T value) {
    if (bounded) {
      givePlaceBack();
      places.emit(value);
    } else if (!outlet.offer(value)) {
      outlet.undelivered(value);
    }
    return !outlet.isClosed();
  }

  /** Gives back the place of the value being transformed: the first result may have it. */
  private void givePlaceBack() {
    if (placeHeld) {
      placeHeld = false;
      places.giveBack();
    }
  }

  /**
   * Asks the failure handler what to emit instead.
   *
   * @return what the channel is to be closed with; null when it goes on
   */
  private @Nullable Throwable unhandled(Throwable failure) {
    if (onFailure == null) {
      return failure;
    }
    try {
      T instead = onFailure.apply(failure);
      if (instead != null) {
        emit(instead);
      }
      return null;
    } catch (Throwable e) {
      if (isAnother(e, failure)) {
        e.addSuppressed(failure);
      }
      return e;
    }
  }

  @SuppressWarnings("ReferenceEquality") // an exception is itself and no other
  private static boolean isAnother(Throwable one, @Nullable Throwable other) {
    return one != other;
  }

  // ---- the end

  private void breakOff(Throwable cause) {
    over = true;
    inlet.cancel(cause);
    closeOutlet(cause);
  }

  /** Lets the gatherer finish, once, and closes the outlet with the inlet's cause. */
  private void end() {
    if (over) {
      return;
    }
    over = true;
    Throwable cause = null;
    if (!outlet.isClosed()) {
      try {
        transformation.finish();
      } catch (Throwable e) {
        cause = unhandled(e);
      }
    }
    closeOutlet(cause);
  }

  private void closeOutlet(@Nullable Throwable ownCause) {
    Throwable first = inlet.closeCause();
    if (first != null && ownCause != null && isAnother(first, ownCause)) {
      Uncaught.report(
          inlet + ": its gatherer, after the channel was closed with a cause", ownCause);
    }
    outlet.close(Closing.of(first != null ? first : ownCause));
  }
}
