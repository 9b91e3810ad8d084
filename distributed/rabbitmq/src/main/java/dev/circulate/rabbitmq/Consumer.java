package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.circulate.Csp;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Phaser;

/**
 * Takes from a {@link WorkQueue}, and starts a go block for each value; the keeper, a thread that
 * nobody interrupts, does it again when the broker was lost.
 *
 * <p><b>Failures are counted</b> in the message, by whoever sees one: an attempt that throws is
 * followed by a copy with one failure more, and so is a delivery that the broker marks as
 * redelivered, since its former worker has died. The broker forgets the original when it has the
 * copy safe, so a value may be doubled, and never lost. No queue's feature is needed for that.
 *
 * <p>Not more are taken than are worked on, so a program that is slow, or dies, holds nothing back
 * that another could do.
 */
final class Consumer<T> {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private static final String NOWHERE = "";

  private final WorkQueue<T> work;
  private final Broker broker;
  private final DurableQueue queue;
  private final int atOnce;
  private final WorkQueue.Worker<T> worker;
  private final dev.circulate.Channel<Void> closed = Csp.chan();
  private final Thread keeper;

  /** The values that are worked on, and one party more. */
  private final Phaser busy = new Phaser(1);

  Consumer(WorkQueue<T> work, int atOnce, WorkQueue.Worker<T> worker) {
    this.work = work;
    this.broker = work.broker();
    this.queue = work.queue();
    this.atOnce = atOnce;
    this.worker = worker;
    this.keeper = Thread.ofVirtual().name("workers of " + queue).unstarted(this::keep);
  }

  void start() {
    keeper.start();
  }

  /** Takes no more. */
  void close() {
    closed.close();
  }

  /** After a close: waits until those that are worked on are done with. */
  void awaitEnd() {
    try {
      keeper.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then they come again elsewhere
    }
  }

  // ---- the keeper

  private void keep() {
    Duration pause = FIRST_PAUSE;
    while (!closed.isClosed()) {
      try {
        queue.declare(broker);
        takeUntilGone(broker.channel());
        pause = FIRST_PAUSE;
      } catch (IOException | ShutdownSignalException _) {
        // the broker is not back yet
      }
      poll(closed, pause);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  private void takeUntilGone(Channel channel) throws IOException {
    dev.circulate.Channel<Void> gone = Csp.chan();
    try {
      channel.addShutdownListener(_ -> gone.close());
      channel.basicQos(atOnce);
      String tag = channel.basicConsume(queue.name(), false, new Deliveries(channel, gone));
      while (!gone.isClosed() && !poll(closed, LONGEST_PAUSE)) {
        // until either ends
      }
      if (!gone.isClosed()) {
        channel.basicCancel(tag);
        busy.arriveAndAwaitAdvance();
      }
    } finally {
      channel.abort();
    }
  }

  private static boolean poll(dev.circulate.Channel<Void> end, Duration patience) {
    try {
      end.poll(patience);
      return end.isClosed();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }

  // ---- the values

  private final class Deliveries extends DefaultConsumer {
    private final dev.circulate.Channel<Void> gone;

    Deliveries(Channel channel, dev.circulate.Channel<Void> gone) {
      super(channel);
      this.gone = gone;
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] bytes) {
      busy.register();
      Delivery delivery =
          new Delivery(
              getChannel(),
              envelope.getDeliveryTag(),
              envelope.isRedeliver(),
              WorkMessage.of(properties),
              bytes);
      Csp.go("work of " + queue, () -> done(delivery));
    }

    @Override
    public void handleCancel(String consumer) {
      gone.close(); // the queue was deleted
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // handed over whole, never compared
  private record Delivery(
      Channel channel, long tag, boolean isRedelivered, WorkMessage message, byte[] bytes) {}

  private void done(Delivery delivery) throws Exception {
    String next = queue.dead();
    try {
      if (delivery.isRedelivered) {
        next = afterFailure(delivery.message); // whoever had it has died, which counts
      } else {
        T value = work.body().read(delivery.bytes);
        next = afterFailure(delivery.message);
        worker.work(new Work<>(value, delivery.message.failed() > 0));
        next = NOWHERE;
      }
    } finally {
      settle(delivery, next);
      busy.arriveAndDeregister();
    }
  }

  private String afterFailure(WorkMessage message) {
    return message.failed() + 1 < work.attempts() ? queue.name() : queue.dead();
  }

  /**
   * Tells the broker that it may forget a delivery, after it has what follows from it: nothing, or
   * a copy in another place, with one failure more. Aside, since a worker can be interrupted.
   */
  private void settle(Delivery delivery, String copyTo) {
    try {
      boolean _ =
          Aside.call(
              "settle work of " + queue,
              () -> {
                if (!copyTo.equals(NOWHERE)) {
                  work.publisher()
                      .publish(copyTo, delivery.message.again().properties(), delivery.bytes);
                }
                delivery.channel.basicAck(delivery.tag, false);
                return true;
              });
    } catch (IOException _) {
      // the channel is gone, and the broker gives the value to another
    }
  }
}
