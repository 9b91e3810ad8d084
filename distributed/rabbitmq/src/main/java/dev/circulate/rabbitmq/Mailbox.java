package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A queue of this process, exclusive and gone with it, and the AMQP channel over which letters come
 * out of it and are sent to others.
 *
 * <p>Every letter is published <em>mandatory</em> and with a confirm: one that reaches no queue
 * comes back, and one that the broker cannot take is refused, and either ends the mailbox's use.
 * Every letter that comes is acknowledged by its owner, when it is done with it, and no more than
 * the prefetch come before that.
 *
 * <p><b>What came back is told in its turn.</b> A letter finds no queue because the other side has
 * left, and what that side said before it left, its farewell included, lies in this queue or is on
 * its way out of it: the client library hands deliveries to other threads, and a return overtakes
 * them. So the mailbox writes itself a letter about it, which comes after all of those.
 *
 * <p>The owner is told in the connection's threads, which it must not hold up for long.
 */
final class Mailbox {
  /** Whose mailbox it is. */
  interface Owner {
    /**
     * A letter came.
     *
     * @param box where it came
     * @param tag to {@linkplain #acknowledge acknowledge} it by
     */
    void arrived(Mailbox box, Letter letter, long tag);

    /** Something came that is no letter; it is acknowledged already. */
    void nonsense(String why);

    /** A letter could not be delivered: there is no such queue, or the broker refused it. */
    void undeliverable(String why);

    /** The channel or the connection is gone. May be told more than once, and after a close. */
    void lost(String why);
  }

  /** What a queue's name begins with. */
  static final String NODES = "circulate.node.";

  static final String LINKS = "circulate.link.";

  private final String queue;
  private final Channel channel;

  /**
   * Sent and not confirmed yet, by number; guarded by itself, so that a confirm waits for no letter
   * that is being sent.
   */
  private final TreeSet<Long> unconfirmed = new TreeSet<>();

  /** Guarded by {@link #unconfirmed}. */
  private boolean over;

  private Mailbox(String queue, Channel channel) {
    this.queue = queue;
    this.channel = channel;
  }

  /**
   * Declares the queue and begins to receive.
   *
   * @param queue its name
   * @param prefetch how many letters may be here and not acknowledged
   * @throws IOException if the broker refuses, or the name is taken; the message says which
   */
  static Mailbox open(Broker broker, String queue, int prefetch, Owner owner) throws IOException {
    Channel channel = broker.channel();
    if (!broker.claim(queue)) {
      channel.abort();
      throw taken(broker, queue, null);
    }
    Mailbox box = new Mailbox(queue, channel);
    boolean opened = false;
    try {
      channel.addShutdownListener(
          signal -> {
            broker.leave(queue);
            box.lost(signal, owner);
          });
      channel.confirmSelect();
      channel.addConfirmListener(
          (number, several) -> box.settled(number, several),
          (number, several) -> {
            box.settled(number, several);
            owner.undeliverable("the broker refused it");
          });
      channel.addReturnListener(
          returned -> box.cameBack(returned.getRoutingKey(), returned.getReplyText()));
      channel.basicQos(prefetch);
      channel.queueDeclare(queue, false, true, true, null);
      channel.basicConsume(queue, false, "", false, true, null, box.new Reader(owner));
      opened = true;
      return box;
    } catch (IOException | ShutdownSignalException e) {
      throw refused(broker, queue, e);
    } finally {
      if (!opened) {
        channel.abort();
      }
    }
  }

  private static IOException refused(Broker broker, String queue, Exception e) {
    Throwable cause = e instanceof ShutdownSignalException ? e : e.getCause();
    if (!(cause instanceof ShutdownSignalException signal)) {
      return new IOException("the broker at " + broker.address() + " failed: " + e.getMessage(), e);
    }
    boolean taken = reason(signal).contains("exclusive"); // RabbitMQ and Qpid say it in words alone
    return taken
        ? taken(broker, queue, e)
        : new IOException(
            "the broker at %s refuses queue %s: %s"
                .formatted(broker.address(), queue, reason(signal)),
            e);
  }

  /** The queue's name is another's. */
  static final class TakenException extends IOException {
    private static final long serialVersionUID = 1;

    private TakenException(String message, @Nullable Exception cause) {
      super(message, cause);
    }
  }

  private static IOException taken(Broker broker, String queue, @Nullable Exception e) {
    return new TakenException(
        "queue %s at %s belongs to another, which has this name".formatted(queue, broker.address()),
        e);
  }

  /** Why a channel or connection ended, in the broker's words where it has some. */
  static String reason(ShutdownSignalException signal) {
    return switch (signal.getReason()) {
      case AMQP.Channel.Close close -> close.getReplyText();
      case AMQP.Connection.Close close -> close.getReplyText();
      case Method method -> method.protocolMethodName();
      case null ->
          signal.getCause() == null ? "the connection ended" : String.valueOf(signal.getCause());
    };
  }

  /** Whether something failed since what it was about is not there. */
  static boolean isNotThere(IOException e) {
    return e.getCause() instanceof ShutdownSignalException signal
        && signal.getReason() instanceof AMQP.Channel.Close close
        && close.getReplyCode() == AMQP.NOT_FOUND;
  }

  /**
   * Whether the broker refuses what was asked of it, though what it was about is there; or lets
   * this user not in at all.
   */
  static boolean isRefusal(ShutdownSignalException signal) {
    return !signal.isInitiatedByApplication()
        && switch (signal.getReason()) {
          case AMQP.Channel.Close close -> close.getReplyCode() != AMQP.NOT_FOUND;
          case AMQP.Connection.Close close ->
              close.getReplyCode() == AMQP.ACCESS_REFUSED
                  || close.getReplyCode() == AMQP.NOT_ALLOWED;
          case null, default -> false;
        };
  }

  String queue() {
    return queue;
  }

  // ---- sending

  /**
   * Sends a letter.
   *
   * @param to a queue's name
   * @throws IOException if the channel is gone
   */
  synchronized void send(String to, Letter letter) throws IOException {
    try {
      synchronized (unconfirmed) {
        unconfirmed.add(channel.getNextPublishSeqNo());
      }
      channel.basicPublish("", to, true, letter.properties(), letter.body());
    } catch (ShutdownSignalException e) {
      throw new IOException(reason(e), e);
    }
  }

  /** Written aside, since the connection's own thread must not wait for room to write. */
  private void cameBack(String to, String why) {
    if (to.equals(queue)) {
      return; // the queue was deleted, which its consumer is told
    }
    Letter letter = Letter.lost(why + " " + to);
    Thread.ofVirtual()
        .name("note to " + queue)
        .start(
            () -> {
              try {
                send(queue, letter);
              } catch (IOException _) {
                // the channel is gone, and the owner told
              }
            });
  }

  private void settled(long number, boolean several) {
    synchronized (unconfirmed) {
      if (several) {
        unconfirmed.headSet(number, true).clear();
      } else {
        unconfirmed.remove(number);
      }
      unconfirmed.notifyAll();
    }
  }

  /** Waits until the broker has confirmed everything that was sent, or for as long as allowed. */
  void awaitConfirmed(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    synchronized (unconfirmed) {
      while (!unconfirmed.isEmpty() && !over) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return;
        }
        unconfirmed.wait(left);
      }
    }
  }

  // ---- receiving

  private final class Reader extends DefaultConsumer {
    private final Owner owner;

    Reader(Owner owner) {
      super(channel);
      this.owner = owner;
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      Letter letter;
      try {
        letter = Letter.of(properties, body);
      } catch (IllegalArgumentException e) {
        acknowledge(envelope.getDeliveryTag(), false);
        owner.nonsense(String.valueOf(e.getMessage()));
        return;
      }
      if (letter.kind() == Letter.Kind.LOST) {
        acknowledge(envelope.getDeliveryTag(), false);
        owner.undeliverable(letter.words());
      } else {
        owner.arrived(Mailbox.this, letter, envelope.getDeliveryTag());
      }
    }

    @Override
    public void handleCancel(String consumer) {
      owner.lost("queue " + queue + " was deleted");
    }
  }

  /** The owner is done with a letter, or with all that came until then. */
  void acknowledge(long tag, boolean several) {
    try {
      channel.basicAck(tag, several);
    } catch (IOException | ShutdownSignalException _) {
      // the channel is gone, and the queue with it
    }
  }

  // ---- the end

  private void lost(ShutdownSignalException signal, Owner owner) {
    synchronized (unconfirmed) {
      over = true;
      unconfirmed.notifyAll();
    }
    owner.lost(reason(signal));
  }

  /** Deletes the queue, and is done. May wait for the broker. */
  void close() {
    try {
      channel.close();
    } catch (IOException | TimeoutException | ShutdownSignalException _) {
      // it is gone already
    }
  }
}
