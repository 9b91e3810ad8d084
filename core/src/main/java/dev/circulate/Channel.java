package dev.circulate;

/**
 * A channel: threads that share nothing else put values in and take them out, each value once, in
 * order.
 *
 * <p>{@link Csp#chan()} and its siblings make one; {@link #builder()} makes one with a name or a
 * hook. A channel inside a message keeps its meaning in another address space: what arrives there
 * is a channel as well, and what this interface promises holds for it.
 *
 * <p>How many values it holds, and what happens to a put when it is full, is its {@link Buffer}'s
 * business. What the two sides promise is said in {@link ReadPort} and {@link WritePort}.
 *
 * <p>A channel need not be closed: one that nobody can reach is collected like any object. Closing
 * says <em>no more will come</em>, which takers wait for.
 *
 * {@snippet :
 * Channel<Integer> numbers = chan(16);
 * go(() -> {
 *   try (numbers) {
 *     for (int i = 2; i < 1_000; i++) {
 *       numbers.put(i);
 *     }
 *   }
 * });
 * for (int n : numbers) {
 *   IO.println(n);
 * }
 * }
 *
 * @param <T> the type of the values
 */
public interface Channel<T> extends ReadPort<T>, WritePort<T>, AutoCloseable {

  /**
   * Says that no more will come. What is in the buffer, and what waiting putters hold, is still
   * delivered; takers beyond that get {@code null}; a later put answers false. Closing again does
   * nothing. Never blocks.
   */
  @Override
  void close();

  /**
   * Closes as {@link #close()} does and says why: once the channel is drained, each take throws a
   * {@link ChannelFailedException} of its own with this cause. The first close decides; the cause
   * of a later one is ignored.
   *
   * @param cause why no more will come
   */
  void close(Throwable cause);

  /**
   * Says that no more is wanted, the taking side's way to end a channel: waiting and later puts
   * answer false, waiting takes end, and what was buffered goes to the undelivered hook. Never
   * blocks.
   *
   * <p>After a {@code close} it still discards what is left, and the first cause stands.
   */
  void cancel();

  /**
   * Cancels as {@link #cancel()} does; takes throw a {@link ChannelFailedException} with this
   * cause.
   *
   * @param cause why no more is wanted
   */
  void cancel(Throwable cause);

  /** This channel's taking face: whoever holds it can take, and can neither put nor close. */
  ReadPort<T> readPort();

  /** This channel's putting face: whoever holds it can put, and can neither take nor close. */
  WritePort<T> writePort();

  /**
   * How many values are in the buffer: an estimate for monitoring, old when it arrives. Values held
   * by waiting putters do not count.
   */
  int buffered();

  /** How many operations wait to take: an estimate for monitoring, old when it arrives. */
  int waitingTakers();

  /** How many operations wait to put: an estimate for monitoring, old when it arrives. */
  int waitingPutters();

  /**
   * A builder for a channel with a name, a hook for undelivered values, or both.
   *
   * {@snippet :
   * Channel<Job> jobs =
   *     Channel.<Job>builder().buffer(fixed(16)).name("jobs").onUndelivered(Job::release).open();
   * }
   *
   * @param <T> the type of the values
   */
  static <T> ChannelBuilder<T> builder() {
    return new ChannelBuilder<>();
  }
}
