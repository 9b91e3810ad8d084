package dev.circulate;

import dev.circulate.internal.Selection;
import dev.circulate.internal.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for several takes and puts at once and does exactly one of them: a random one, with equal
 * probability, when several can happen.
 *
 * {@snippet :
 * String best =
 *     Alts.<String>first()
 *         .take(fast, quote -> "fast " + quote.price())
 *         .take(slow, quote -> "slow " + quote.price())
 *         .put(audit, new Asked(symbol), () -> "audited")
 *         .timeout(Duration.ofMillis(200), () -> "nobody answered")
 *         .await();
 * }
 *
 * <p>The operations that are not chosen have no effect. Takes and puts mix, and one channel may
 * stand in several arms. What an arm's function returns is what {@link #await()} returns; it runs
 * in the calling thread, after the choice, and what it throws goes to the caller.
 *
 * <p><b>Closing.</b> A closed channel is ready: its put arm is chosen and {@link #onClosed}
 * answers; so does the take arm of one that is drained, unless it was closed with a cause, which is
 * thrown as a {@link ChannelFailedException}. Without {@code onClosed} that is a {@link
 * ChannelClosedException}. An arm can have an {@linkplain #take(ReadPort, Function, Function)
 * answer of its own}. <b>Interruption.</b> An interrupted wait throws {@code InterruptedException},
 * and no operation has happened. <b>Threads.</b> An {@code Alts} is built and used once, by one
 * thread.
 *
 * @param <R> the type of what the arms answer
 */
public final class Alts<R> {
  /** What to do after an operation was chosen. */
  private interface Continuation<R> {
    R accept(@Nullable Object taken);
  }

  /** A take that has an answer for the end of its port. */
  private record Taking<T, R>(
      ReadPort<T> port,
      Function<? super T, ? extends R> then,
      Function<@Nullable Throwable, ? extends R> whenEnded)
      implements Continuation<R> {
    @Override
    public R accept(@Nullable Object taken) {
      @SuppressWarnings("unchecked")
      T value = (T) Objects.requireNonNull(taken);
      return then.apply(value);
    }

    R outcome(Selection chosen) {
      if (chosen.isClosed()) {
        return whenEnded.apply(port.closeCause());
      }
      Object taken;
      try {
        taken = chosen.value();
      } catch (ChannelFailedException e) { // by a value that does not fit
        return whenEnded.apply(e.getCause());
      }
      return accept(taken);
    }
  }

  /** A put that has an answer for the refusal of its value. */
  private record Putting<R>(
      Supplier<? extends R> then, Function<@Nullable Throwable, ? extends R> whenRefused)
      implements Continuation<R> {
    @Override
    public R accept(@Nullable Object taken) {
      return then.get();
    }
  }

  private final Selection selection = new Selection();
  private final List<Continuation<R>> continuations = new ArrayList<>(4);
  private long moment = Time.NEVER;
  private @Nullable Supplier<? extends R> whenLate;
  private @Nullable Supplier<? extends R> whenNothing;
  private @Nullable Supplier<? extends R> whenClosed;

  private Alts() {}

  /**
   * An alts without arms yet.
   *
   * @param <R> the type of what the arms answer
   */
  public static <R> Alts<R> first() {
    return new Alts<>();
  }

  /** A loop that takes from several ports until all have ended, and leaves out those that have. */
  public static AltsLoop each() {
    return new AltsLoop();
  }

  /**
   * Adds an arm that takes.
   *
   * @param port where to take from
   * @param then what to do with the value
   * @param <T> the type of the values
   */
  public <T> Alts<R> take(ReadPort<T> port, Function<? super T, ? extends R> then) {
    Objects.requireNonNull(then, "then");
    selection.take(port);
    continuations.add(
        taken -> {
          @SuppressWarnings("unchecked")
          T value = (T) Objects.requireNonNull(taken);
          return then.apply(value);
        });
    return this;
  }

  /**
   * Adds an arm that takes, and has an answer of its own for the end of its port: so that it can be
   * told which of several has ended, and left out the next time.
   *
   * @param port where to take from
   * @param then what to do with the value
   * @param whenEnded what to answer when the port is closed and drained, or has ended with a value
   *     that does not fit: given the cause, null if there is none, which is not thrown then
   * @param <T> the type of the values
   */
  public <T> Alts<R> take(
      ReadPort<T> port,
      Function<? super T, ? extends R> then,
      Function<@Nullable Throwable, ? extends R> whenEnded) {
    Objects.requireNonNull(then, "then");
    Objects.requireNonNull(whenEnded, "whenEnded");
    selection.take(port);
    continuations.add(new Taking<>(port, then, whenEnded));
    return this;
  }

  /**
   * Adds an arm that puts.
   *
   * @param port where to put
   * @param value what to put, not null
   * @param then what to do once the value is accepted
   * @param <T> the type of the values
   */
  public <T> Alts<R> put(WritePort<? super T> port, T value, Supplier<? extends R> then) {
    Objects.requireNonNull(then, "then");
    selection.put(port, value);
    continuations.add(_ -> then.get());
    return this;
  }

  /**
   * Adds an arm that puts, and has an answer of its own for a refusal: so that it can be told which
   * of several ports has refused, and left out the next time.
   *
   * @param port where to put
   * @param value what to put, not null
   * @param then what to do once the value is accepted
   * @param whenRefused what to answer when the port is closed, given null, or when it looks after
   *     what was put, as a durable queue does, and it was not accepted after all: given what the
   *     port threw, which is not thrown then
   * @param <T> the type of the values
   */
  public <T> Alts<R> put(
      WritePort<? super T> port,
      T value,
      Supplier<? extends R> then,
      Function<@Nullable Throwable, ? extends R> whenRefused) {
    Objects.requireNonNull(then, "then");
    Objects.requireNonNull(whenRefused, "whenRefused");
    selection.put(port, value);
    continuations.add(new Putting<>(then, whenRefused));
    return this;
  }

  /**
   * Limits the wait.
   *
   * @param limit how long to wait, from now
   * @param then what to answer when no operation could happen until then
   */
  public Alts<R> timeout(Duration limit, Supplier<? extends R> then) {
    moment = Time.after(Objects.requireNonNull(limit, "limit"));
    whenLate = Objects.requireNonNull(then, "then");
    return this;
  }

  /**
   * Does not wait at all.
   *
   * @param then what to answer when no operation can happen at once
   */
  public Alts<R> orElse(Supplier<? extends R> then) {
    whenNothing = Objects.requireNonNull(then, "then");
    return this;
  }

  /**
   * Says what to answer when the chosen arm finds its channel closed (without a cause, in a take
   * arm) and has no answer of its own for that.
   *
   * @param then what to answer
   */
  public Alts<R> onClosed(Supplier<? extends R> then) {
    whenClosed = Objects.requireNonNull(then, "then");
    return this;
  }

  /** Chooses the first ready operation in the order of the arms, not a random one. */
  public Alts<R> priority() {
    selection.prioritize();
    return this;
  }

  /**
   * Does one operation, waiting for it if need be.
   *
   * @return what the chosen arm answers
   * @throws IllegalStateException if there is no arm, and no timeout or default either
   * @throws InterruptedException if interrupted while waiting; no operation has happened then
   */
  public R await() throws InterruptedException {
    int index;
    try {
      index = whenNothing != null ? selection.attempt() : awaitOne();
    } catch (Throwable refusal) { // of a port that looks after what was put
      if (chosen() instanceof Putting<R> putting) {
        return putting.whenRefused.apply(refusal);
      }
      throw refusal;
    }
    if (index < 0) {
      return Objects.requireNonNull(whenNothing != null ? whenNothing : whenLate).get();
    }
    Continuation<R> arm = continuations.get(index);
    if (arm instanceof Taking<?, R> taking) {
      return taking.outcome(selection);
    }
    if (selection.isClosed()) {
      return arm instanceof Putting<R> putting ? putting.whenRefused.apply(null) : closed(index);
    }
    return arm.accept(selection.value());
  }

  private @Nullable Continuation<R> chosen() {
    int index = selection.chosen();
    return index < 0 ? null : continuations.get(index);
  }

  private int awaitOne() throws InterruptedException {
    if (selection.size() == 0 && moment == Time.NEVER) {
      throw new IllegalStateException(
          "an alts without arms, timeout or default would wait for ever");
    }
    return selection.await(moment);
  }

  private R closed(int index) {
    selection.throwCause();
    if (whenClosed == null) {
      throw new ChannelClosedException(
          "arm "
              + (index + 1)
              + " found "
              + selection.closedPort()
              + " closed, and the alts has no onClosed arm");
    }
    return whenClosed.get();
  }
}
