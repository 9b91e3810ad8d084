package dev.circulate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Something that a test does in a thread of its own.
 *
 * @param <T> what it answers
 */
public final class Forked<T extends @Nullable Object> {
  private final FutureTask<T> task;
  private final Thread thread;

  private Forked(Thread.Builder builder, Callable<T> body) {
    this.task = new FutureTask<>(body);
    this.thread = builder.start(task);
  }

  /** Runs a body in a new virtual thread. */
  public static <T extends @Nullable Object> Forked<T> fork(Callable<T> body) {
    return new Forked<>(Thread.ofVirtual(), body);
  }

  /** Runs a body in a new platform thread. */
  public static <T extends @Nullable Object> Forked<T> forkPlatform(Callable<T> body) {
    return new Forked<>(Thread.ofPlatform().daemon(), body);
  }

  public void interrupt() {
    thread.interrupt();
  }

  public boolean isDone() {
    return task.isDone();
  }

  /** Waits for the answer; what the body threw fails the test. */
  public T join() throws InterruptedException {
    try {
      return task.get(Until.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("the forked thread failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      AssertionError hung =
          new AssertionError("the forked thread is still at work after " + Until.PATIENCE, e);
      AssertionError where = new AssertionError("where it is: " + thread);
      where.setStackTrace(thread.getStackTrace());
      hung.addSuppressed(where);
      thread.interrupt();
      throw hung;
    }
  }

  /** Waits until the body throws an exception of the class, and answers it. */
  public <X extends Throwable> X joinFailure(Class<X> type) throws InterruptedException {
    try {
      T answer = task.get(Until.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("answered " + answer + " and should throw " + type.getName());
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(type);
      return type.cast(Objects.requireNonNull(e.getCause()));
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new AssertionError("neither answers nor throws after " + Until.PATIENCE, e);
    }
  }
}
