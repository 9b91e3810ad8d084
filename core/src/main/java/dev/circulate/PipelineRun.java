package dev.circulate;

import dev.circulate.Pipeline.OnFailure;
import dev.circulate.Pipeline.Task;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Pending;
import dev.circulate.internal.Pump;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Pipeline} at work: a go block that takes and starts a thread for each value, with a
 * permit that the thread gives back once its result is put. In an ordered pipeline each thread
 * waits for the turn of the one before it, then puts.
 */
final class PipelineRun<T, R> {
  private final int parallel;
  private final ReadPort<T> from;
  private final WritePort<? super R> to;
  private final OnFailure<? super T, ? extends R> onFailure;
  private final Task<? super T, ? extends R> task;
  private final Semaphore permits;
  private final Set<Thread> underWay = ConcurrentHashMap.newKeySet();

  /** How many permits the taker itself has. */
  private int held;

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
    this.permits = new Semaphore(parallel);
  }

  /**
   * Starts one.
   *
   * @param turn what the first value waits for before its result is put; null if none waits
   */
  static <T, R> Channel<Void> start(
      int parallel,
      ReadPort<T> from,
      WritePort<? super R> to,
      OnFailure<? super T, ? extends R> onFailure,
      Task<? super T, ? extends R> task,
      @Nullable CompletableFuture<@Nullable Void> turn) {
    PipelineRun<T, R> run = new PipelineRun<>(parallel, from, to, onFailure, task);
    return Csp.go("pipeline from " + from, () -> run.takeAll(turn));
  }

  private void takeAll(@Nullable CompletableFuture<@Nullable Void> firstTurn) throws Exception {
    GoBlock.handOn();
    Thread taker = Thread.currentThread();
    List<Pending> watches = Pump.interruptWhenClosed(List.of(to));
    Throwable cause = null;
    boolean stopped = false;
    try {
      CompletableFuture<@Nullable Void> turn = firstTurn;
      acquire(1);
      for (T value = from.take(); value != null; value = from.take()) {
        CompletableFuture<@Nullable Void> before = turn;
        CompletableFuture<@Nullable Void> own = before == null ? null : new CompletableFuture<>();
        begin(value, before, own, taker);
        held = 0;
        turn = own;
        acquire(1);
      }
      acquire(parallel - held);
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
      Pump.cancel(from, cause);
    }
    if (!unwanted) {
      Pump.end(List.of(to), cause);
    }
  }

  private void begin(
      T value,
      @Nullable CompletableFuture<@Nullable Void> before,
      @Nullable CompletableFuture<@Nullable Void> own,
      Thread taker) {
    Csp.go(
        "task of the pipeline from " + from,
        () -> {
          underWay.add(Thread.currentThread());
          try {
            if (failure.get() == null && !to.isClosed()) {
              work(value, before);
            } else {
              Pump.giveBack(from, value);
            }
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
            taker.interrupt();
          } finally {
            if (own != null) {
              own.complete(null); // the next one sees the failure
            }
            underWay.remove(Thread.currentThread());
            permits.release();
          }
        });
  }

  private void work(T value, @Nullable CompletableFuture<@Nullable Void> before) throws Exception {
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
        awaitTurn(before);
      }
      throwIfStopped();
      put = result == null || to.put(result);
    } finally {
      if (!put && result != null) {
        Pump.undelivered(to, result);
      }
    }
    if (!put) {
      throw new InterruptedException("nobody wants more from the pipeline");
    }
  }

  private static void awaitTurn(CompletableFuture<@Nullable Void> before)
      throws InterruptedException {
    try {
      before.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a turn is only ever completed", e);
    }
  }

  /** For a task that kept its interrupt to itself. */
  private void throwIfStopped() throws InterruptedException {
    if (failure.get() != null) {
      throw new InterruptedException("the pipeline from " + from + " is being stopped");
    }
  }

  /**
   * Waits for the tasks under way after the source has ended; false when they are to be stopped.
   */
  private boolean awaitUnderWay() {
    try {
      acquire(parallel - held);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void acquire(int number) throws InterruptedException {
    permits.acquire(number);
    held += number;
  }

  /**
   * Interrupts the tasks under way, waits until they have ended and answers why they had to. A task
   * that begins meanwhile is either seen here or sees the failure.
   */
  private @Nullable Throwable stop(@Nullable Throwable interruption) {
    boolean closedByOthers = to.isClosed();
    failure.compareAndSet(null, interruption);
    underWay.forEach(Thread::interrupt);
    permits.acquireUninterruptibly(parallel - held);
    return closedByOthers ? Pump.causeOf(to) : failure.get();
  }
}
