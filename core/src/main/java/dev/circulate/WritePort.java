package dev.circulate;

import java.time.Duration;

/**
 * The putting side of a channel: values go in here.
 *
 * {@snippet :
 * WritePort<Order> orders = channel.writePort();
 * if (!orders.put(order)) {
 *   refund(order); // the channel was closed first, and nobody takes it
 * }
 * if (!orders.offer(another, Duration.ofMillis(50))) {
 *   later(another); // closed, or no room within 50 ms
 * }
 * }
 *
 * <p>Holding a {@code WritePort} permits putting and nothing else: services and roots are given out
 * as this, so that no caller can take another's requests or close the service. A {@link Channel} is
 * a {@code WritePort}; {@link Channel#writePort()} gives this face alone.
 *
 * <p><b>Closing.</b> A put into a closed channel answers {@code false}, and its value is never
 * taken. A put that waits when the channel is closed is still delivered. <b>Null</b> is refused
 * with a {@code NullPointerException} before anything happens. <b>Interruption.</b> An interrupted
 * wait throws {@code InterruptedException} and has had no effect: the value is never taken.
 * <b>Errors.</b> A channel of another address space refuses what cannot be sent there, or is too
 * long, with an unchecked exception that says what and why, in the putter's thread. <b>Order.</b>
 * Waiting putters are served first come, first served. <b>Threads.</b> Every method may be called
 * by any thread at any time.
 *
 * @param <T> the type of the values
 */
public interface WritePort<T> {

  /**
   * Puts a value, waiting until the channel accepts it.
   *
   * @param value what to put, not null
   * @return true once the value is accepted; false if the channel was closed first
   * @throws InterruptedException if interrupted while waiting; the value was not put then
   */
  boolean put(T value) throws InterruptedException;

  /**
   * Puts a value if the channel can accept it now; never waits.
   *
   * @param value what to put, not null
   * @return true if the value is accepted; false only if at some moment of the call the channel
   *     could not take it, because it was full or closed
   */
  boolean offer(T value);

  /**
   * Puts a value, waiting no longer than {@code timeout}.
   *
   * @param value what to put, not null
   * @param timeout how long to wait; zero or less does not wait
   * @return true if the value is accepted; false if the time passed or the channel was closed first
   * @throws InterruptedException if interrupted while waiting; the value was not put then
   */
  boolean offer(T value, Duration timeout) throws InterruptedException;

  /** Whether the channel was closed or cancelled, so that no put can succeed any more. */
  boolean isClosed();
}
