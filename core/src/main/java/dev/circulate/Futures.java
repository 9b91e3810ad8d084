package dev.circulate;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Channels as futures and futures as channels. */
final class Futures {
  private Futures() {}

  static <T> CompletableFuture<T> next(ReadPort<T> port) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Csp.go("future of " + port, () -> complete(future, port));
    return future;
  }

  private static <T> void complete(CompletableFuture<T> future, ReadPort<T> port) {
    Ports.handOn();
    Thread taker = Thread.currentThread();
    var _ = future.whenComplete((_, _) -> interrupt(taker));
    if (future.isDone()) {
      return; // since before there was a thread to interrupt
    }
    try {
      T value = port.take();
      if (value == null) {
        future.completeExceptionally(new ChannelClosedException(port + " is closed and drained"));
      } else if (!future.complete(value)) {
        Ports.giveBack(port, value);
      }
    } catch (InterruptedException e) {
      future.cancel(false); // does nothing if that is why we are here
    } catch (ChannelFailedException e) {
      Throwable cause = e.getCause();
      future.completeExceptionally(cause == null ? e : cause);
    } catch (Throwable e) {
      future.completeExceptionally(e);
    }
  }

  /** What depends on a future that is not cancelled runs in the taker's thread, as it is. */
  private static void interrupt(Thread taker) {
    if (Thread.currentThread() != taker) {
      taker.interrupt();
    }
  }

  static <T> Channel<T> channel(CompletionStage<? extends T> stage) {
    Channel<T> channel = Csp.chan(1);
    stage.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            channel.close(unwrapped(failure));
          } else {
            if (value != null) {
              channel.offer(value);
            }
            channel.close();
          }
        });
    return channel;
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
