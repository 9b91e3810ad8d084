package dev.circulate.internal;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose values pass through a {@link Gatherer}: two local channels, a queue between them,
 * and a role.
 *
 * <pre>
 *   put -&gt; inlet (rendezvous) -&gt; intake -&gt; accepted (queue) -&gt; gatherer -&gt; outlet -&gt; take
 *          putters wait here    one at a time               whoever has   values and takers
 *                                                           the role      wait here
 * </pre>
 *
 * <p><b>Always true.</b>
 *
 * <ol>
 *   <li>The channel has as many <em>places</em> as its capacity. A place is free; or held by the
 *       one intake, a take that waits at the inlet; or taken by a value that was accepted and is
 *       not transformed, or by a result that waits at the outlet. A gatherer that emits many values
 *       for one drives the free places below zero.
 *   <li>While a place is free there is an intake, or a thread on its way to {@link #admit()}.
 *   <li>While the queue holds something, somebody has the role, or a thread on its way to {@link
 *       #run()} does: the one whose put was accepted, or a new virtual thread if the value came
 *       from a put that no thread of ours follows (an arm of an alts, a handler).
 * </ol>
 *
 * <p><b>Why nothing is lost or reordered.</b> There is at most one intake at a time, and it queues
 * its value before the next is made: the queue has the inlet's order. Only who has the role polls
 * the queue and puts to the outlet, one value after the other. Who leaves the role looks at the
 * queue again, and who adds to the queue looks at the role afterwards: one of them sees the other.
 * The end comes through the same queue, after all that waited to be put.
 *
 * <p><b>Why an offer is exact.</b> It is refused only when it has seen, under the lock, that no
 * place is free and none is held by an intake. A place is given back before its value can be seen
 * to have left: so while a result is handed over at the same moment, the channel may accept one
 * value more than its capacity, and it never refuses one for which there is room.
 *
 * <p><b>Where user code runs.</b> The gatherer and the exception handler run in {@link #run()},
 * with no lock held, on the putter's thread or on a virtual thread of its own; a putter's thread
 * does so for a bounded number of values, and a virtual thread goes on from there. {@link #lock}
 * guards the count of places and the intake, for a few instructions.
 *
 * <p>Buffers that are never full (dropping, sliding, promise, unbounded) take what the gatherer
 * emits at once. Their places bound only what was accepted and waits for the gatherer.
 *
 * @param <T> the type of the values
 */
public final class GathererChannel<T> implements Channel<T>, TakeSide<T>, PutSide<T> {
  private static final int UNTRANSFORMED_AT_MOST = 64;
  private static final int VALUES_PER_TURN = 64;
  private static final Object END = new Object();

  /** A value whose putter comes to transform it. */
  private static final class Attended {
    private final Object value;
    private volatile boolean queued;

    Attended(Object value) {
      this.value = value;
    }

    /**
     * Waits until the value is in the queue: an intake that finds a waiting putter wakes it a few
     * instructions before.
     */
    @SuppressWarnings("ThreadPriorityCheck") // lets the one who queues go on
    void awaitQueued() {
      while (!queued) {
        Thread.yield();
      }
    }
  }

  /** The take that waits at the inlet, on behalf of one place. */
  private final class Intake implements TakeHandler<Object> {
    /** What withdraws it; null until it is known to wait. Guarded by lock. */
    private @Nullable Pending take;

    @Override
    public void taken(Object value) {
      if (!(value instanceof Attended)) {
        unattended.incrementAndGet();
      }
      accepted.add(value);
      if (value instanceof Attended put) {
        put.queued = true;
      }
      next(false);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      unattended.incrementAndGet();
      accepted.add(END);
      next(true);
    }

    private void next(boolean ended) {
      boolean nested;
      synchronized (lock) {
        intake = null;
        if (ended) {
          inletEnded = true;
          free++;
        }
        nested = admitting == Thread.currentThread();
      }
      if (!nested) {
        admit();
        if (closer != Thread.currentThread()) {
          runUnattended();
        }
      }
    }
  }

  /** A result that waits at the outlet, or was handed over at once. */
  private final class Result implements PutHandler {
    private final T value;

    /** Whether it has a place, and whether it has left; guarded by lock. */
    private boolean placed;

    private boolean gone;

    Result(T value) {
      this.value = value;
    }

    void emit() {
      outlet.putAsync(value, this);
      boolean overfull;
      synchronized (lock) {
        if (!gone) {
          placed = true;
          free--;
        }
        overfull = free < 0;
      }
      if (overfull) {
        withdrawIntake();
      }
      admit();
    }

    @Override
    public void accepted() {
      if (leave()) {
        admit();
        runUnattended();
      }
    }

    @Override
    public void refused() {
      leave();
      outlet.undelivered(value);
    }

    private boolean leave() {
      synchronized (lock) {
        gone = true;
        if (placed) {
          free++;
        }
        return placed;
      }
    }
  }

  private final LocalChannel<Object> inlet;
  private final LocalChannel<T> outlet;
  private final int capacity;

  /** Whether results wait at the outlet and keep their places. */
  private final boolean bounded;

  private final Transformation<T, T> transformation;
  private final @Nullable Function<? super Throwable, ? extends @Nullable T> onFailure;

  private final Queue<Object> accepted = new ConcurrentLinkedQueue<>();

  /** How many entries of the queue no thread comes for. */
  private final AtomicInteger unattended = new AtomicInteger();

  /** Whether somebody is transforming. */
  private final AtomicBoolean role = new AtomicBoolean();

  private final Object lock = new Object();

  /** Places that are neither taken nor held by the intake; guarded by lock. */
  private int free;

  /** Guarded by lock. */
  private @Nullable Intake intake;

  /** Whether an intake has met the end of the inlet; guarded by lock. */
  private boolean inletEnded;

  /** Who is making an intake, which may be done before it is made; guarded by lock. */
  private @Nullable Thread admitting;

  /** Who is closing, and comes to run the finisher. */
  private volatile @Nullable Thread closer;

  /** Whether the value being transformed still has its place; of the role's holder. */
  private boolean placeHeld;

  /** Whether the gatherer has ended; of the role's holder. */
  private boolean over;

  private GathererChannel(
      Buffer buffer,
      @Nullable String name,
      @Nullable Consumer<? super T> onUndelivered,
      Gatherer<? super T, ?, ? extends T> gatherer,
      @Nullable Function<? super Throwable, ? extends @Nullable T> onFailure) {
    this.bounded = buffer instanceof Buffer.Fixed;
    this.capacity = buffer instanceof Buffer.Fixed(int most) ? most : UNTRANSFORMED_AT_MOST;
    this.free = capacity;
    this.inlet = LocalChannel.open(new Buffer.Rendezvous(), name, null);
    this.outlet =
        LocalChannel.open(bounded ? new Buffer.Rendezvous() : buffer, name, onUndelivered);
    this.onFailure = onFailure;
    this.transformation = Transformation.begin(gatherer, this::emit);
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
    channel.admit();
    return channel;
  }

  // ---- places

  /** Makes an intake if a place is free, or if the inlet has nothing more to give than its end. */
  private void admit() {
    for (; ; ) {
      Intake made;
      synchronized (lock) {
        if (intake != null || inletEnded || admitting != null) {
          return;
        }
        if (free <= 0 && !inlet.isDrained()) {
          return;
        }
        free--;
        made = new Intake();
        intake = made;
        admitting = Thread.currentThread();
      }
      Pending take = inlet.takeAsync(made);
      synchronized (lock) {
        admitting = null;
        if (intake == made) {
          made.take = take;
        }
      }
    }
  }

  /** Gives the intake's place to a result, when the gatherer emitted more than it was given. */
  private void withdrawIntake() {
    Intake waiting;
    Pending take;
    synchronized (lock) {
      waiting = intake;
      take = waiting == null ? null : waiting.take;
    }
    if (take != null && take.withdraw()) {
      synchronized (lock) {
        intake = null;
        free++;
      }
    }
  }

  /** Gives back the place of the value being transformed. */
  private void givePlaceBack() {
    if (placeHeld) {
      placeHeld = false;
      synchronized (lock) {
        free++;
      }
    }
  }

  private boolean isFull() {
    synchronized (lock) {
      return free <= 0 && intake == null;
    }
  }

  // ---- the role

  /** Transforms what was accepted, unless somebody is at it, who then sees it. */
  private void run() {
    while (!accepted.isEmpty() && role.compareAndSet(false, true)) {
      boolean interrupted = Thread.interrupted(); // meant for the put, not for the gatherer
      boolean emptied;
      try {
        emptied = work();
      } finally {
        role.set(false);
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      if (!emptied) {
        runElsewhere();
        return;
      }
    }
  }

  private boolean work() {
    for (int i = 0; i < VALUES_PER_TURN; i++) {
      Object next = accepted.poll();
      if (next == null) {
        return true;
      }
      if (!(next instanceof Attended)) {
        unattended.decrementAndGet();
      }
      if (next == END) {
        end();
      } else {
        transform(next);
      }
    }
    return false;
  }

  private void runUnattended() {
    if (unattended.get() > 0 && !role.get()) {
      runElsewhere();
    }
  }

  private void runElsewhere() {
    Thread.ofVirtual().name("gatherer of " + this).start(this::run);
  }

  private void transform(Object next) {
    @SuppressWarnings("unchecked")
    T value = (T) (next instanceof Attended put ? put.value : next);
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
    admit();
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
      Uncaught.report(this + ": its gatherer, after the channel was closed with a cause", ownCause);
    }
    Throwable cause = first != null ? first : ownCause;
    if (cause == null) {
      outlet.close();
    } else {
      outlet.close(cause);
    }
  }

  /** Where the gatherer's results go; false when nobody wants them. */
  private boolean emit(T value) {
    if (bounded) {
      givePlaceBack();
      new Result(value).emit();
    } else if (!outlet.offer(value)) {
      outlet.undelivered(value);
    }
    return !outlet.isClosed();
  }

  // ---- putting

  private static Attended attended(@Nullable Object value) {
    return new Attended(Objects.requireNonNull(value, "null cannot be put into a channel"));
  }

  private boolean follow(boolean accepted, Attended put) {
    if (accepted) {
      afterPut(put);
    }
    return accepted;
  }

  @Override
  public void afterPut(Object put) {
    ((Attended) put).awaitQueued();
    run();
  }

  @Override
  public boolean put(T value) throws InterruptedException {
    Attended put = attended(value);
    return follow(inlet.put(put), put);
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // lets who is between two steps take the second
  public boolean offer(T value) {
    Attended put = attended(value);
    while (!inlet.offer(put)) {
      if (inlet.isClosed() || isFull()) {
        return false;
      }
      admit();
      Thread.yield();
    }
    return follow(true, put);
  }

  @Override
  public boolean offer(T value, Duration timeout) throws InterruptedException {
    Attended put = attended(value);
    return timeout.isPositive() ? follow(inlet.offer(put, timeout), put) : offer(value);
  }

  // ---- taking

  @Override
  public @Nullable T take() throws InterruptedException {
    return outlet.take();
  }

  @Override
  public @Nullable T poll() {
    return outlet.poll();
  }

  @Override
  public @Nullable T poll(Duration timeout) throws InterruptedException {
    return outlet.poll(timeout);
  }

  @Override
  public List<T> drain(int most) {
    return outlet.drain(most);
  }

  // ---- closing

  @Override
  public void close() {
    ending(inlet::close);
  }

  @Override
  public void close(Throwable cause) {
    ending(() -> inlet.close(cause));
  }

  @Override
  public void cancel() {
    ending(
        () -> {
          inlet.cancel();
          cancelOutlet();
        });
  }

  @Override
  public void cancel(Throwable cause) {
    ending(
        () -> {
          inlet.cancel(cause);
          cancelOutlet();
        });
  }

  private void ending(Runnable step) {
    closer = Thread.currentThread();
    step.run();
    closer = null;
    admit();
    run();
  }

  private void cancelOutlet() {
    // results first, and in order: a cancel would hand them to the hook in any
    if (bounded) {
      for (T value = outlet.poll(); value != null; value = outlet.poll()) {
        outlet.undelivered(value);
      }
    }
    Throwable cause = inlet.closeCause();
    if (cause == null) {
      outlet.cancel();
    } else {
      outlet.cancel(cause);
    }
  }

  @Override
  public boolean isClosed() {
    return inlet.isClosed();
  }

  @Override
  public @Nullable Throwable closeCause() {
    Throwable cause = inlet.closeCause();
    return cause != null ? cause : outlet.closeCause();
  }

  // ---- the rest

  @Override
  public int buffered() {
    if (!bounded) {
      return outlet.buffered();
    }
    synchronized (lock) {
      return capacity - free - (intake == null ? 0 : 1);
    }
  }

  @Override
  public int waitingTakers() {
    return outlet.waitingTakers();
  }

  @Override
  public int waitingPutters() {
    return inlet.waitingPutters();
  }

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
    return outlet;
  }

  /** The inlet, which takes any object: what an alts puts there is a value of type T. */
  @Override
  @SuppressWarnings("unchecked")
  public LocalChannel<T> putSide() {
    return (LocalChannel<T>) (LocalChannel<?>) inlet;
  }

  @Override
  public Object asPut(T value) {
    return attended(value);
  }

  @Override
  public String toString() {
    return outlet.toString();
  }
}
