package dev.circulate;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Does something with every value of a channel, several values at a time, each task in a virtual
 * thread where it may block.
 *
 * {@snippet :
 * Pipeline.ordered(8, uris, pages, Pipeline.OnFailure.skip(), this::fetch);
 * }
 *
 * <p>At most so many values as {@code parallel} says are taken and not yet put, so a slow sink
 * slows the source down. The ends meet as those of {@link Pipes} do: the sink closes after the
 * source, with its cause; a sink that is closed or cancelled interrupts the tasks under way and
 * cancels the source; a port that is only a {@link ReadPort} or {@link WritePort} is left as it is,
 * and a cause that the sink cannot be closed with closes the channel that the method returns. What
 * was taken and not begun with goes back to the source; what came from a port of a user's own,
 * which takes nothing back, is begun with all the same, interrupted.
 */
public final class Pipeline {
  private Pipeline() {}

  /**
   * What is done with one value.
   *
   * @param <T> the type of the value
   * @param <R> the type of the result
   */
  @FunctionalInterface
  public interface Task<T, R> {
    /**
     * Makes a result of a value; may block.
     *
     * @param value the value
     * @return the result; null for none
     * @throws Exception what {@link OnFailure} is asked about
     */
    @Nullable R apply(T value) throws Exception;
  }

  /**
   * What happens when a task fails.
   *
   * @param <T> the type of the value that the task was given
   * @param <R> the type of the result
   */
  @FunctionalInterface
  public interface OnFailure<T, R> {
    /**
     * Decides about a failed task.
     *
     * @param value what the task was given
     * @param failure what it threw
     * @return what to put instead; null for nothing
     * @throws Exception to stop the pipeline: the sink is closed and the source cancelled with it,
     *     as far as they can be, and the tasks under way are interrupted
     */
    @Nullable R decide(T value, Exception failure) throws Exception;

    /**
     * Stops the pipeline at the first failure.
     *
     * @param <T> the type of the values
     * @param <R> the type of the results
     */
    static <T, R> OnFailure<T, R> stop() {
      return (_, failure) -> {
        throw failure;
      };
    }

    /**
     * Leaves the value out and goes on; the {@linkplain Csp#setUncaughtHandler uncaught handler} is
     * told.
     *
     * @param <T> the type of the values
     * @param <R> the type of the results
     */
    static <T, R> OnFailure<T, R> skip() {
      return (value, failure) -> {
        UncaughtHandler.report("a pipeline, at " + words(value), failure);
        return null;
      };
    }

    /** What a value says, which may not be able to, and then goes with the rest. */
    private static String words(Object value) {
      try {
        return value.toString();
      } catch (Throwable e) {
        return value.getClass().getName()
            + ": (its toString threw "
            + e.getClass().getSimpleName()
            + ")";
      }
    }

    /**
     * Puts what a function makes of the failure.
     *
     * @param function what to put instead; null for nothing
     * @param <T> the type of the values
     * @param <R> the type of the results
     */
    static <T, R> OnFailure<T, R> replace(
        BiFunction<? super T, ? super Exception, ? extends @Nullable R> function) {
      return function::apply;
    }
  }

  /**
   * Starts a pipeline whose results come in the order of the values.
   *
   * @param parallel how many values at a time, at least 1
   * @param from the source
   * @param to the sink
   * @param onFailure what happens when a task fails
   * @param task what to do with each value
   * @param <T> the type of the values
   * @param <R> the type of the results
   * @return a channel that closes when the pipeline has ended, with the cause if the sink cannot
   */
  public static <T, R> Channel<Void> ordered(
      int parallel,
      ReadPort<T> from,
      WritePort<? super R> to,
      OnFailure<? super T, ? extends R> onFailure,
      Task<? super T, ? extends R> task) {
    return PipelineRun.start(true, parallel, from, to, onFailure, task);
  }

  /**
   * Starts a pipeline whose results come as they are ready.
   *
   * @param parallel how many values at a time, at least 1
   * @param from the source
   * @param to the sink
   * @param onFailure what happens when a task fails
   * @param task what to do with each value
   * @param <T> the type of the values
   * @param <R> the type of the results
   * @return a channel that closes when the pipeline has ended, with the cause if the sink cannot
   */
  public static <T, R> Channel<Void> unordered(
      int parallel,
      ReadPort<T> from,
      WritePort<? super R> to,
      OnFailure<? super T, ? extends R> onFailure,
      Task<? super T, ? extends R> task) {
    return PipelineRun.start(false, parallel, from, to, onFailure, task);
  }
}
