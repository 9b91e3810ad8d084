package dev.circulate;

import java.util.Collection;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collector;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one result of all the values of a channel, in a go block of its own.
 *
 * {@snippet :
 * Channel<Integer> total = Folds.reduce(prices, 0, Integer::sum);
 * Channel<List<Order>> all = Folds.into(orders, new ArrayList<>());
 * Channel<Map<Status, Long>> counts = Folds.collect(orders, groupingBy(Order::status, counting()));
 * }
 *
 * <p>The channel that each method returns gives the result once, when the source has ended, and
 * closes; a result that is null only closes it. A source that ended with a cause closes it with
 * that cause; so does what a function throws, which also cancels a source that is a {@link
 * Channel}. Who closes or cancels the result channel before it has its result stops the go block,
 * and such a source is cancelled with that cause, if there is one. A thread that has nothing else
 * to do can use {@link ReadPort#stream()} or a loop instead.
 */
public final class Folds {
  private Folds() {}

  /**
   * Combines all values, one after the other.
   *
   * @param from the source
   * @param init what to begin with; the result, if there are no values
   * @param combine makes the next intermediate result of one and a value, not null
   * @param <T> the type of the values
   * @param <A> the type of the result
   */
  public static <T, A> Channel<A> reduce(
      ReadPort<T> from, A init, BiFunction<? super A, ? super T, ? extends A> combine) {
    Objects.requireNonNull(init, "init");
    Objects.requireNonNull(combine, "combine");
    return start(
        from,
        () -> {
          Box<A> result = new Box<>(init);
          takeAll(from, value -> result.content = combine.apply(result.content, value));
          return result.content;
        });
  }

  /**
   * Combines all that a gatherer makes of the values; when the gatherer wants no more, that is the
   * result, and a source that is a {@link Channel} is cancelled.
   *
   * @param from the source
   * @param gatherer what to do with the values first
   * @param init what to begin with
   * @param combine makes the next intermediate result of one and a value, not null
   * @param <T> the type of the values
   * @param <R> the type of what the gatherer emits
   * @param <A> the type of the result
   */
  public static <T, R, A> Channel<A> transduce(
      ReadPort<T> from,
      Gatherer<? super T, ?, R> gatherer,
      A init,
      BiFunction<? super A, ? super R, ? extends A> combine) {
    Objects.requireNonNull(init, "init");
    Objects.requireNonNull(combine, "combine");
    Objects.requireNonNull(gatherer, "gatherer");
    return start(
        from,
        () -> {
          Box<A> result = new Box<>(init);
          Transformation<T, R> transformation =
              Transformation.<T, R>begin(
                  gatherer,
                  value -> {
                    result.content = combine.apply(result.content, value);
                    return true;
                  });
          T value = take(from);
          while (value != null && transformation.accept(value)) {
            value = take(from);
          }
          transformation.finish();
          if (value != null) {
            Pump.cancel(from, null);
          }
          return result.content;
        });
  }

  /**
   * Adds all values to a collection, which nobody else may touch until it comes out.
   *
   * @param from the source
   * @param collection where to add them
   * @param <T> the type of the values
   * @param <C> the type of the collection
   */
  public static <T, C extends Collection<? super T>> Channel<C> into(
      ReadPort<T> from, C collection) {
    Objects.requireNonNull(collection, "collection");
    return start(
        from,
        () -> {
          takeAll(from, collection::add);
          return collection;
        });
  }

  /**
   * Collects all values as a stream's {@code collect} does.
   *
   * @param from the source
   * @param collector how to collect
   * @param <T> the type of the values
   * @param <A> what the collector collects in
   * @param <R> the type of the result
   */
  public static <T, A, R> Channel<R> collect(
      ReadPort<T> from, Collector<? super T, A, R> collector) {
    Objects.requireNonNull(collector, "collector");
    return start(
        from,
        () -> {
          A container = collector.supplier().get();
          takeAll(from, value -> collector.accumulator().accept(container, value));
          return collector.finisher().apply(container);
        });
  }

  /** A variable that a function changes. */
  private static final class Box<A> {
    private A content;

    Box(A content) {
      this.content = content;
    }
  }

  /** What makes the result. */
  private interface Fold<A> {
    A run() throws InterruptedException;
  }

  private static <A> Channel<A> start(ReadPort<?> from, Fold<A> fold) {
    Objects.requireNonNull(from, "from");
    Demand demand = new Demand();
    Channel<A> result = Csp.go("fold of " + from, () -> run(from, fold, demand));
    Ports.whenClosed(result, () -> demand.giveUp(result));
    return result;
  }

  /** Whether the result of a fold at work is wanted; who gives it up interrupts that. */
  private static final class Demand {
    // all guarded by this

    private @Nullable Thread block;
    private @Nullable Channel<?> givenUp;
    private boolean ended;

    synchronized void begin() {
      block = Thread.currentThread();
      if (givenUp != null) {
        block.interrupt();
      }
    }

    synchronized void giveUp(Channel<?> result) {
      if (ended) {
        return;
      }
      givenUp = result;
      if (block != null) {
        block.interrupt();
      }
    }

    /** Answers the channel of the result if that was given up. */
    synchronized @Nullable Channel<?> end() {
      ended = true;
      block = null;
      return givenUp;
    }
  }

  /** Makes the result, until it is there or nobody wants it. */
  private static <A> @Nullable A run(ReadPort<?> from, Fold<A> fold, Demand demand)
      throws Exception {
    demand.begin();
    try {
      return fold.run();
    } catch (SourceFailed e) {
      throw Pump.asThrown(e.cause);
    } catch (Throwable e) {
      Channel<?> unwanted = demand.end();
      Pump.cancel(from, unwanted == null ? e : unwanted.closeCause());
      if (unwanted != null && e instanceof InterruptedException) {
        return null; // as it was asked to
      }
      throw e;
    } finally {
      demand.end();
    }
  }

  /** Tells a failed source from a failed function. */
  @SuppressWarnings("serial")
  private static final class SourceFailed extends RuntimeException {
    /** What the source was closed with. */
    final Throwable cause;

    SourceFailed(Throwable cause) {
      super(cause);
      this.cause = cause;
    }
  }

  private static <T> void takeAll(ReadPort<T> from, Consumer<? super T> action)
      throws InterruptedException {
    for (T value = take(from); value != null; value = take(from)) {
      action.accept(value);
    }
  }

  private static <T> @Nullable T take(ReadPort<T> from) throws InterruptedException {
    Pump.throwIfInterrupted();
    try {
      return from.take();
    } catch (ChannelFailedException e) {
      throw new SourceFailed(Objects.requireNonNull(e.getCause()));
    }
  }
}
