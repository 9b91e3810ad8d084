package dev.circulate;

import dev.circulate.internal.PortIterator;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The taking side of a channel: values come out here, each of them once, in the order in which they
 * were put.
 *
 * <p>Holding a {@code ReadPort} permits taking and nothing else. A {@link Channel} is a {@code
 * ReadPort}; {@link Channel#readPort()} gives this face alone to somebody who is to have no more.
 *
 * <p><b>Closing.</b> After the channel was closed, what had been put before still comes out; then
 * {@link #take()} answers {@code null}, or throws a {@link ChannelFailedException} if the channel
 * was closed with a cause. <b>Interruption.</b> An interrupted wait throws {@code
 * InterruptedException} and has had no effect: no value was taken. <b>Order.</b> Waiting takers are
 * served first come, first served. <b>Memory.</b> What a thread did before it put a value
 * happens-before what another does after taking it. <b>Threads.</b> Every method may be called by
 * any thread at any time.
 *
 * <p>The tempting check does not work, since the answer is old when it arrives:
 *
 * {@snippet :
 * while (!orders.isClosed()) {          // wrong: can close between the check and the take
 *   book(orders.take());
 * }
 * for (Order order : orders) {          // right: ends when the channel is closed and drained
 *   book(order);
 * }
 * }
 *
 * @param <T> the type of the values
 */
public interface ReadPort<T> extends Iterable<T> {

  /**
   * Takes the next value, waiting until there is one.
   *
   * @return the value; {@code null} only when the channel is closed and drained
   * @throws ChannelFailedException when the channel is drained and was closed with a cause
   * @throws InterruptedException if interrupted while waiting; nothing was taken then
   */
  @Nullable T take() throws InterruptedException;

  /**
   * Takes the next value if it is there now; never waits. One from another address space is there
   * when it has come here, and this does not ask for it: {@link #poll(Duration)} does.
   *
   * @return the value, or {@code null} if there is none now; {@link #isClosed()} tells whether
   *     there can still be one later
   */
  @Nullable T poll();

  /**
   * Takes the next value, waiting no longer than {@code timeout}.
   *
   * @param timeout how long to wait; zero or less does not wait
   * @return the value; {@code null} if the time passed, or if the channel is closed and drained
   * @throws ChannelFailedException when the channel is drained and was closed with a cause
   * @throws InterruptedException if interrupted while waiting; nothing was taken then
   */
  @Nullable T poll(Duration timeout) throws InterruptedException;

  /**
   * Takes what is there now, up to {@code most} values; never waits.
   *
   * @param most the largest number of values to take
   * @return the values in order, possibly none
   * @throws IllegalArgumentException if {@code most} is negative
   */
  List<T> drain(int most);

  /** Whether the channel was closed or cancelled; values may still be left to take. */
  boolean isClosed();

  /**
   * Why the channel was closed, without throwing it.
   *
   * @return the cause that it was closed or cancelled with; {@code null} if it has none or is open
   */
  @Nullable Throwable closeCause();

  /**
   * An iterator that takes: {@code hasNext} waits for the next value, and is false when the channel
   * is closed and drained. Several iterators over one channel share its values.
   *
   * <p>An interrupt while waiting ends the iteration with an {@link InterruptedTakeException}, the
   * thread's interrupt status set again.
   */
  @Override
  default Iterator<T> iterator() {
    return new PortIterator<>(this);
  }

  /**
   * A sequential stream of the values, which ends when the channel is closed and drained. It takes
   * as {@link #iterator()} does.
   */
  default Stream<T> stream() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }
}
