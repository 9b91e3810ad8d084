package dev.circulate.runtime;

import static dev.circulate.service.TypeOf.listOf;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Discovery from a list of URIs: each is connected to and asked what it offers, and asked again now
 * and then. One that cannot be reached, or whose connection ends, is not there until it answers
 * again. A node's name is its URI.
 *
 * <p><b>Threads.</b> One go block for each URI.
 */
public final class StaticDiscovery implements Discovery {
  private final Directory directory = new Directory();
  private final Channel<Void> closed = Csp.chan();
  private final Duration pause;

  /**
   * Begins to ask.
   *
   * @param uris where nodes may be
   * @param pause how long to wait before asking a node again, and before looking for a lost one
   */
  public StaticDiscovery(List<URI> uris, Duration pause) {
    if (!pause.isPositive()) {
      throw new IllegalArgumentException("a pause is longer than zero, not " + pause);
    }
    this.pause = pause;
    List.copyOf(uris).forEach(uri -> Csp.go("look for " + uri, () -> look(uri)));
  }

  private void look(URI uri) throws InterruptedException {
    while (!closed.isClosed()) {
      try (Peer peer = Peer.connect(uri)) {
        listen(uri, peer);
      } catch (IOException | CallException _) {
        // not there, or not any more
      }
      directory.leave(uri.toString());
      closed.poll(pause);
    }
  }

  private void listen(URI uri, Peer peer) throws InterruptedException {
    while (!closed.isClosed() && peer.lost() == null) {
      Set<String> services =
          new TreeSet<>(Request.to(peer.root(), "list").as(listOf(String.class)));
      services.remove(Root.SELF);
      directory.announce(new Offer(uri.toString(), uri, services));
      Csp.alts(Csp.take(closed), Csp.take(peer.ended()), Csp.take(Csp.timeout(pause)));
    }
  }

  @Override
  public List<Offer> offering(String service) {
    return directory.offering(service);
  }

  @Override
  public Channel<Event> watch() {
    return directory.watch();
  }

  @Override
  public void close() {
    closed.close();
    directory.close();
  }
}
