package dev.circulate;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/**
 * Connects channels: one to another, one to two, many to one, a collection to one.
 *
 * {@snippet :
 * Channel<List<Reading>> windows = Pipes.pipe(readings, 16, Gatherers.windowFixed(10));
 * Pipes.Split<Order> split = Pipes.split(orders, 16, Order::isUrgent);
 * Channel<Quote> quotes = Pipes.merge(16, List.of(fast, slow));
 * }
 *
 * <p>Each connection is a go block of its own, which ends by itself:
 *
 * <ul>
 *   <li><b>When the source has ended</b> (or the last of them), a sink that is a {@link Channel} is
 *       closed, with the source's cause if it has one. To keep it open pass its {@link
 *       Channel#writePort()}, which cannot be closed: then the cause closes the channel that the
 *       method returns.
 *   <li><b>When the sink is closed or cancelled</b> (or the last of them), the connection stops at
 *       once, and a source that is a {@link Channel} is cancelled, with the sink's cause if it has
 *       one. To leave it to other takers pass its {@link Channel#readPort()}. A value on the way
 *       goes back to the source, or to the undelivered hook of a source that is cancelled; to that
 *       of the sink, where the source is a port of a user's own.
 *   <li><b>What a function throws</b>, or a sink that refuses a value, does both, with that cause.
 * </ul>
 *
 * <p>Functions and gatherers run in the connection's go block, where they may block. A slow sink
 * slows the source down: nothing is buffered but in the channels.
 */
public final class Pipes {
  private Pipes() {}

  /**
   * The two channels that a channel was split into.
   *
   * @param matching what passed the test
   * @param rest what did not
   * @param <T> the type of the values
   */
  public record Split<T>(Channel<T> matching, Channel<T> rest) {}

  /**
   * Moves all values from one port to another.
   *
   * @param from the source
   * @param to the sink
   * @param <T> the type of the values
   * @return a channel that closes when the pipe has ended, with the cause if the sink cannot
   */
  public static <T> Channel<Void> pipe(ReadPort<T> from, WritePort<? super T> to) {
    Objects.requireNonNull(to, "to");
    return Pump.start("pipe from", checked(from), List.of(to), to::put);
  }

  /**
   * Moves all values from a port through a gatherer into a new channel. The gatherer may change the
   * type; when it wants no more, the new channel closes and the source is cancelled.
   *
   * @param from the source
   * @param capacity how many values the new channel holds, at least 1
   * @param gatherer what to do with the values
   * @param <T> the type of what comes in
   * @param <R> the type of what goes out
   * @return the new channel
   */
  public static <T, R> Channel<R> pipe(
      ReadPort<T> from, int capacity, Gatherer<? super T, ?, R> gatherer) {
    Channel<R> to = Csp.chan(capacity);
    pipe(from, to, gatherer);
    return to;
  }

  /**
   * Moves all values from one port through a gatherer to another.
   *
   * @param from the source
   * @param to the sink
   * @param gatherer what to do with the values
   * @param <T> the type of what comes in
   * @param <R> the type of what goes out
   * @return a channel that closes when the pipe has ended, with the cause if the sink cannot
   */
  public static <T, R> Channel<Void> pipe(
      ReadPort<T> from, WritePort<? super R> to, Gatherer<? super T, ?, ? extends R> gatherer) {
    Transformation<T, R> transformation =
        Transformation.begin(
            Objects.requireNonNull(gatherer, "gatherer"),
            Pump.sink(Objects.requireNonNull(to, "to")));
    return Pump.start("pipe from", checked(from), List.of(to), new Gathered<>(transformation));
  }

  /** A step that passes each value through a gatherer. */
  private static final class Gathered<T> implements Pump.Step<T> {
    private final Transformation<T, ?> transformation;
    private boolean wantsMore = true;

    Gathered(Transformation<T, ?> transformation) {
      this.transformation = transformation;
    }

    /** The gatherer takes it in; from then on it is the gatherer's, whatever that does. */
    @Override
    public boolean move(T value) {
      return true;
    }

    @Override
    public void moved(T value) {
      wantsMore = transformation.accept(value);
    }

    @Override
    public boolean wantsMore() {
      return wantsMore;
    }

    @Override
    public void finish() {
      transformation.finish();
    }
  }

  /**
   * Splits a port's values in two.
   *
   * <p>What the one channel has no room for holds up the other. When one of the two is closed, what
   * belongs there goes to its undelivered hook; when both are, the split ends.
   *
   * @param from the source
   * @param capacity how many values each of the two holds, at least 1
   * @param test decides where a value goes
   * @param <T> the type of the values
   */
  public static <T> Split<T> split(ReadPort<T> from, int capacity, Predicate<? super T> test) {
    Objects.requireNonNull(test, "test");
    Split<T> split = new Split<>(Csp.chan(capacity), Csp.chan(capacity));
    Pump.start(
        "split of",
        checked(from),
        List.of(split.matching, split.rest),
        value -> {
          Channel<T> side = test.test(value) ? split.matching : split.rest;
          if (!side.put(value)) {
            Ports.undelivered(side, value);
          }
          return true;
        });
    return split;
  }

  /**
   * Moves the values of several ports into one new channel, in the order in which they come; which
   * of several ready ones is next is chosen at random. It ends when all have ended; the first that
   * ends with a cause ends it with that cause.
   *
   * @param capacity how many values the new channel holds, at least 1
   * @param from the sources
   * @param <T> the type of the values
   * @return the new channel
   * @throws IllegalArgumentException if one of the sources is no port of this library's
   */
  public static <T> Channel<T> merge(int capacity, List<? extends ReadPort<? extends T>> from) {
    List<ReadPort<? extends T>> sources = List.copyOf(Objects.requireNonNull(from, "from"));
    Channel<T> to = Csp.chan(capacity);
    Merge<T> merge = new Merge<>(sources, to);
    Csp.go("merge into " + to, merge::run);
    return to;
  }

  /**
   * Takes one value from each of two ports, hands both to a function and puts what it answers into
   * a new channel; again and again, until one of the two has ended.
   *
   * @param a the first source
   * @param b the second source
   * @param capacity how many values the new channel holds, at least 1
   * @param function makes one value of two, not null
   * @param <A> the type of the first source's values
   * @param <B> the type of the second source's values
   * @param <R> the type of what goes out
   * @return the new channel
   */
  public static <A, B, R> Channel<R> map(
      ReadPort<A> a,
      ReadPort<B> b,
      int capacity,
      BiFunction<? super A, ? super B, ? extends R> function) {
    Objects.requireNonNull(function, "function");
    List<ReadPort<?>> both =
        List.of(Objects.requireNonNull(a, "a"), Objects.requireNonNull(b, "b"));
    return zip(
        both,
        capacity,
        values -> {
          @SuppressWarnings("unchecked")
          A first = (A) values.get(0);
          @SuppressWarnings("unchecked")
          B second = (B) values.get(1);
          return function.apply(first, second);
        });
  }

  /**
   * Takes one value from each port, hands all to a function and puts what it answers into a new
   * channel; again and again, until one of the ports has ended.
   *
   * @param from the sources, at least one
   * @param capacity how many values the new channel holds, at least 1
   * @param function makes one value of a list with one of each source, in the order of the sources
   * @param <T> the type of the sources' values
   * @param <R> the type of what goes out
   * @return the new channel
   */
  public static <T, R> Channel<R> map(
      List<? extends ReadPort<? extends T>> from,
      int capacity,
      Function<? super List<T>, ? extends R> function) {
    Objects.requireNonNull(function, "function");
    return zip(
        List.copyOf(Objects.requireNonNull(from, "from")),
        capacity,
        values -> {
          @SuppressWarnings("unchecked")
          List<T> typed = (List<T>) values;
          return function.apply(typed);
        });
  }

  private static <R> Channel<R> zip(
      List<ReadPort<?>> from, int capacity, Function<List<?>, ? extends R> function) {
    if (from.isEmpty()) {
      throw new IllegalArgumentException("map takes from at least one port");
    }
    Channel<R> to = Csp.chan(capacity);
    Csp.go("map into " + to, () -> new Zip<R>(from, to, function).run());
    return to;
  }

  /**
   * Puts all elements of a collection to a port, and then closes it if it is a {@link Channel}. A
   * collection that makes its elements wait is interrupted when nobody wants more.
   *
   * @param to the sink
   * @param values what to put; none is null
   * @param <T> the type of the values
   * @return a channel that closes when all are put, or nobody wants more; with what the collection
   *     threw if the sink cannot be closed with it
   */
  public static <T> Channel<Void> ontoChan(WritePort<? super T> to, Iterable<? extends T> values) {
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(values, "values");
    return Csp.go(
        "onto " + to,
        () -> {
          List<Ports.Watch> watches = Pump.interruptWhenClosed(List.of(to));
          @Nullable Throwable cause = null;
          try {
            for (T value : values) {
              Pump.throwIfInterrupted();
              if (!to.put(value)) {
                break;
              }
            }
          } catch (InterruptedException | InterruptedTakeException e) {
            cause = to.isClosed() ? null : e; // which is what it was interrupted for
          } catch (Throwable e) {
            cause = e;
          }
          Pump.withdraw(watches);
          Pump.end(List.of(to), cause);
        });
  }

  /**
   * A new channel that gives the elements of a collection and closes.
   *
   * @param capacity how many values it holds, at least 1
   * @param values what it gives; none is null
   * @param <T> the type of the values
   */
  public static <T> Channel<T> toChan(int capacity, Iterable<? extends T> values) {
    Channel<T> to = Csp.chan(capacity);
    ontoChan(to, values);
    return to;
  }

  private static <T> ReadPort<T> checked(ReadPort<T> from) {
    return Objects.requireNonNull(from, "from");
  }
}
