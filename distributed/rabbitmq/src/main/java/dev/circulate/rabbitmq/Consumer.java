package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.circulate.Alts;
import dev.circulate.Csp;
import java.io.IOException;
import java.time.Duration;

/**
 * Takes from a {@link WorkQueue}, and hands on what comes; the keeper, a thread that nobody
 * interrupts, does it again when the broker was lost.
 *
 * <p>Not more are here than are allowed at once, so a program that is slow, or dies, holds nothing
 * back that another could do.
 */
final class Consumer<T> {
  /** Who is given what comes. */
  interface Receiver<T> {
    /**
     * Something came; answers false if it will not be begun, since this has ended: then it is put
     * back. Called in the connection's thread, in order; must not wait.
     */
    boolean came(Delivery<T> delivery);

    /** What came and was not begun will come again, here or elsewhere. */
    void lost();

    /** There is no more; what was not begun is to be put back. */
    void ended();
  }

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final WorkQueue<T> work;
  private final Broker broker;
  private final DurableQueue queue;
  private final int atOnce;
  private final Receiver<T> receiver;
  private final Holdings<T> holdings;
  private final dev.circulate.Channel<Void> closed = Csp.chan();
  private final Refusals refusals;
  private final Thread keeper;

  Consumer(WorkQueue<T> work, int atOnce, Receiver<T> receiver, Holdings<T> holdings) {
    this.work = work;
    this.broker = work.broker();
    this.queue = work.queue();
    this.atOnce = atOnce;
    this.receiver = receiver;
    this.holdings = holdings;
    this.refusals = new Refusals("consumer of " + queue);
    this.keeper = Thread.ofVirtual().name("consumer of " + queue).unstarted(this::keep);
  }

  void start() {
    keeper.start();
  }

  /** Takes no more. */
  void close() {
    closed.close();
    receiver.ended();
  }

  /**
   * After a close: waits until what was begun is done with, but for what the calling go block has
   * itself, which is when that block ends.
   */
  void awaitOthers() {
    try {
      holdings.awaitOthers();
      if (holdings.mine() == 0) {
        keeper.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then they come again elsewhere
    }
  }

  /** After a close: waits until everything is done with. Not for a thread that is interrupted. */
  void awaitEnd() {
    try {
      keeper.join();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
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
      } catch (IOException | ShutdownSignalException e) {
        refusals.failed(e); // or the broker is not back yet
      }
      pause(pause);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  private void takeUntilGone(Channel channel) throws IOException {
    dev.circulate.Channel<Void> gone = Csp.chan();
    try {
      channel.addShutdownListener(_ -> gone.close());
      channel.basicQos(atOnce);
      Deliveries deliveries = new Deliveries(channel, gone);
      String tag = channel.basicConsume(queue.name(), false, deliveries);
      awaitEither(gone, closed);
      if (!gone.isClosed()) {
        channel.basicCancel(tag);
        awaitEither(gone, deliveries.last);
        holdings.awaitOthers();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    } finally {
      channel.abort();
      receiver.lost();
    }
  }

  private static void awaitEither(
      dev.circulate.Channel<Void> one, dev.circulate.Channel<Void> other)
      throws InterruptedException {
    boolean _ =
        Alts.<Boolean>first()
            .take(one, _ -> true)
            .take(other, _ -> true)
            .onClosed(() -> true)
            .await();
  }

  private void pause(Duration pause) {
    try {
      closed.poll(pause);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }

  // ---- the values

  private final class Deliveries extends DefaultConsumer {
    private final dev.circulate.Channel<Void> gone;

    /** Closes when what came before the end of the consuming was handed on. */
    private final dev.circulate.Channel<Void> last = Csp.chan();

    Deliveries(Channel channel, dev.circulate.Channel<Void> gone) {
      super(channel);
      this.gone = gone;
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] bytes) {
      Delivery<T> delivery = delivery(envelope, WorkMessage.of(properties), bytes);
      holdings.arrived(delivery);
      if (!receiver.came(delivery)) {
        Csp.go("work of " + queue, delivery::putBack);
      }
    }

    private Delivery<T> delivery(Envelope envelope, WorkMessage message, byte[] bytes) {
      WorkMessage known = envelope.isRedeliver() ? work.returned().remove(message.id()) : null;
      return new Delivery<>(
          work,
          holdings,
          getChannel(),
          envelope.getDeliveryTag(),
          envelope.isRedeliver() && known == null,
          known == null ? message : known,
          bytes);
    }

    /** In its turn: what the broker had sent before came before this. */
    @Override
    public void handleCancelOk(String consumer) {
      last.close();
    }

    @Override
    public void handleCancel(String consumer) {
      gone.close(); // the queue was deleted
    }
  }
}
