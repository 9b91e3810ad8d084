package dev.circulate.rabbitmq;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where all that a {@link WorkQueue} sends is published: over one AMQP channel, which is opened
 * when somebody wants it, and again when it was lost. Not for threads that can be interrupted.
 */
final class WorkPublisher {
  private final Broker broker;
  private final DurableQueue queue;

  /** Guarded by this. */
  private @Nullable Publisher publisher;

  /** Guarded by this. */
  private boolean closed;

  WorkPublisher(Broker broker, DurableQueue queue) {
    this.broker = broker;
    this.queue = queue;
  }

  /**
   * The channel, over which the queues are declared.
   *
   * @throws IOException if the broker cannot be reached, or refuses
   */
  synchronized Publisher opened() throws IOException {
    Publisher present = publisher;
    if (present == null || !present.isOpen()) {
      if (closed) {
        throw new IOException(queue + " was closed here");
      }
      queue.declare(broker);
      present = Publisher.open(broker);
      publisher = present;
    }
    return present;
  }

  /**
   * Publishes to one of the two queues, and waits until the broker has confirmed it. If it is gone
   * it is made again.
   *
   * @throws IOException if the broker has not confirmed it; it may have it all the same
   */
  void publish(String to, WorkMessage message, byte[] body) throws IOException {
    Publisher open = opened();
    try {
      open.publish(to, message.properties(), body);
    } catch (IOException e) {
      if (!open.isOpen()) {
        throw e;
      }
      queue.declare(broker);
      open.publish(to, message.properties(), body);
    }
  }

  /** Publishes no more. */
  synchronized void close() {
    closed = true;
    if (publisher != null) {
      publisher.close();
    }
  }
}
