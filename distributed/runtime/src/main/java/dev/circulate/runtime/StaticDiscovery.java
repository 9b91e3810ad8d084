package dev.circulate.runtime;

import static dev.circulate.service.TypeOf.listOf;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Uncaught;
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
 * again. A node's name is its URI, without the user.
 *
 * <p><b>Threads.</b> One go block for each URI.
 */
public final class StaticDiscovery implements Discovery {
  /** One whose link breaks is not there until it answers again. */
  private static final Limits NO_GRACE = Limits.builder().grace(Duration.ZERO).build();

  private final Directory directory = new Directory();
  private final Channel<Void> closed = Csp.chan();
  private final Duration pause;

  /**
   * Begins to ask.
   *
   * @param uris where nodes may be
   * @param pause how long to wait before asking a node again, and before looking for a lost one
   * @throws IllegalArgumentException if that is not longer than zero
   */
  public StaticDiscovery(List<URI> uris, Duration pause) {
    if (!pause.isPositive()) {
      throw new IllegalArgumentException("a pause is longer than zero, not " + pause);
    }
    this.pause = pause;
    List.copyOf(uris).forEach(this::begin);
  }

  private void begin(URI uri) {
    String node = Addresses.withoutUser(uri);
    GoBlock.background("look for " + node, () -> look(uri, node));
  }

  private void look(URI uri, String node) throws InterruptedException {
    boolean reported = false;
    while (!closed.isClosed()) {
      try (Peer peer = Peer.to(uri).limits(NO_GRACE).connect()) {
        listen(uri, node, peer);
      } catch (IOException | CallException | ChannelFailedException _) {
        // not there, or not any more
      } catch (InterruptedException e) {
        throw e;
      } catch (Throwable e) {
        if (!reported) { // no transport should throw that
          reported = true;
          Uncaught.report("the look for " + node, e);
        }
      }
      directory.leave(node);
      closed.poll(pause);
    }
  }

  private void listen(URI uri, String node, Peer peer) throws InterruptedException {
    while (!closed.isClosed()) {
      Set<String> services =
          new TreeSet<>(Request.to(peer.root(), "list").as(listOf(String.class)));
      services.remove(Root.SELF);
      directory.announce(new Offer(node, uri, services));
      Csp.alts(Csp.take(closed), Csp.take(peer.ended()), Csp.take(Csp.timeout(pause)));
    }
  }

  @Override
  public List<Offer> offering(String service) {
    return directory.offering(service);
  }

  @Override
  public Channel<Event> events() {
    return directory.events();
  }

  @Override
  public void close() {
    directory.close(); // first: that the nodes are left now is no event
    closed.close();
  }
}
