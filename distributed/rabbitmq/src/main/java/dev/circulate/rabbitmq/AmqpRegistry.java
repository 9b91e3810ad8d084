package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.circulate.Csp;
import dev.circulate.runtime.Directory;
import dev.circulate.runtime.Registry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The registry of the nodes at one broker: each says now and then that it is there, and what it
 * offers ({@link Announcement}), and is gone when it says so, or says nothing for three times as
 * long.
 *
 * <p>The keeper, a thread of its own that nobody interrupts, is the only one that speaks. When the
 * broker is gone it opens everything again as soon as it can. Meanwhile nobody is heard, so nobody
 * counts as gone: the time that a word holds begins again when the broker is back.
 *
 * <p>Words are transient and acknowledged as they come: what is lost is said again.
 */
final class AmqpRegistry implements Registry {
  /** How often a node says that it is there. */
  static final Duration BEAT = Duration.ofSeconds(2);

  private static final int BEATS = 3;
  private static final int MOST_NODES = 10_000;
  private static final int TRIES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  /** The last word of a node. */
  private record Heard(String run, long until, Duration expires) {}

  private final Broker broker;
  private final Duration beat;
  private final String run = UUID.randomUUID().toString();
  private final Directory directory = new Directory();
  private final Map<String, Offer> own = new ConcurrentHashMap<>();
  private final dev.circulate.Channel<Announcement> outbox = Csp.chan(Csp.unbounded());
  private final AtomicBoolean closing = new AtomicBoolean();
  private final dev.circulate.Channel<Void> closed = Csp.chan();
  private final Refusals refusals;
  private final Thread keeper;

  /** Guarded by itself. */
  private final Map<String, Heard> heard = new HashMap<>();

  private AmqpRegistry(Broker broker, Duration beat) throws IOException {
    this.broker = broker;
    this.beat = beat;
    this.refusals = new Refusals("registry at " + broker.address());
    Channel first = opened();
    this.keeper =
        Thread.ofVirtual().name("registry at " + broker.address()).unstarted(() -> keep(first));
  }

  /**
   * Opens it. Not for a thread that can be interrupted.
   *
   * @param beat how often to say that what is announced is there
   */
  static AmqpRegistry open(AmqpAddress address, AmqpOptions options, Duration beat)
      throws IOException {
    Broker broker = Broker.of(address, options);
    boolean opened = false;
    try {
      AmqpRegistry registry = new AmqpRegistry(broker, beat);
      registry.keeper.start();
      opened = true;
      return registry;
    } catch (IOException e) {
      throw new IOException(
          "nodes at " + broker.address() + " cannot be found: " + e.getMessage(), e);
    } finally {
      if (!opened) {
        broker.release();
      }
    }
  }

  // ---- hearing, in the connection's threads

  private Channel opened() throws IOException {
    return opened(TRIES);
  }

  /** The exchange goes with the last node that leaves: it may be gone before it is bound to. */
  private Channel opened(int tries) throws IOException {
    Channel channel = broker.channel();
    boolean opened = false;
    try {
      String queue = "circulate.watch." + UUID.randomUUID();
      channel.exchangeDeclare(Announcement.EXCHANGE, BuiltinExchangeType.FANOUT, false, true, null);
      channel.queueDeclare(queue, false, true, true, null);
      channel.queueBind(queue, Announcement.EXCHANGE, "");
      channel.basicConsume(queue, true, new Ears(channel));
      channel.confirmSelect();
      say(channel, Announcement.who());
      awaitConfirmed(channel);
      opened = true;
      return channel;
    } catch (ShutdownSignalException e) {
      throw new IOException(Mailbox.reason(e), e);
    } catch (IOException e) {
      if (tries > 1 && Mailbox.isNotThere(e)) {
        return opened(tries - 1);
      }
      throw e.getCause() instanceof ShutdownSignalException signal
          ? new IOException(Mailbox.reason(signal), e)
          : e;
    } finally {
      if (!opened) {
        channel.abort();
      }
    }
  }

  /** Who may not speak hears it of the broker here: it refuses a word without being asked. */
  private void awaitConfirmed(Channel channel) throws IOException {
    try {
      channel.waitForConfirmsOrDie(broker.options().patience().toMillis());
    } catch (TimeoutException e) {
      throw new IOException("the broker confirms nothing", e);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }

  private final class Ears extends DefaultConsumer {
    Ears(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      Announcement word = Announcement.of(properties, body);
      if (word != null) {
        hear(word);
      }
    }

    /** The queue was deleted: the keeper makes another. */
    @Override
    public void handleCancel(String consumer) throws IOException {
      getChannel().abort();
    }
  }

  private void hear(Announcement word) {
    switch (word.kind()) {
      case WHO -> own.values().forEach(offer -> outbox.offer(here(offer)));
      case HERE -> {
        synchronized (heard) {
          Heard before = heard.get(word.node());
          if (before == null && heard.size() >= MOST_NODES) {
            return;
          }
          if (before != null && !before.run.equals(word.run())) {
            directory.leave(word.node());
          }
          heard.put(word.node(), heardNow(word.run(), word.expires()));
          directory.announce(
              new Offer(word.node(), broker.address().node(word.node()).uri(), word.services()));
        }
      }
      case LEAVE -> {
        synchronized (heard) {
          Heard before = heard.get(word.node());
          if (before != null && before.run.equals(word.run())) {
            heard.remove(word.node());
            directory.leave(word.node());
          }
        }
      }
    }
  }

  private static Heard heardNow(String run, Duration expires) {
    return new Heard(run, System.nanoTime() + expires.toNanos(), expires);
  }

  /** Forgets those whose last word has expired. */
  private void expire() {
    long now = System.nanoTime();
    synchronized (heard) {
      heard
          .entrySet()
          .removeIf(
              entry -> {
                boolean gone = entry.getValue().until - now < 0;
                if (gone) {
                  directory.leave(entry.getKey());
                }
                return gone;
              });
    }
  }

  private void beginAgain() {
    synchronized (heard) {
      heard.replaceAll((_, last) -> heardNow(last.run, last.expires));
    }
  }

  // ---- speaking, in the keeper's thread

  private Announcement here(Offer offer) {
    return Announcement.here(offer.node(), run, offer.services(), beat.multipliedBy(BEATS));
  }

  private static void say(Channel channel, Announcement word) throws IOException {
    channel.basicPublish(Announcement.EXCHANGE, "", word.properties(), word.body());
  }

  private void keep(Channel first) {
    Channel channel = first;
    while (channel != null) {
      speak(channel);
      channel = closed.isClosed() ? null : reopened();
    }
  }

  /** Until the channel is gone, or this is closed and has said its last word. */
  private void speak(Channel channel) {
    try {
      long next = System.nanoTime();
      while (!closed.isClosed() && channel.isOpen()) {
        long now = System.nanoTime();
        if (now - next >= 0) {
          next = now + beat.toNanos();
          for (Offer offer : own.values()) {
            say(channel, here(offer));
          }
          expire();
        }
        Announcement word = outbox.poll(Duration.ofNanos(next - System.nanoTime()));
        if (word != null) {
          say(channel, word);
        }
      }
      if (!closed.isClosed()) {
        return;
      }
      for (Announcement word : outbox.drain(Integer.MAX_VALUE)) {
        say(channel, word);
      }
      for (String node : own.keySet()) {
        say(channel, Announcement.leave(node, run));
      }
      channel.close();
    } catch (IOException | ShutdownSignalException | TimeoutException _) {
      // the broker is gone, or was when this was closed
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }

  /** Another channel, when the broker is back; null if this was closed. */
  private @Nullable Channel reopened() {
    Duration pause = FIRST_PAUSE;
    while (!closed.isClosed()) {
      try {
        Channel channel = opened();
        beginAgain();
        return channel;
      } catch (IOException e) {
        refusals.failed(e); // or the broker is not back yet
        pause(pause);
        pause = pause.compareTo(beat) < 0 ? pause.multipliedBy(2) : pause;
      }
    }
    return null;
  }

  private void pause(Duration pause) {
    try {
      closed.poll(pause);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }

  // ---- for everybody

  @Override
  public void announce(Offer offer) {
    Announcement word = here(offer);
    own.put(offer.node(), offer);
    outbox.offer(word);
  }

  @Override
  public void leave(String node) {
    if (own.remove(node) != null) {
      outbox.offer(Announcement.leave(node, run));
    }
  }

  @Override
  public List<Offer> offering(String service) {
    return directory.offering(service);
  }

  @Override
  public dev.circulate.Channel<Event> events() {
    return directory.events();
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    closed.close();
    outbox.close();
    directory.close();
    try {
      keeper.join(broker.options().patience());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then the others hear of it a little later
    }
    Thread.ofVirtual().name("release of " + broker.address()).start(broker::release);
  }

  @Override
  public String toString() {
    return "registry at " + broker.address();
  }
}
