package dev.circulate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Moves values from one port to others in a go block of its own, and ends with them.
 *
 * <p>What it may do at the end is what its ports permit. When the source has ended it closes those
 * sinks that are channels, with the source's cause; a {@link WritePort} alone stays open. When all
 * sinks are closed by others it stops at once, even while it waits, and cancels a source that is a
 * channel, with the sink's cause; a {@link ReadPort} alone is left to others. So causes travel down
 * and cancels travel up, and no go block stays behind. What the step throws ends both. A cause that
 * no sink can be closed with is what the go block fails with.
 *
 * <p>A value that it holds when it stops, or that the sink refuses with an exception, goes back to
 * the source, or to the sink's undelivered hook if that is a port of a user's own.
 *
 * @param <T> the type of the values
 */
final class Pump<T> {
  /** What is done with each value. */
  interface Step<T> {
    /**
     * Moves a value on.
     *
     * @return false if nobody wants it, and so no more either
     * @throws Exception if it was not moved: if interrupted before, or if a sink refuses it
     */
    boolean move(T value) throws Exception;

    /** Does what is left to do once a value was moved. */
    default void moved(T value) throws Exception {}

    /** Whether to go on after a value was moved; if not, it ends as if the source had. */
    default boolean wantsMore() {
      return true;
    }

    /** Called when the source has ended, before the sinks are closed. */
    default void finish() throws Exception {}
  }

  /** Carries an interruption through a function that may not throw it. */
  @SuppressWarnings("serial")
  private static final class InterruptedInside extends RuntimeException {
    InterruptedInside(InterruptedException cause) {
      super(cause);
    }
  }

  private final ReadPort<T> source;
  private final List<? extends WritePort<?>> sinks;
  private final Step<? super T> step;

  private Pump(ReadPort<T> source, List<? extends WritePort<?>> sinks, Step<? super T> step) {
    this.source = source;
    this.sinks = sinks;
    this.step = step;
  }

  /**
   * Starts a pump.
   *
   * @return a channel that closes when it has ended, with the cause if no sink can be
   */
  static <T> Channel<Void> start(
      String what, ReadPort<T> source, List<? extends WritePort<?>> sinks, Step<? super T> step) {
    return Csp.go(what + " " + source, () -> new Pump<>(source, sinks, step).run());
  }

  private void run() throws Exception {
    Ports.handOn();
    List<Ports.Watch> watches = interruptWhenClosed(sinks);
    Throwable cause;
    boolean done = false;
    try {
      cause = moveAll();
      finish(cause);
      done = step.wantsMore();
    } catch (InterruptedInside e) {
      cause = e.getCause();
    } catch (Throwable e) {
      cause = e;
    }
    withdraw(watches);
    boolean unwanted =
        (cause == null || cause instanceof InterruptedException)
            && sinks.stream().allMatch(WritePort::isClosed);
    if (!done) {
      cancel(source, unwanted ? Ports.closeCause(sinks.getFirst()) : cause);
    }
    if (!unwanted) {
      end(sinks, cause);
    }
  }

  /** Answers the source's cause once the source has ended; null if the step wants no more. */
  private @Nullable Throwable moveAll() throws Exception {
    return takeAll(source, step::wantsMore, this::moveOrGiveBack);
  }

  /** The first cause stands: what fails at the end of a source that has failed is no other. */
  private void finish(@Nullable Throwable cause) throws Exception {
    try {
      step.finish();
    } catch (Throwable e) {
      if (cause == null) {
        throw e;
      }
      if (!(e instanceof InterruptedInside)) {
        UncaughtHandler.report(
            "the gatherer of a pipe from " + source + ", which failed before", e);
      }
    }
  }

  private void moveOrGiveBack(T value) throws Exception {
    boolean moved = false;
    try {
      moved = step.move(value);
    } finally {
      if (!moved) {
        returned(value);
      }
    }
    if (!moved) {
      throw new InterruptedException("nobody wants more from " + source);
    }
    step.moved(value);
  }

  /** A port of a user's own takes nothing back: then it is the sink's hook that is told. */
  private void returned(T value) {
    if (!Ports.giveBack(source, value)) {
      @SuppressWarnings("unchecked") // the values are of the type that it takes
      WritePort<T> sink = (WritePort<T>) sinks.getFirst();
      Ports.undelivered(sink, value);
    }
  }

  /** Where each value of a source is given. */
  @FunctionalInterface
  interface Delivery<T> {
    /** Gives a value to all who want it; may wait. */
    void deliver(T value) throws Exception;
  }

  /** Answers the source's cause once the source has ended; null if no more is wanted before. */
  private static <T> @Nullable Throwable takeAll(
      ReadPort<T> source, BooleanSupplier wantsMore, Delivery<? super T> delivery)
      throws Exception {
    while (wantsMore.getAsBoolean()) {
      throwIfInterrupted();
      T value;
      try {
        value = source.take();
      } catch (ChannelFailedException e) {
        return e.getCause();
      }
      if (value == null) {
        return null;
      }
      delivery.deliver(value);
    }
    return null;
  }

  /**
   * Starts a go block that gives each value of a source to many, and then tells of the end and its
   * cause. What a delivery throws is such a cause, and cancels the source; the uncaught handler is
   * told of it, if nobody else could be.
   *
   * @param whenEnded answers whether somebody was told
   */
  static <T> void fanOut(
      String what,
      ReadPort<T> source,
      Delivery<? super T> delivery,
      Predicate<@Nullable Throwable> whenEnded) {
    Csp.go(
        what + " " + source,
        () -> {
          Ports.handOn();
          Throwable cause;
          Throwable failure = null;
          try {
            cause = takeAll(source, () -> true, delivery);
          } catch (Throwable e) {
            cause = e;
            failure = e;
            cancel(source, e);
          }
          if (!whenEnded.test(cause) && failure != null) {
            if (failure instanceof InterruptedException) {
              throw asThrown(failure); // which may be what its scope has asked for
            }
            UncaughtHandler.report(what + " " + source, failure);
          }
        });
  }

  // ---- what others that move values need, too

  /** Interrupts the calling thread when the last of the sinks is closed. */
  static List<Ports.Watch> interruptWhenClosed(List<? extends WritePort<?>> sinks) {
    Thread pump = Thread.currentThread();
    AtomicInteger open = new AtomicInteger(sinks.size());
    List<Ports.Watch> watches = new ArrayList<>();
    for (WritePort<?> sink : sinks) {
      watches.add(
          Ports.whenClosed(
              sink,
              () -> {
                if (open.decrementAndGet() == 0) {
                  pump.interrupt();
                }
              }));
    }
    return watches;
  }

  /** Ends the watches, and clears an interrupt of theirs. */
  static void withdraw(List<Ports.Watch> watches) {
    watches.forEach(Ports.Watch::close);
    Thread.interrupted();
  }

  /**
   * Ends a loop that was told to stop, and might find something to do for ever without waiting: an
   * operation that need not wait does not look for an interrupt.
   */
  static void throwIfInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted between two values");
    }
  }

  /** A sink for functions that may not throw an interruption. */
  static <T> Predicate<T> sink(WritePort<? super T> to) {
    return value -> {
      boolean put = false;
      try {
        put = to.put(value);
      } catch (InterruptedException e) {
        throw new InterruptedInside(e);
      } finally {
        if (!put) {
          Ports.undelivered(to, value);
        }
      }
      return put;
    };
  }

  /** Closes those sinks that may be closed; a cause that none can be told of is thrown. */
  static void end(List<? extends WritePort<?>> sinks, @Nullable Throwable cause) throws Exception {
    boolean told = false;
    for (WritePort<?> sink : sinks) {
      told |= sink instanceof Channel<?> && !sink.isClosed();
      close(sink, cause);
    }
    if (cause != null && !told) {
      throw asThrown(cause);
    }
  }

  /** What a go block throws to fail with a cause. */
  static Exception asThrown(Throwable cause) {
    return switch (cause) {
      case Exception exception -> exception;
      case Error error -> throw error;
      default -> new CompletionException(cause);
    };
  }

  /** Closes a sink if it may be closed; what that throws keeps nothing else from ending. */
  static void close(WritePort<?> sink, @Nullable Throwable cause) {
    if (sink instanceof Channel<?> channel) {
      ending(channel, cause == null ? channel::close : () -> channel.close(cause));
    }
  }

  /** Cancels a source if it may be cancelled; what that throws keeps nothing else from ending. */
  static void cancel(ReadPort<?> source, @Nullable Throwable cause) {
    if (source instanceof Channel<?> channel) {
      ending(channel, cause == null ? channel::cancel : () -> channel.cancel(cause));
    }
  }

  private static void ending(Channel<?> channel, Runnable step) {
    try {
      step.run();
    } catch (Throwable e) { // of a user's own
      UncaughtHandler.report(channel + ", when it was to end", e);
    }
  }
}
