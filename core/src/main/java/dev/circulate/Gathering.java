package dev.circulate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Gatherer;
import java.util.stream.Gatherer.Integrator;
import org.jspecify.annotations.Nullable;

/**
 * Gatherers that the JDK's {@link java.util.stream.Gatherers} has not, under the names of the
 * field: for a channel, a pipe or a stream.
 *
 * {@snippet :
 * Channel<Integer> changes = chan(16, dedupe());
 * Channel<List<Reading>> runs = pipe(readings, 16, partitionBy(Reading::sensor));
 * }
 *
 * <p>They chain: {@code Gathering.<Order>filter(Order::isOpen).andThen(take(10))}. A partition of a
 * fixed size is {@link java.util.stream.Gatherers#windowFixed(int)}, a sliding one {@link
 * java.util.stream.Gatherers#windowSliding(int)}, running totals {@link
 * java.util.stream.Gatherers#scan}. What a function that is passed in throws goes to whoever runs
 * the gatherer.
 */
public final class Gathering {
  private Gathering() {}

  private static final class Last<K> {
    private @Nullable K key;
  }

  private static final class Run<T, K> {
    private @Nullable K key;
    private List<T> values = new ArrayList<>();
  }

  private static final class Count {
    private long left;

    Count(long left) {
      this.left = left;
    }
  }

  /**
   * Lets through what the function makes of each value.
   *
   * @param function makes one value of each
   * @param <T> the type of what comes in
   * @param <R> the type of what goes out
   */
  public static <T, R> Gatherer<T, ?, R> map(Function<? super T, ? extends R> function) {
    Objects.requireNonNull(function, "function");
    return Gatherer.ofSequential(
        Integrator.<@Nullable Void, T, R>ofGreedy(
            (_, value, downstream) -> downstream.push(function.apply(value))));
  }

  /**
   * Lets through all that the function makes of each value, in order.
   *
   * @param function makes any number of values of each
   * @param <T> the type of what comes in
   * @param <R> the type of what goes out
   */
  public static <T, R> Gatherer<T, ?, R> mapcat(
      Function<? super T, ? extends Iterable<? extends R>> function) {
    Objects.requireNonNull(function, "function");
    return Gatherer.ofSequential(
        Integrator.<@Nullable Void, T, R>ofGreedy(
            (_, value, downstream) -> {
              for (R each : function.apply(value)) {
                if (!downstream.push(each)) {
                  return false;
                }
              }
              return true;
            }));
  }

  /**
   * Lets through what passes the test.
   *
   * @param test what a value has to pass
   * @param <T> the type of the values
   */
  public static <T> Gatherer<T, ?, T> filter(Predicate<? super T> test) {
    Objects.requireNonNull(test, "test");
    return Gatherer.ofSequential(
        Integrator.<@Nullable Void, T, T>ofGreedy(
            (_, value, downstream) -> !test.test(value) || downstream.push(value)));
  }

  /**
   * Lets through what does not pass the test.
   *
   * @param test what a value must not pass
   * @param <T> the type of the values
   */
  public static <T> Gatherer<T, ?, T> remove(Predicate<? super T> test) {
    return filter(Predicate.not(test));
  }

  /**
   * Lets through the first values and then wants no more, which closes a channel that it sits on.
   *
   * @param most how many; not negative
   * @param <T> the type of the values
   * @throws IllegalArgumentException if {@code most} is negative
   */
  public static <T> Gatherer<T, ?, T> take(long most) {
    if (most < 0) {
      throw new IllegalArgumentException("take lets a number of values through, not " + most);
    }
    return Gatherer.ofSequential(
        () -> new Count(most),
        Integrator.<Count, T, T>of(
            (count, value, downstream) ->
                count.left > 0 && downstream.push(value) && --count.left > 0));
  }

  /**
   * Leaves out a value that equals the one before it.
   *
   * @param <T> the type of the values
   */
  public static <T> Gatherer<T, ?, T> dedupe() {
    return Gatherer.ofSequential(
        Last<T>::new,
        Integrator.<Last<T>, T, T>ofGreedy(
            (last, value, downstream) -> {
              if (value.equals(last.key)) {
                return true;
              }
              last.key = value;
              return downstream.push(value);
            }));
  }

  /**
   * Leaves out a value that equals any before it. It remembers every value that it has let through.
   *
   * @param <T> the type of the values
   */
  public static <T> Gatherer<T, ?, T> distinct() {
    return Gatherer.ofSequential(
        HashSet<T>::new,
        Integrator.<Set<T>, T, T>ofGreedy(
            (seen, value, downstream) -> !seen.add(value) || downstream.push(value)));
  }

  /**
   * Gathers runs of values for which the function answers the same into lists, which cannot be
   * changed; the last one comes at the end.
   *
   * @param key tells which values belong together
   * @param <T> the type of the values
   * @param <K> the type of what tells
   */
  public static <T, K> Gatherer<T, ?, List<T>> partitionBy(Function<? super T, ? extends K> key) {
    Objects.requireNonNull(key, "key");
    return Gatherer.ofSequential(
        Run<T, K>::new,
        Integrator.<Run<T, K>, T, List<T>>ofGreedy(
            (run, value, downstream) -> {
              K own = key.apply(value);
              boolean wanted = true;
              if (!run.values.isEmpty() && !Objects.equals(own, run.key)) {
                wanted = downstream.push(List.copyOf(run.values));
                run.values = new ArrayList<>();
              }
              run.key = own;
              run.values.add(value);
              return wanted;
            }),
        (run, downstream) -> {
          if (!run.values.isEmpty()) {
            downstream.push(List.copyOf(run.values));
          }
        });
  }
}
