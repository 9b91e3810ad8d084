package dev.circulate.rabbitmq;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.runtime.Link;
import dev.circulate.runtime.Transport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node's inbox, where links are opened.
 *
 * <p>The inbox is exclusive, so a name is one process's at a time, and goes with its connection.
 * When that breaks, the keeper opens the inbox again as soon as the broker lets it, and goes on
 * trying until the listener is closed; the links are cut at once.
 */
final class AmqpListener implements Transport.Listener {
  /** How many openings may be under way. */
  private static final int OPENINGS = 16;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final URI uri;
  private final AmqpAddress address;
  private final Broker broker;
  private final Consumer<? super Link> accept;
  private final Set<AmqpLink> links = ConcurrentHashMap.newKeySet();

  /** For how many more links there is room. */
  private final Semaphore places;

  private final AtomicBoolean closing = new AtomicBoolean();
  private final Channel<Void> closed = Csp.chan();
  private final Refusals refusals;
  private final Thread keeper;
  private volatile Inbox inbox;

  /** The inbox over one connection. */
  private final class Inbox implements Mailbox.Owner {
    private final Channel<Void> gone = Csp.chan();

    Mailbox open() throws IOException {
      return Mailbox.open(broker, Mailbox.NODES + address.node(), OPENINGS, this);
    }

    @Override
    public void arrived(Mailbox box, Letter letter, long tag) {
      String opener = letter.from();
      if (letter.kind() != Letter.Kind.OPEN || opener == null) {
        box.acknowledge(tag, false);
        return;
      }
      Csp.go("accept " + opener, () -> welcome(box, letter, tag, opener));
    }

    @Override
    public void nonsense(String why) {
      // whoever may write to the broker can send it, and nobody waits for an answer
    }

    @Override
    public void undeliverable(String why) {
      // an opener that was refused has left before it could hear it
    }

    @Override
    public void lost(String why) {
      gone.close();
    }
  }

  private AmqpListener(URI uri, AmqpAddress address, Broker broker, Consumer<? super Link> accept)
      throws IOException {
    this.uri = uri;
    this.address = address;
    this.broker = broker;
    this.places = new Semaphore(broker.options().links());
    this.accept = accept;
    this.refusals = new Refusals("inbox of node " + address.node());
    this.inbox = new Inbox();
    Mailbox box = inbox.open();
    this.keeper =
        Thread.ofVirtual().name("keeper of node " + address.node()).unstarted(() -> keep(box));
  }

  /**
   * Opens the inbox. Not for a thread that can be interrupted.
   *
   * @param uri where it listens, in words
   * @param address the same, with the node's name
   */
  static AmqpListener open(
      URI uri, AmqpAddress address, AmqpOptions options, Consumer<? super Link> accept)
      throws IOException {
    Broker broker = Broker.of(address, options);
    boolean opened = false;
    try {
      AmqpListener listener = new AmqpListener(uri, address, broker, accept);
      listener.keeper.start();
      opened = true;
      return listener;
    } catch (IOException e) {
      throw new IOException("cannot listen at " + address + ": " + e.getMessage(), e);
    } finally {
      if (!opened) {
        broker.release();
      }
    }
  }

  // ---- openings

  private void welcome(Mailbox box, Letter open, long tag, String opener) throws IOException {
    AmqpLink link;
    try {
      if (closed.isClosed()) {
        box.send(opener, Letter.close("node '" + address.node() + "' is leaving"));
        return;
      }
      if (!places.tryAcquire()) {
        box.send(
            opener,
            Letter.close(
                "node '%s' has %d links, which is its limit"
                    .formatted(address.node(), broker.options().links())));
        return;
      }
      link = accepted(open, opener);
    } catch (IOException e) {
      tell(box, opener, e);
      throw e;
    } finally {
      box.acknowledge(tag, false);
    }
    if (closed.isClosed() || link.ended().isClosed()) {
      links.remove(link);
      link.close();
      return;
    }
    try {
      accept.accept(link);
    } catch (Throwable e) {
      link.close();
      throw e;
    }
  }

  /** Who opens a link need not wait for one that cannot be made. */
  private void tell(Mailbox box, String opener, IOException why) {
    try {
      box.send(
          opener,
          Letter.close(
              "node '%s' can take no link: %s".formatted(address.node(), why.getMessage())));
    } catch (IOException e) {
      why.addSuppressed(e); // the broker is lost for both
    }
  }

  /** A link that has a place until it has ended, or could not be made. */
  private AmqpLink accepted(Letter open, String opener) throws IOException {
    boolean made = false;
    try {
      AmqpLink link =
          AmqpLink.accept(Broker.of(address, broker.options()), open, opener, this::left);
      made = true;
      links.add(link);
      return link;
    } finally {
      if (!made) {
        places.release();
      }
    }
  }

  private void left(AmqpLink link) {
    links.remove(link);
    places.release();
  }

  // ---- the inbox comes back

  private void keep(Mailbox first) {
    Mailbox box = first;
    while (box != null) {
      awaitGone();
      box.close();
      box = reopened();
    }
  }

  private void awaitGone() {
    try {
      inbox.gone.take();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }

  /** The inbox over a new connection; null if the listener was closed. */
  private @Nullable Mailbox reopened() {
    long begin = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (!closed.isClosed()) {
      inbox = new Inbox();
      try {
        Mailbox box = inbox.open();
        if (closed.isClosed()) {
          inbox.gone.close();
        }
        return box;
      } catch (IOException e) {
        if (!(e instanceof Mailbox.TakenException) || System.nanoTime() - begin > unnoticed()) {
          refusals.failed(e); // or the broker is not back yet
        }
        pause(pause);
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    }
    return null;
  }

  /** For how long the broker may take this node for another, since its old connection is gone. */
  private long unnoticed() {
    return broker.options().heartbeat().multipliedBy(2).toNanos();
  }

  private void pause(Duration pause) {
    try {
      closed.poll(pause);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    closed.close();
    inbox.gone.close();
    links.forEach(AmqpLink::close);
    try {
      keeper.join(broker.options().patience());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then the name is free a little later
    }
    Thread.ofVirtual().name("release of " + address).start(broker::release);
  }

  @Override
  public String toString() {
    return "listener at " + address;
  }
}
