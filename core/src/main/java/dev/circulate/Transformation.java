package dev.circulate;

import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Gatherer;

/**
 * A {@link Gatherer} at work, with its state: what runs one by hand, where there is no stream.
 *
 * {@snippet :
 * Transformation<Order, Batch> batching = Transformation.begin(batches, to::offer);
 * boolean wantsMore = batching.accept(order);
 * batching.finish();
 * }
 *
 * <p><b>Threads.</b> Used by one thread at a time; whoever uses it sees to that, and holds no lock
 * meanwhile: all that runs here is the gatherer's code and the sink's, and what they throw goes to
 * the caller.
 *
 * @param <T> the type of what goes in
 * @param <R> the type of what comes out
 */
public abstract class Transformation<T, R> {
  private Transformation() {}

  /**
   * Begins a transformation.
   *
   * @param gatherer what to do
   * @param sink where each result goes, in the thread that calls; false when it takes no more
   * @param <T> the type of what goes in
   * @param <R> the type of what comes out
   */
  public static <T, R> Transformation<T, R> begin(
      Gatherer<? super T, ?, ? extends R> gatherer, Predicate<? super R> sink) {
    return new WithState<>(gatherer, sink);
  }

  /**
   * Takes in one value.
   *
   * @param value which
   * @return false when the gatherer wants no more
   */
  public abstract boolean accept(T value);

  /** Takes notice that no more will come. */
  public abstract void finish();

  private static final class WithState<T, A, R> extends Transformation<T, R> {
    private final A state;
    private final Gatherer.Integrator<A, ? super T, R> integrator;
    private final BiConsumer<A, Gatherer.Downstream<? super R>> finisher;
    private final Gatherer.Downstream<R> downstream;

    @SuppressWarnings("unchecked") // a gatherer only pushes what it emits
    WithState(Gatherer<? super T, A, ? extends R> gatherer, Predicate<? super R> sink) {
      Gatherer<? super T, A, R> exact = (Gatherer<? super T, A, R>) gatherer;
      this.state = exact.initializer().get();
      this.integrator = (Gatherer.Integrator<A, ? super T, R>) exact.integrator();
      this.finisher = exact.finisher();
      this.downstream =
          value -> sink.test(Objects.requireNonNull(value, "a gatherer emitted null"));
    }

    @Override
    public boolean accept(T value) {
      return integrator.integrate(state, value, downstream);
    }

    @Override
    public void finish() {
      finisher.accept(state, downstream);
    }
  }
}
