package dev.circulate;

import dev.circulate.internal.GoBlock;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Ticker;
import dev.circulate.internal.Timeout;
import dev.circulate.internal.Uncaught;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Gatherer;

/**
 * The verbs of this library, meant to be imported statically: make channels, start go blocks, wait
 * with a limit.
 *
 * {@snippet :
 * Channel<String> greetings = chan();
 * go(() -> greetings.put("hello"));
 * IO.println(greetings.take());
 * }
 */
public final class Csp {
  private Csp() {}

  /** Code that a go block runs for what it does, not for a result; it may throw anything. */
  @FunctionalInterface
  public interface Body {
    /**
     * Does the work.
     *
     * @throws Exception whatever goes wrong
     */
    void run() throws Exception;
  }

  /**
   * A channel that holds nothing: each put waits for a take.
   *
   * @param <T> the type of the values
   */
  public static <T> Channel<T> chan() {
    return LocalChannel.open(new Buffer.Rendezvous(), null, null);
  }

  /**
   * A channel that holds up to {@code capacity} values; a put into a full one waits.
   *
   * @param capacity at least 1
   * @param <T> the type of the values
   * @throws IllegalArgumentException if the capacity is not positive, or beyond {@link
   *     Buffer#MAX_CAPACITY}
   */
  public static <T> Channel<T> chan(int capacity) {
    return LocalChannel.open(fixed(capacity), null, null);
  }

  /**
   * A channel with the given buffer.
   *
   * @param buffer how many values it holds and what happens when it is full
   * @param <T> the type of the values
   */
  public static <T> Channel<T> chan(Buffer buffer) {
    return LocalChannel.open(Objects.requireNonNull(buffer, "buffer"), null, null);
  }

  /**
   * A channel that passes its values through a gatherer, as {@link ChannelBuilder#gather} says.
   *
   * @param capacity at least 1
   * @param gatherer what to do with the values
   * @param <T> the type of the values
   */
  public static <T> Channel<T> chan(int capacity, Gatherer<? super T, ?, ? extends T> gatherer) {
    return chan(fixed(capacity), gatherer);
  }

  /**
   * A channel that passes its values through a gatherer, as {@link ChannelBuilder#gather} says.
   *
   * @param buffer where the gatherer's results go; not a rendezvous
   * @param gatherer what to do with the values
   * @param <T> the type of the values
   */
  public static <T> Channel<T> chan(Buffer buffer, Gatherer<? super T, ?, ? extends T> gatherer) {
    return Channel.<T>builder().buffer(buffer).gather(gatherer).open();
  }

  /**
   * A buffer that makes putters wait when it is full.
   *
   * @param capacity at least 1
   */
  public static Buffer fixed(int capacity) {
    return new Buffer.Fixed(capacity);
  }

  /**
   * A buffer that loses the newest value when it is full.
   *
   * @param capacity at least 1
   */
  public static Buffer dropping(int capacity) {
    return new Buffer.Dropping(capacity);
  }

  /**
   * A buffer that loses the oldest value when it is full.
   *
   * @param capacity at least 1
   */
  public static Buffer sliding(int capacity) {
    return new Buffer.Sliding(capacity);
  }

  /** A buffer that keeps the first value for ever and gives it to every taker. */
  public static Buffer promise() {
    return new Buffer.Promise();
  }

  /** A buffer that nothing but memory bounds: putters never wait for takers. */
  public static Buffer unbounded() {
    return new Buffer.Unbounded();
  }

  /**
   * Starts a go block: runs {@code body} in a virtual thread of its own, where it may block freely.
   *
   * @param body what to do; may throw anything
   * @param <T> the type of the result
   * @return a channel that gives the result once and closes. A body that returns null only closes
   *     it. What the body throws closes it with that cause, and goes to the uncaught handler if
   *     nobody ever takes it.
   */
  public static <T> Channel<T> go(Callable<T> body) {
    return GoBlock.start("", Objects.requireNonNull(body, "body"));
  }

  /**
   * Starts a go block without a result, as {@link #go(Callable)} does.
   *
   * @param body what to do; may throw anything
   * @return a channel that closes when the body has ended
   */
  public static Channel<Void> go(Body body) {
    return go("", body);
  }

  /**
   * Starts a go block with a name, which thread dumps, listings and errors show.
   *
   * @param name what people call it
   * @param body what to do; may throw anything
   * @param <T> the type of the result
   * @return as {@link #go(Callable)}
   */
  public static <T> Channel<T> go(String name, Callable<T> body) {
    return GoBlock.start(
        Objects.requireNonNull(name, "name"), Objects.requireNonNull(body, "body"));
  }

  /**
   * Starts a go block with a name and without a result.
   *
   * @param name what people call it
   * @param body what to do; may throw anything
   * @return a channel that closes when the body has ended
   */
  public static Channel<Void> go(String name, Body body) {
    Objects.requireNonNull(body, "body");
    return go(
        name,
        () -> {
          body.run();
          return null;
        });
  }

  /**
   * A channel that closes after {@code delay}: an arm of an alts, or something to wait for. One
   * that nobody waits for costs no thread and no timer, and is collected as any object.
   *
   * @param delay how long it stays open; zero or less means it is closed at once
   */
  public static ReadPort<Void> timeout(Duration delay) {
    return Timeout.after(Objects.requireNonNull(delay, "delay")).readPort();
  }

  /**
   * A channel that gets the number of each period that has passed since it was made: an arm of an
   * alts, or something to wait for. It keeps the last tick only; those that nobody takes are lost.
   * One that nobody waits for costs no thread and no timer, and is collected as any object.
   *
   * @param period the time between two ticks
   * @throws IllegalArgumentException if it is not positive, or longer than 73 years
   */
  public static ReadPort<Long> ticker(Duration period) {
    return Ticker.every(period).readPort();
  }

  /**
   * Moves all values from a port through a gatherer into a new channel: {@link Pipes#pipe(ReadPort,
   * int, Gatherer)}.
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
    return Pipes.pipe(from, capacity, gatherer);
  }

  /**
   * Moves all values from one port to another: {@link Pipes#pipe(ReadPort, WritePort)}.
   *
   * @param from the source
   * @param to the sink
   * @param <T> the type of the values
   * @return a channel that closes when the pipe has ended
   */
  public static <T> Channel<Void> pipe(ReadPort<T> from, WritePort<? super T> to) {
    return Pipes.pipe(from, to);
  }

  /**
   * The operation of an {@link #alts alts} that takes from a port.
   *
   * @param port where to take from
   * @param <T> the type of the values
   */
  public static <T> Operation<T> take(ReadPort<T> port) {
    return new Operation.Take<>(port);
  }

  /**
   * The operation of an {@link #alts alts} that puts a value.
   *
   * @param port where to put
   * @param value what to put, not null
   * @param <T> the type of the value
   */
  public static <T> Operation<T> put(WritePort<? super T> port, T value) {
    return new Operation.Put<>(port, value);
  }

  /**
   * Waits for two operations at once and does exactly one of them: a random one, with equal
   * probability, when several can happen. {@link Alts} has priorities, limits and defaults, too.
   *
   * @param first the first operation
   * @param second the second operation
   * @param <A> the type of the first one's value
   * @param <B> the type of the second one's value
   * @return which one it was, and its value
   * @throws ChannelFailedException when it was a take from a channel that was closed with a cause
   * @throws InterruptedException if interrupted while waiting; no operation has happened then
   */
  @SuppressWarnings("unchecked") // an operation's value has the operation's type
  public static <A, B> Choice.Of2<A, B> alts(Operation<A> first, Operation<B> second)
      throws InterruptedException {
    Chosen chosen = Chosen.among(List.of(first, second));
    if (chosen.isClosed()) {
      return new Choice.Closed<>(chosen.index() + 1);
    }
    return switch (chosen.index()) {
      case 0 -> new Choice.First<>((A) chosen.value());
      default -> new Choice.Second<>((B) chosen.value());
    };
  }

  /**
   * Waits for three operations at once and does exactly one of them: a random one, with equal
   * probability, when several can happen. {@link Alts} has priorities, limits and defaults, too.
   *
   * @param first the first operation
   * @param second the second operation
   * @param third the third operation
   * @param <A> the type of the first one's value
   * @param <B> the type of the second one's value
   * @param <C> the type of the third one's value
   * @return which one it was, and its value
   * @throws ChannelFailedException when it was a take from a channel that was closed with a cause
   * @throws InterruptedException if interrupted while waiting; no operation has happened then
   */
  @SuppressWarnings("unchecked") // an operation's value has the operation's type
  public static <A, B, C> Choice.Of3<A, B, C> alts(
      Operation<A> first, Operation<B> second, Operation<C> third) throws InterruptedException {
    Chosen chosen = Chosen.among(List.of(first, second, third));
    if (chosen.isClosed()) {
      return new Choice.Closed<>(chosen.index() + 1);
    }
    return switch (chosen.index()) {
      case 0 -> new Choice.First<>((A) chosen.value());
      case 1 -> new Choice.Second<>((B) chosen.value());
      default -> new Choice.Third<>((C) chosen.value());
    };
  }

  /**
   * Waits for four operations at once and does exactly one of them: a random one, with equal
   * probability, when several can happen. {@link Alts} has priorities, limits and defaults, too.
   *
   * @param first the first operation
   * @param second the second operation
   * @param third the third operation
   * @param fourth the fourth operation
   * @param <A> the type of the first one's value
   * @param <B> the type of the second one's value
   * @param <C> the type of the third one's value
   * @param <D> the type of the fourth one's value
   * @return which one it was, and its value
   * @throws ChannelFailedException when it was a take from a channel that was closed with a cause
   * @throws InterruptedException if interrupted while waiting; no operation has happened then
   */
  @SuppressWarnings("unchecked") // an operation's value has the operation's type
  public static <A, B, C, D> Choice.Of4<A, B, C, D> alts(
      Operation<A> first, Operation<B> second, Operation<C> third, Operation<D> fourth)
      throws InterruptedException {
    Chosen chosen = Chosen.among(List.of(first, second, third, fourth));
    if (chosen.isClosed()) {
      return new Choice.Closed<>(chosen.index() + 1);
    }
    return switch (chosen.index()) {
      case 0 -> new Choice.First<>((A) chosen.value());
      case 1 -> new Choice.Second<>((B) chosen.value());
      case 2 -> new Choice.Third<>((C) chosen.value());
      default -> new Choice.Fourth<>((D) chosen.value());
    };
  }

  /**
   * A future of the next value of a port, taken in a go block of its own.
   *
   * @param port where to take from
   * @param <T> the type of the value
   * @return completes with the value; exceptionally with a {@link ChannelClosedException} when the
   *     port has ended, or with the cause that it was closed with. Cancelling it ends the wait, and
   *     the value stays in the channel; a scope that the block is in cancels it with itself.
   */
  public static <T> CompletableFuture<T> future(ReadPort<T> port) {
    return Futures.next(Objects.requireNonNull(port, "port"));
  }

  /**
   * A channel that gives the result of a stage once and closes; a stage that fails closes it with
   * that cause, one whose result is null only closes it.
   *
   * @param stage what to wait for
   * @param <T> the type of the result
   */
  public static <T> Channel<T> chan(CompletionStage<? extends T> stage) {
    return Futures.channel(Objects.requireNonNull(stage, "stage"));
  }

  /**
   * A publisher of what a port gives. Each subscription is one more taker: every value goes to one
   * of the subscribers, and only to one that has requested it; for all to get all, give each a tap
   * of a {@link Mult}. Subscribers are called by a go block of their own.
   *
   * @param port where to take from
   * @param <T> the type of the values
   * @return completes its subscribers when the port has ended, or fails them with the cause that it
   *     was closed with; a subscriber that cancels loses nothing, and the port stays open
   * @throws IllegalArgumentException if that is no port of this library's
   */
  public static <T> Flow.Publisher<T> publisher(ReadPort<T> port) {
    return new ChannelPublisher<>(Objects.requireNonNull(port, "port"));
  }

  /**
   * A subscriber that puts what it is given. At most {@code window} values are under way; the
   * publisher never waits, and is asked for more when the port has accepted some. When the
   * publisher ends, so does a port that is a {@link Channel}, with its failure; when the port is
   * closed by others, the subscription is cancelled; what that throws goes to the {@linkplain
   * #setUncaughtHandler uncaught handler}.
   *
   * @param port where to put; what it refuses goes to its undelivered hook
   * @param window how many values to request at most, at least 1
   * @param <T> the type of the values
   */
  public static <T> Flow.Subscriber<T> subscriber(WritePort<? super T> port, int window) {
    return new ChannelSubscriber<>(Objects.requireNonNull(port, "port"), window);
  }

  /**
   * Puts in force, for the whole process, who is told of failures that no caller can be told of.
   *
   * @param handler whom to tell
   * @return the handler that it replaces
   */
  public static UncaughtHandler setUncaughtHandler(UncaughtHandler handler) {
    return Uncaught.install(Objects.requireNonNull(handler, "handler"));
  }
}
