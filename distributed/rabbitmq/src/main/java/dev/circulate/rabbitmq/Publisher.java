package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An AMQP channel over which messages are published, each with a confirm that is waited for. A
 * broker that does not confirm in time has lost the channel. Not for threads that can be
 * interrupted.
 */
final class Publisher {
  private final Channel channel;
  private final Duration patience;

  /** Sent and not confirmed yet, by number; guarded by itself. */
  private final NavigableMap<Long, CompletableFuture<Void>> unconfirmed = new TreeMap<>();

  /** The same by a number that they carry for that alone, for those that come back. */
  private final Map<String, CompletableFuture<Void>> byId = new ConcurrentHashMap<>();

  private final AtomicLong publication = new AtomicLong();
  private final dev.circulate.Channel<Void> gone = Csp.chan();

  /** What was wrong with something that was published, in the broker's words. */
  private volatile @Nullable IOException refusal;

  private Publisher(Channel channel, Duration patience) {
    this.channel = channel;
    this.patience = patience;
  }

  static Publisher open(Broker broker) throws IOException {
    Channel channel = broker.channel();
    Publisher publisher = new Publisher(channel, broker.options().patience());
    boolean opened = false;
    try {
      channel.confirmSelect();
      channel.addConfirmListener(
          (number, several) -> publisher.settled(number, several, null),
          (number, several) ->
              publisher.settled(number, several, new IOException("the broker refused it")));
      channel.addReturnListener(returned -> publisher.cameBack(returned.getProperties()));
      channel.addShutdownListener(
          signal -> {
            if (!signal.isHardError() && !signal.isInitiatedByApplication()) {
              publisher.refusal = new IOException("the broker refuses: " + Mailbox.reason(signal));
            }
            publisher.gone.close();
            publisher.settled(
                Long.MAX_VALUE,
                true,
                new IOException("the broker is lost: " + Mailbox.reason(signal)));
          });
      opened = true;
      return publisher;
    } catch (ShutdownSignalException e) {
      throw new IOException(Mailbox.reason(e), e);
    } finally {
      if (!opened) {
        channel.abort();
      }
    }
  }

  boolean isOpen() {
    return channel.isOpen() && !gone.isClosed();
  }

  /**
   * Why the broker has ended this AMQP channel, and nothing but this: it does so for something that
   * was published, and does not say for what. Null if it has not.
   */
  @Nullable IOException refusal() {
    return refusal;
  }

  /** Closes when nothing can be published any more. */
  ReadPort<Void> gone() {
    return gone.readPort();
  }

  /**
   * Publishes to a queue, and waits until the broker has confirmed it.
   *
   * @throws IOException if it has not, for whatever reason; it may have the message all the same
   */
  void publish(String queue, AMQP.BasicProperties properties, byte[] body) throws IOException {
    CompletableFuture<Void> confirmed = new CompletableFuture<>();
    String id = Long.toString(publication.incrementAndGet());
    byId.put(id, confirmed);
    try {
      send(queue, properties.builder().correlationId(id).build(), body, confirmed);
      confirmed.orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS).join();
    } catch (CompletionException e) {
      throw unconfirmed(e);
    } catch (ShutdownSignalException e) {
      throw new IOException("the broker is lost: " + Mailbox.reason(e), e);
    } finally {
      byId.remove(id);
    }
  }

  private IOException unconfirmed(CompletionException e) {
    if (e.getCause() instanceof TimeoutException) {
      gone.close();
      Thread.ofVirtual().name("end of a publisher").start(this::close); // it may wait, too
      return new IOException("the broker has not confirmed within " + patience, e);
    }
    return new IOException(String.valueOf(e.getCause()), e);
  }

  private synchronized void send(
      String queue, AMQP.BasicProperties properties, byte[] body, CompletableFuture<Void> confirmed)
      throws IOException {
    synchronized (unconfirmed) {
      unconfirmed.put(channel.getNextPublishSeqNo(), confirmed);
    }
    channel.basicPublish("", queue, true, properties, body);
  }

  private void settled(long number, boolean several, @Nullable IOException why) {
    NavigableMap<Long, CompletableFuture<Void>> settled;
    synchronized (unconfirmed) {
      NavigableMap<Long, CompletableFuture<Void>> which =
          several
              ? unconfirmed.headMap(number, true)
              : unconfirmed.subMap(number, true, number, true);
      settled = new TreeMap<>(which);
      which.clear();
    }
    for (CompletableFuture<Void> each : settled.values()) {
      if (why == null) {
        each.complete(null);
      } else {
        each.completeExceptionally(why);
      }
    }
  }

  /** There was no such queue; the broker confirms it nevertheless, but after this. */
  private void cameBack(AMQP.BasicProperties properties) {
    CompletableFuture<Void> sent = byId.get(properties.getCorrelationId());
    if (sent != null) {
      sent.completeExceptionally(new IOException("the queue is gone"));
    }
  }

  void close() {
    try {
      channel.abort();
    } catch (IOException _) {
      // it is gone
    }
  }
}
