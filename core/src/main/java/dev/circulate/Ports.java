package dev.circulate;

import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.TakeSide;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What code that moves values from port to port needs beside put and take, so that it loses none
 * and ends when they do: with this and the rest of what is public {@link Pipes} and its kin are
 * written, and so can others be.
 *
 * {@snippet :
 * Ports.handOn();
 * try (Ports.Watch _ = Ports.whenClosed(to, Thread.currentThread()::interrupt)) {
 *   for (T value = from.take(); value != null; value = from.take()) {
 *     boolean put = false;
 *     try {
 *       put = to.put(value);
 *     } finally {
 *       if (!put) {
 *         Ports.giveBack(from, value); // closed meanwhile, interrupted, or refused
 *       }
 *     }
 *     if (!put) {
 *       break; // or the same value would come again
 *     }
 *   }
 * }
 * }
 *
 * <p>A port is <em>selectable</em> if it is one of this library's: a channel, a proxy, one that
 * shows either. One of a user's own, which implements the interface itself, is not: an alts cannot
 * wait for it, it takes nothing back, has no hook and does not tell when it is closed. So what was
 * taken there and is not wanted goes to the hook of a sink for the same values, if it has one; what
 * a map, a pub or a future took, and cannot use, is lost.
 *
 * <p>No method here blocks.
 */
public final class Ports {
  private Ports() {}

  /** What waits for a port to be closed. */
  @FunctionalInterface
  public interface Watch extends AutoCloseable {
    /** Ends the watch: a task that has not begun is not run any more. Again does nothing. */
    @Override
    void close();
  }

  /**
   * Whether an alts can take from a port.
   *
   * @param port which
   */
  public static boolean isSelectable(ReadPort<?> port) {
    return TakeSide.isThere(port);
  }

  /**
   * Whether an alts can put to a port.
   *
   * @param port which
   */
  public static boolean isSelectable(WritePort<?> port) {
    return port instanceof PutSide<?>;
  }

  /**
   * Whether an alts can take from a channel and put to it.
   *
   * @param channel which
   */
  public static boolean isSelectable(Channel<?> channel) {
    return isSelectable((ReadPort<?>) channel) && isSelectable((WritePort<?>) channel);
  }

  /**
   * Runs a task once when a port is closed or cancelled, by whoever; at once if it is. So a thread
   * that waits for something else can be interrupted. Whoever no longer cares closes the watch, or
   * the channel keeps the task as long as it lives.
   *
   * @param port which; one that is not selectable never tells
   * @param task run by the thread that closes the channel, with no lock of a channel held; must not
   *     block. What it throws goes to the {@linkplain Csp#setUncaughtHandler uncaught handler}.
   */
  public static Watch whenClosed(WritePort<?> port, Runnable task) {
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(task, "task");
    if (!(port instanceof PutSide<?> side)) {
      return () -> {};
    }
    Pending watch = side.putSide().onClose(task);
    return watch::withdraw;
  }

  /**
   * What a port was closed or cancelled with.
   *
   * @param port which
   * @return the cause; null if it has none, is open, or is not selectable
   */
  public static @Nullable Throwable closeCause(WritePort<?> port) {
    return port instanceof PutSide<?> side ? side.putSide().closeCause() : null;
  }

  /**
   * Gives a value back to where it was taken: it is the next to be taken there, or goes to the
   * undelivered hook if no more is. Of several the last goes first.
   *
   * @param port where it was taken
   * @param value which
   * @param <T> the type of the value
   * @return false if the port is not selectable: the value is still the caller's
   */
  public static <T> boolean giveBack(ReadPort<T> port, T value) {
    Objects.requireNonNull(value, "value");
    if (!TakeSide.isThere(port)) {
      return false;
    }
    @SuppressWarnings("unchecked")
    TakeSide<T> side = (TakeSide<T>) port;
    side.giveBack(value);
    return true;
  }

  /**
   * Hands a value that a port has refused, or is not to get, to the {@linkplain
   * ChannelBuilder#onUndelivered undelivered hook} of its channel, if it has one.
   *
   * @param port where the value was to go
   * @param value which
   * @param <T> the type of the value
   */
  public static <T> void undelivered(WritePort<? super T> port, T value) {
    Objects.requireNonNull(value, "value");
    if (port instanceof PutSide<?>) {
      @SuppressWarnings("unchecked")
      PutSide<Object> side = (PutSide<Object>) port;
      side.putSide().undelivered(value);
    }
  }

  /**
   * Says that the go block which calls this hands on what it takes: that it ends tells nothing of
   * what becomes of that. Without this a value that is to be acknowledged, as one of a durable
   * queue is, counts as done with when the block that took it ends well. Outside of go blocks it
   * does nothing.
   */
  public static void handOn() {
    GoBlock.handOn();
  }
}
