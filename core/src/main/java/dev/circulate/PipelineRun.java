package dev.circulate;

import dev.circulate.Pipeline.OnFailure;
import dev.circulate.Pipeline.Task;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Pipeline} at work: a go block that takes, and starts a task in another for each value,
 * as long as not too many are under way. In an ordered pipeline each task waits for the turn of the
 * one before it, then puts.
 *
 * <p>All that waits here waits for a channel, as a listing tells and a test's clock counts on.
 */
final class PipelineRun<T, R> {
  private final int parallel;
  private final ReadPort<T> from;
  private final WritePort<? super R> to;
  private final OnFailure<? super T, ? extends R> onFailure;
  private final Task<? super T, ? extends R> task;

  /** Gets a value from each task that has ended. */
  private final Channel<Boolean> ended;

  private final Set<Thread> underWay = ConcurrentHashMap.newKeySet();

  /** How many tasks were begun and are not known to have ended; the taker's alone, as the next. */
  private int begun;

  /** How many values were taken. */
  private long taken;

  /** The values that were not begun with, by their number. */
  private final ConcurrentSkipListMap<Long, T> unused = new ConcurrentSkipListMap<>();

  /** Why the tasks under way are to stop. */
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private PipelineRun(
      int parallel,
      ReadPort<T> from,
      WritePort<? super R> to,
      OnFailure<? super T, ? extends R> onFailure,
      Task<? super T, ? extends R> task) {
    if (parallel < 1) {
      throw new IllegalArgumentException(
          "a pipeline does at least 1 value at a time, not " + parallel);
    }
    this.parallel = parallel;
    this.from = Objects.requireNonNull(from, "from");
    this.to = Objects.requireNonNull(to, "to");
    this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
    this.task = Objects.requireNonNull(task, "task");
    this.ended =
        Channel.<Boolean>builder()
            .buffer(Csp.unbounded())
            .name("tasks of the pipeline from " + from + " that have ended")
            .open();
  }

  /** Starts one; if it is ordered, each result waits for the turn of the one before. */
  static <T, R> Channel<Void> start(
      boolean ordered,
      int parallel,
      ReadPort<T> from,
      WritePort<? super R> to,
      OnFailure<? super T, ? extends R> onFailure,
      Task<? super T, ? extends R> task) {
    PipelineRun<T, R> run = new PipelineRun<>(parallel, from, to, onFailure, task);
    return Csp.go("pipeline from " + from, () -> run.takeAll(ordered));
  }

  private void takeAll(boolean ordered) throws Exception {
    Ports.handOn();
    Thread taker = Thread.currentThread();
    List<Ports.Watch> watches = Pump.interruptWhenClosed(List.of(to));
    Throwable cause = null;
    boolean stopped = false;
    try {
      Channel<Void> before = null;
      awaitRoom();
      for (T value = from.take(); value != null; value = from.take()) {
        Channel<Void> own = ordered ? Csp.chan() : null;
        begin(value, before, own, taker);
        before = own;
        awaitRoom();
      }
      awaitFewerThan(1);
    } catch (ChannelFailedException e) {
      cause = e.getCause();
      stopped = !awaitUnderWay();
    } catch (Throwable e) {
      cause = e;
      stopped = true;
    }
    Pump.withdraw(watches);
    boolean unwanted = to.isClosed();
    if (stopped || failure.get() != null) { // the last to fail may have been too late to interrupt
      cause = stop(cause);
      unused.descendingMap().values().forEach(value -> Ports.giveBack(from, value));
      Pump.cancel(from, cause);
    }
    if (!unwanted) {
      Pump.end(List.of(to), cause);
    }
  }

  /**
   * Begins with a value.
   *
   * @param before whose end is this one's turn; null if it waits for none
   * @param own what is closed when the next one has its turn
   */
  private void begin(
      T value, @Nullable Channel<Void> before, @Nullable Channel<Void> own, Thread taker) {
    long number = taken++;
    Csp.go(
        "task of the pipeline from " + from,
        () -> {
          underWay.add(Thread.currentThread());
          try {
            if (failure.get() != null || to.isClosed()) {
              leave(number, value);
            }
            work(value, before);
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
            taker.interrupt();
          } finally {
            if (own != null) {
              own.close(); // the next one sees the failure
            }
            underWay.remove(Thread.currentThread());
            ended.offer(true);
          }
        });
    begun++;
  }

  /**
   * Does not begin with a value, when the pipeline has ended. But where that cannot go back it is
   * begun with, and interrupted, as if it had been just before the end: nobody else would have it.
   */
  private void leave(long number, T value) throws InterruptedException {
    if (!Ports.isSelectable(from)) {
      Thread.currentThread().interrupt();
      return;
    }
    unused.put(number, value);
    throw nobodyWantsMore();
  }

  private void work(T value, @Nullable Channel<Void> before) throws Exception {
    R result;
    try {
      result = task.apply(value);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      result = onFailure.decide(value, e);
    }
    boolean put = false;
    try {
      if (before != null) {
        before.take(); // which is closed when that one has ended
      }
      throwIfStopped();
      put = result == null || to.put(result);
    } finally {
      if (!put && result != null) {
        Ports.undelivered(to, result);
      }
    }
    if (!put) {
      throw nobodyWantsMore();
    }
  }

  private static InterruptedException nobodyWantsMore() {
    return new InterruptedException("nobody wants more from the pipeline");
  }

  /** For a task that kept its interrupt to itself. */
  private void throwIfStopped() throws InterruptedException {
    if (failure.get() != null) {
      throw new InterruptedException("the pipeline from " + from + " is being stopped");
    }
  }

  /** Waits until one more may be begun. */
  private void awaitRoom() throws InterruptedException {
    Pump.throwIfInterrupted();
    begun -= ended.drain(begun).size();
    awaitFewerThan(parallel);
  }

  private void awaitFewerThan(int most) throws InterruptedException {
    while (begun >= most) {
      ended.take();
      begun--;
    }
  }

  /**
   * Waits for the tasks under way after the source has ended; false when they are to be stopped.
   */
  private boolean awaitUnderWay() {
    try {
      awaitFewerThan(1);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /**
   * Interrupts the tasks under way, waits until they have ended and answers why they had to. A task
   * that begins meanwhile is either seen here or sees the failure.
   */
  private @Nullable Throwable stop(@Nullable Throwable interruption) {
    boolean closedByOthers = to.isClosed();
    failure.compareAndSet(null, interruption);
    underWay.forEach(Thread::interrupt);
    while (!awaitUnderWay()) {
      // they are being stopped already
    }
    return closedByOthers ? Ports.closeCause(to) : failure.get();
  }
}
