package dev.circulate;

import dev.circulate.internal.Context;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Pump;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Channels as futures and futures as channels. */
final class Futures {
  private Futures() {}

  static <T> CompletableFuture<T> next(ReadPort<T> port) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Channel<Void> taker =
        GoBlock.startCancellable(
            Context.current(),
            "future of " + port,
            () -> {
              complete(future, port);
              return null;
            });
    var _ = future.whenComplete((_, _) -> taker.cancel());
    return future;
  }

  private static <T> void complete(CompletableFuture<T> future, ReadPort<T> port) {
    GoBlock.handOn();
    try {
      T value = port.take();
      if (value == null) {
        future.completeExceptionally(new ChannelClosedException(port + " is closed and drained"));
      } else if (!future.complete(value)) {
        Pump.giveBack(port, value);
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
