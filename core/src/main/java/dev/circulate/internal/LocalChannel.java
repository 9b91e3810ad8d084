package dev.circulate.internal;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one channel: whatever else a user holds (a proxy, a timeout, a go block's result) is one of
 * these or a thin face over some. The algorithm is in {@link Kernel}; how an operation waits, in
 * {@link BlockingOperations} for a thread and in {@link HandlerWaiter} for a handler.
 *
 * @param <T> the type of the values
 */
public final class LocalChannel<T> extends Kernel<T>
    implements Channel<T>, TakeSide<T>, PutSide<T> {

  /** Made when the first one watches; written under the lock, read without. */
  private volatile @Nullable CloseWatches watches;

  private LocalChannel(int ringCapacity, @Nullable Store<T> store, @Nullable Traits<T> traits) {
    super(traits, ringCapacity, store);
  }

  /** Makes a channel, perhaps with a name and a hook for undelivered values. */
  public static <T> LocalChannel<T> open(
      Buffer buffer, @Nullable String name, @Nullable Consumer<? super T> onUndelivered) {
    return open(
        buffer,
        name == null && onUndelivered == null ? null : new Traits<>(name, onUndelivered, null));
  }

  /** Makes a channel that something fills or closes on demand. */
  public static <T> LocalChannel<T> fed(
      Buffer buffer, String name, @Nullable Consumer<? super T> onUndelivered, Feed feed) {
    return open(buffer, new Traits<>(name, onUndelivered, feed));
  }

  /** Makes a channel for the one value that a go block comes to. */
  static <T> LocalChannel<T> result(String name) {
    return new LocalChannel<>(
        0, new Store.Single<>(), name.isEmpty() ? null : new Traits<>(name, null, null));
  }

  private static <T> LocalChannel<T> open(Buffer buffer, @Nullable Traits<T> traits) {
    return switch (buffer) {
      case Buffer.Rendezvous() -> new LocalChannel<>(0, null, traits);
      case Buffer.Fixed(int capacity) -> new LocalChannel<>(capacity, null, traits);
      case Buffer.Dropping(int capacity) ->
          new LocalChannel<>(0, new Store.Dropping<>(capacity), traits);
      case Buffer.Sliding(int capacity) ->
          new LocalChannel<>(0, new Store.Sliding<>(capacity), traits);
      case Buffer.Promise() -> new LocalChannel<>(0, new Store.Promise<>(), traits);
      case Buffer.Unbounded() -> new LocalChannel<>(0, new Store.Unbounded<>(), traits);
    };
  }

  // ---- putting

  @Override
  public boolean put(T value) throws InterruptedException {
    Objects.requireNonNull(value, "null cannot be put into a channel");
    return putInPace(value) || BlockingOperations.put(this, value, Time.NEVER);
  }

  @Override
  public boolean offer(T value) {
    Objects.requireNonNull(value, "null cannot be put into a channel");
    return putFast(value) || tryPut(value) == null;
  }

  @Override
  public boolean offer(T value, Duration timeout) throws InterruptedException {
    Objects.requireNonNull(value, "null cannot be put into a channel");
    return putInPace(value) || BlockingOperations.put(this, value, Time.after(timeout));
  }

  /**
   * Puts without waiting and tells a full channel from a closed one; see {@link Kernel#putLocked}
   * for the answers.
   */
  @Nullable Object tryPut(T value) {
    if (putFast(value)) {
      return null;
    }
    refresh();
    return isDeserted() ? Signal.FULL : tryPutLocking(value);
  }

  /**
   * What the channel's own feed puts, which is not asked, and cares for nothing that is lost.
   *
   * @return whom the caller must {@link #wake} once it holds no lock at all
   */
  @Nullable Arm supply(T value) {
    acquire();
    putOrRelease(value);
    return release();
  }

  private @Nullable Object tryPutLocking(T value) {
    acquire();
    Object refused = putOrRelease(value);
    releaseAndWake();
    return reported(refused);
  }

  /**
   * Gives back a value that was taken and is not wanted: it is the next to be taken, or goes to the
   * undelivered hook if the channel is closed and drained. A promise has kept its value.
   */
  @Override
  public void giveBack(T value) {
    if (!retains() && !putBack(value)) {
      undelivered(value);
    }
  }

  /** A value that was taken did not arrive: it goes to the undelivered hook, but if it was kept. */
  public void lost(T value) {
    if (!retains()) {
      undelivered(value);
    }
  }

  /** Whether the channel is closed and nothing is left to take. */
  public boolean isDrained() {
    if (closing() == null) {
      return false;
    }
    acquire();
    boolean drained = isDrainedLocked();
    releaseAndWake();
    return drained;
  }

  /** Hands a value that the buffer lost to the hook, and answers null for it: the put succeeded. */
  @Nullable Object reported(@Nullable Object outcome) {
    if (outcome == null || outcome == Signal.FULL || outcome == Signal.CLOSED) {
      return outcome;
    }
    @SuppressWarnings("unchecked")
    T lost = (T) outcome;
    undelivered(lost);
    return null;
  }

  /**
   * Puts a value without a thread that waits.
   *
   * @return what withdraws the put while it waits
   */
  public Pending putAsync(T value, PutHandler handler) {
    return HandlerWaiter.Putting.begin(this, value, handler);
  }

  // ---- taking

  @Override
  public @Nullable T take() throws InterruptedException {
    T value = takeInPace();
    return value != null ? value : received(BlockingOperations.take(this, Time.NEVER));
  }

  @Override
  public @Nullable T poll() {
    T value = takeFast();
    if (value != null) {
      return value;
    }
    Object taken = tryTake();
    return taken == Signal.CLOSED ? null : value(taken);
  }

  @Override
  public @Nullable T poll(Duration timeout) throws InterruptedException {
    T value = takeInPace();
    return value != null ? value : received(BlockingOperations.take(this, Time.after(timeout)));
  }

  @Override
  public List<T> drain(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("drain takes at most a number of values, not " + most);
    }
    List<T> drained = new ArrayList<>(Math.min(most, Math.max(1, bufferSize())));
    int limit = retains() ? Math.min(most, 1) : most;
    while (drained.size() < limit) {
      T value = poll();
      if (value == null) {
        break;
      }
      drained.add(value);
    }
    return drained;
  }

  /** Takes without waiting: a value, {@link Signal#CLOSED}, or null. */
  @Nullable Object tryTake() {
    T value = takeFast();
    if (value != null) {
      return value;
    }
    refresh();
    return isDeserted() ? null : tryTakeLocking();
  }

  /** The same where there is something to ask the lock for. */
  @Nullable Object tryTakeLocking() {
    acquire();
    Object taken = takeLocked();
    releaseAndWake();
    return taken;
  }

  /** Takes an arm that waits out of its queue and tells the feed. */
  void abandon(Arm arm) {
    withdraw(arm);
    demandChanged();
  }

  /**
   * Takes a value without a thread that waits.
   *
   * @return what withdraws the take while it waits
   */
  public Pending takeAsync(TakeHandler<? super T> handler) {
    return HandlerWaiter.Taking.begin(this, handler);
  }

  private @Nullable T received(@Nullable Object taken) {
    if (taken != Signal.CLOSED) {
      return value(taken);
    }
    throwCause();
    return null;
  }

  /**
   * Throws what the channel was closed with, if anything; each caller gets an exception of its own.
   */
  void throwCause() {
    Throwable cause = closeCause();
    if (cause != null) {
      throw new ChannelFailedException(toString(), cause);
    }
  }

  @SuppressWarnings("unchecked")
  private @Nullable T value(@Nullable Object taken) {
    return (T) taken;
  }

  // ---- closing

  @Override
  public void close() {
    close(Closing.PLAIN);
  }

  @Override
  public void close(Throwable cause) {
    close(new Closing(Objects.requireNonNull(cause, "cause")));
  }

  /** Closes with a last value, for which there is room unless the channel is closed. */
  void closeWith(T last) {
    closeAfter(last, Closing.PLAIN);
    tellWatches();
  }

  void close(Closing why) {
    closeBecause(why);
    tellWatches();
  }

  @Override
  public void cancel() {
    cancel(Closing.PLAIN);
  }

  @Override
  public void cancel(Throwable cause) {
    cancel(new Closing(Objects.requireNonNull(cause, "cause")));
  }

  void cancel(Closing why) {
    cancelBecause(why).forEach(this::undelivered);
    tellWatches();
  }

  /**
   * Runs a task once when this channel is closed or cancelled, by the thread that does it, with no
   * lock held; at once if it is. The task must not block. Neither the channel nor the watch keeps a
   * thread.
   *
   * @return what withdraws the task; who no longer cares must, or it stays as long as the channel
   */
  public Pending onClose(Runnable task) {
    Pending watch = closeWatches().add(task);
    if (closing() != null) {
      tellWatches();
    }
    return watch;
  }

  /**
   * Runs a task once when this channel is closed and drained, with no lock held; at once if it is.
   * The task must not block.
   *
   * @return what withdraws the task; who no longer cares must, or it stays as long as the channel
   */
  public Pending onEnd(Runnable task) {
    return HandlerWaiter.Ending.begin(this, task);
  }

  private CloseWatches closeWatches() {
    CloseWatches present = watches;
    if (present == null) {
      acquire();
      present = watches;
      if (present == null) {
        present = new CloseWatches();
        watches = present;
      }
      releaseAndWake();
    }
    return present;
  }

  private void tellWatches() {
    CloseWatches present = watches;
    if (present != null) {
      present.fire();
    }
  }

  @Override
  public boolean isClosed() {
    if (closing() == null) {
      refresh();
    }
    return closing() != null;
  }

  @Override
  public @Nullable Throwable closeCause() {
    Closing why = closing();
    return why == null ? null : why.cause();
  }

  /** Whether there is a hook for values that nobody will take. */
  public boolean hasHook() {
    return traits != null && traits.onUndelivered() != null;
  }

  /** Hands a value that nobody will take to the hook. */
  public void undelivered(T value) {
    if (traits != null && traits.onUndelivered() != null) {
      try {
        traits.onUndelivered().accept(value);
      } catch (Throwable e) {
        Uncaught.report(this + ": its undelivered hook", e);
      }
    }
  }

  // ---- the rest

  @Override
  public ReadPort<T> readPort() {
    return new ReadFace<>(this, this);
  }

  @Override
  public WritePort<T> writePort() {
    return new WriteFace<>(this, this);
  }

  @Override
  public LocalChannel<T> takeSide() {
    return this;
  }

  @Override
  public LocalChannel<T> putSide() {
    return this;
  }

  @Override
  public int buffered() {
    return bufferSize();
  }

  /** Lets the feed bring what it has. */
  void refresh() {
    if (traits != null && traits.feed() != null) {
      traits.feed().refresh();
    }
  }

  /** Tells the feed that somebody began or ceased to wait, to take or for the end. */
  void demandChanged() {
    if (traits != null && traits.feed() != null) {
      traits.feed().demandChanged();
    }
  }

  /** How the channel calls itself: its name, or what tells it from others. */
  @Override
  public String toString() {
    return traits != null && traits.name() != null
        ? "channel '" + traits.name() + "'"
        : "channel@" + Integer.toHexString(System.identityHashCode(this));
  }
}
