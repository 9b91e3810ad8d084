package dev.circulate.rabbitmq;

/**
 * A value that was taken from a {@link WorkQueue}.
 *
 * <p>It is done with when the go block that took it ends well, or when somebody says {@link #done},
 * whichever is first; if that block throws, it comes again. For what was taken by a thread that is
 * no go block's, or came through a pipe, somebody has to say {@code done}: it comes again otherwise
 * once the queue is closed, or the program ends.
 *
 * @param <T> the type of the value
 */
public final class Work<T> {
  private final T value;
  private final boolean redelivered;
  private final Delivery<T> delivery;

  Work(T value, boolean redelivered, Delivery<T> delivery) {
    this.value = value;
    this.redelivered = redelivered;
    this.delivery = delivery;
  }

  /** What was put. */
  public T value() {
    return value;
  }

  /**
   * Whether it may have been given to somebody before, who did not end well: what is not harmless
   * to do twice has to be looked at.
   */
  public boolean isRedelivered() {
    return redelivered;
  }

  /**
   * Says that it is done, so that the broker forgets it and gives the next: for a block that takes
   * one value after the other. Saying it again does nothing. If the broker was lost meanwhile, or
   * is before it has heard it, the value comes again all the same. May be called by any thread; it
   * does not wait for the broker, and an interrupt waits.
   */
  public void done() {
    delivery.done();
  }

  Delivery<T> delivery() {
    return delivery;
  }

  @Override
  public String toString() {
    return (redelivered ? "redelivered work " : "work ") + value;
  }
}
