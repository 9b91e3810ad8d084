package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.Uncaught;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One node of a {@link Pool}: a go block keeps a connection to it as long as discovery knows it,
 * and the requests that it has are counted.
 *
 * <p><b>One connection, several services.</b> When the service's channel closes, or discovery says
 * something new of the node, the same connection is asked for the service again, and nothing else
 * that goes over it is touched. A node that is another one by now, at the same address, is noticed
 * by that.
 */
final class Member {
  /** How long a service that has closed may take to be replaced. */
  private static final Duration REPLACED = Duration.ofMillis(20);

  /**
   * A connection, and the service over it.
   *
   * @param sound closed when there is doubt: the service has to be asked for again
   */
  private record Connected(Peer peer, WritePort<Request> service, Channel<Void> sound) {}

  private final Discovery.Offer offer;
  private final String service;
  private final Limits limits;
  private final Runnable changed;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Channel<Void> left = Csp.chan();
  private final Channel<Void> idle = Csp.chan();

  private volatile @Nullable Connected connected;

  /** {@link Connected#sound} of what is asked for now, or was last. */
  private volatile Channel<Void> doubt = Csp.chan();

  /** Whether the last attempt to connect, or to find the service there, failed. */
  private volatile boolean failed;

  /** Whether it failed as no transport should; the block that connects alone looks at it. */
  private boolean reported;

  /**
   * A node that is not connected to yet.
   *
   * @param changed run when it may have become ready, or is no longer; must not block
   */
  Member(Discovery.Offer offer, String service, Limits limits, Runnable changed) {
    this.offer = offer;
    this.service = service;
    this.limits = limits;
    this.changed = changed;
  }

  String name() {
    return offer.node();
  }

  /** Whether it is where an offer says that the node is. */
  boolean isAt(Discovery.Offer other) {
    return offer.uri().equals(other.uri());
  }

  // ---- the connection

  void start() {
    GoBlock.background("connection to node " + name(), this::keep);
  }

  private void keep() throws InterruptedException {
    Pauses pauses = new Pauses();
    while (!left.isClosed()) {
      if (wasFound()) {
        pauses.beginAgain();
      } else {
        hasFailed();
        left.poll(pauses.next());
      }
    }
  }

  private void hasFailed() {
    failed = true;
    changed.run();
  }

  /**
   * Connects, and stays connected as long as that is wanted; false if the service was not found.
   */
  private boolean wasFound() throws InterruptedException {
    try (Peer peer = Peer.to(offer.uri()).limits(limits).connect()) {
      serve(peer);
    } catch (ChannelFailedException _) {
      changed.run(); // the peer is lost
    } catch (IOException _) {
      // it has gone, and discovery has not noticed yet; or it is not up yet
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      report(e);
    }
    boolean wasFound = connected != null;
    connected = null;
    return wasFound;
  }

  /**
   * Finds the service, again and again, until the node has left and answered what it had.
   *
   * @throws ChannelFailedException if the peer is lost
   */
  private void serve(Peer peer) throws InterruptedException {
    Pauses pauses = new Pauses();
    while (!left.isClosed()) {
      Channel<Void> sound = Csp.chan();
      doubt = sound;
      WritePort<Request> port = find(peer);
      if (port == null) {
        hasFailed();
        Csp.alts(Csp.take(peer.ended()), Csp.take(left), Csp.take(Csp.timeout(pauses.next())));
      } else {
        pauses.beginAgain();
        use(peer, port, sound);
      }
    }
    if (underWay.get() > 0) {
      Csp.alts(Csp.take(peer.ended()), Csp.take(idle));
    }
  }

  /** The service; null if it is not there now. */
  private @Nullable WritePort<Request> find(Peer peer) throws InterruptedException {
    try {
      return Request.to(peer.root(), "get-service").with("service", service).as(Request.CHANNEL);
    } catch (CallException _) {
      return null;
    }
  }

  /** Until there is doubt, or the node is left. */
  private void use(Peer peer, WritePort<Request> port, Channel<Void> sound)
      throws InterruptedException {
    Pending watch =
        port instanceof PutSide<?> side ? side.putSide().onClose(sound::close) : Pending.DONE;
    connected = new Connected(peer, port, sound);
    failed = false;
    changed.run();
    try {
      Csp.alts(Csp.take(peer.ended()), Csp.take(left), Csp.take(sound));
    } finally {
      watch.withdraw();
    }
    if (port.isClosed()) {
      left.poll(REPLACED); // until there is another in its place
    }
  }

  /** Something new was said of the node: what is known of it may be of another. */
  void doubt() {
    doubt.close();
  }

  /** Tells what no transport should throw, but not with each attempt. */
  private void report(Throwable failure) {
    if (!reported) {
      reported = true;
      Uncaught.report("the connection to " + this, failure);
    }
  }

  /** Whom it has the service of; null if there is none, or doubt, or it is left. */
  private @Nullable Peer serving() {
    Connected present = connected;
    return present == null || left.isClosed() || present.sound.isClosed() ? null : present.peer;
  }

  /** Whether there is a link to it now, and the service over it. */
  boolean isReachable() {
    Peer peer = serving();
    return peer != null && peer.isReachable();
  }

  /** Whether it has a session and the service, though its link may be broken just now. */
  boolean isConnected() {
    Peer peer = serving();
    return peer != null && peer.lost() == null;
  }

  /** Whether it is, or may soon be, reachable. */
  boolean isHopeful() {
    return !left.isClosed() && !failed;
  }

  /** It is gone, or going: it gets no more, and answers what it has. */
  void leave() {
    left.close();
    if (underWay.get() == 0) {
      idle.close();
    }
  }

  /** It is left at once. */
  void close() {
    left.close();
    idle.close();
  }

  // ---- its requests

  int underWay() {
    return underWay.get();
  }

  /** Counts one more, unless it has so many, or is left. */
  boolean begin(int most) {
    if (underWay.getAndUpdate(now -> now < most ? now + 1 : now) >= most) {
      return false;
    }
    if (left.isClosed()) { // whoever left it may not have seen this one, and waits for it no longer
      end();
      return false;
    }
    return true;
  }

  void end() {
    if (underWay.decrementAndGet() == 0 && left.isClosed()) {
      idle.close();
    }
    changed.run();
  }

  /**
   * Gives it a request.
   *
   * @return whether it was accepted
   */
  boolean give(Request request) throws InterruptedException {
    Connected present = connected;
    if (present == null) {
      return false;
    }
    if (!request.deadline().exists()) {
      return present.service.put(request);
    }
    return present.service.offer(request, request.deadline().remaining());
  }

  @Override
  public String toString() {
    return "node '" + name() + "' with " + underWay + " requests";
  }
}
