package dev.circulate.rabbitmq;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Runs in a thread of its own what must not be interrupted: an interrupt of a virtual thread that
 * writes to the connection would close it, and with it everybody's links.
 */
final class Aside {
  private Aside() {}

  /**
   * Waits for a result.
   *
   * @param name the thread's
   * @param abandoned what to do with the result if the waiting thread is interrupted first
   */
  static <T> T call(String name, Callable<T> task, Consumer<? super T> abandoned)
      throws IOException, InterruptedException {
    CompletableFuture<T> result = start(name, task);
    try {
      return result.get();
    } catch (InterruptedException e) {
      var _ = result.thenAccept(abandoned);
      throw e;
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /** Waits for a result, whatever happens. */
  static <T> T call(String name, Callable<T> task) throws IOException {
    return join(start(name, task));
  }

  /** Waits for the result of something that was started, whatever happens. */
  static <T> T join(CompletableFuture<T> started) throws IOException {
    try {
      return started.join();
    } catch (CompletionException e) {
      throw failure(e);
    }
  }

  /** Begins, and does not wait. */
  static <T> CompletableFuture<T> start(String name, Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                result.complete(task.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  /** The same failure, seen from the thread that waits. */
  private static IOException failure(Exception thrown) {
    Throwable cause = thrown.getCause();
    return new IOException(cause == null ? thrown.getMessage() : cause.getMessage(), cause);
  }
}
