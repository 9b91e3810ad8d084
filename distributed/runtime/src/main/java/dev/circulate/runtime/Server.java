package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.internal.Quota;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Offers a root to whoever connects: each connection is a {@link Peer} of its own.
 *
 * {@snippet :
 * try (Server server = Server.start(URI.create("ws://localhost:8080/csp"), root)) {
 *   server.awaitStop();
 * }
 * }
 *
 * <p>The transport is chosen by the URI's scheme. Closing accepts no more and leaves every peer in
 * order. <b>Threads.</b> Every method may be called by any thread.
 */
public final class Server implements AutoCloseable {
  private final Terms terms;
  private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
  private final ServerLimits crowd;

  /** Of those that come, which may be as many more as wait to come back. */
  private final Quota links;

  private final Sessions sessions;
  private final Channel<Void> stopped = Csp.chan();
  private final Transport.Listener listener;

  /** Guarded by the peers. */
  private boolean stopping;

  Server(Transport transport, URI uri, Terms terms, ServerLimits crowd) throws IOException {
    this.terms = terms;
    this.crowd = crowd;
    this.links =
        new Quota((int) Math.min(Integer.MAX_VALUE, (long) crowd.sessions() + crowd.waiting()));
    this.sessions = new Sessions(crowd);
    this.listener = transport.listen(uri, this::accept);
  }

  /**
   * Starts to listen. {@link #at} starts with settings.
   *
   * @param uri where; port 0 takes a free one
   * @param root what is offered
   * @throws IOException if that is not possible, for example because the port is taken; the message
   *     names the URI and says why
   */
  public static Server start(URI uri, Root root) throws IOException {
    return at(uri).root(root).start();
  }

  /**
   * Begins to set how to listen.
   *
   * {@snippet :
   * Server server = Server.at(uri).root(root).limits(limits).start();
   * }
   *
   * @param uri where; port 0 takes a free one. Its scheme chooses the transport, unless one is set
   */
  public static ServerBuilder at(URI uri) {
    return new ServerBuilder(uri);
  }

  @Override
  public String toString() {
    return "server at " + Addresses.withoutUser(uri());
  }

  private void accept(Link link) {
    if (!links.enter()) {
      turnAway(link, new Packet.Bye(Packet.Bye.OVERLOADED, Sessions.full(crowd), 0));
      return;
    }
    Peer peer = Peer.prepared(link, terms, sessions.forNewcomer(terms.limits().grace()));
    if (!takeIn(peer)) { // before anybody can know of it
      turnAway(link, new Packet.Bye(Packet.Bye.LEAVING, terms.name() + " is leaving", 0));
      links.leave();
      return;
    }
    peer.start();
    peer.whenEnded(
        () -> {
          peers.remove(peer);
          links.leave();
        });
  }

  /** Takes a peer in, unless this stops: who stops it has everybody who was taken in. */
  private boolean takeIn(Peer peer) {
    synchronized (peers) {
      return !stopping && peers.add(peer);
    }
  }

  /** Takes nobody in any more; answers who was. */
  private List<Peer> takeNoMore() {
    synchronized (peers) {
      stopping = true;
      return List.copyOf(peers);
    }
  }

  /** Tells who comes why not; makes no session for that. */
  private static void turnAway(Link link, Packet.Bye bye) {
    boolean _ = Line.say(link, bye);
    Line.close(link);
  }

  /** Where it listens, with the port that it really has. */
  public URI uri() {
    return listener.uri();
  }

  /** Who is connected now. */
  public List<Peer> peers() {
    // one that has just ended is told to whoever waits for it before it is removed
    return peers.stream().filter(peer -> peer.isAdmitted() && peer.lost() == null).toList();
  }

  /**
   * Waits until the server is closed.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  public void awaitStop() throws InterruptedException {
    stopped.take();
  }

  /**
   * Finishes and ends: accepts no more peers, refuses new requests, waits for the calls under way
   * with any peer, and then closes.
   *
   * @param patience how long to wait for them at the longest; those that go on then fail with
   *     <em>peer lost</em>
   * @return whether all had ended
   * @throws InterruptedException if interrupted while waiting; the server is closed at once then
   */
  public boolean stop(Duration patience) throws InterruptedException {
    List<Peer> left = takeNoMore();
    left.forEach(Peer::refuseRequests);
    Deadline deadline = Deadline.after(patience);
    boolean finished = true;
    try {
      for (Peer peer : left) {
        finished &= peer.finish(deadline.remaining());
      }
      awaitFarewells(left);
    } finally {
      close();
    }
    return finished;
  }

  /** Accepts no more, tells every peer, waiting shortly until it is told, and ends. */
  @Override
  public void close() {
    stopped.close();
    List<Peer> told = takeNoMore();
    told.forEach(Peer::close);
    try {
      awaitFarewells(told);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then they are not waited for
    }
    listener.close();
  }

  /** Waits until all are told, as long as one deserves. */
  private static void awaitFarewells(List<Peer> told) throws InterruptedException {
    Deadline deadline = Deadline.after(Writer.PATIENCE);
    for (Peer peer : told) {
      peer.awaitFarewell(deadline.remaining());
    }
  }
}
