package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.internal.GoBlock;
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
 */
final class Member {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** A connection, and the service over it. */
  private record Connected(Peer peer, WritePort<Request> service) {}

  private final Discovery.Offer offer;
  private final String service;
  private final Limits limits;
  private final Runnable changed;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Channel<Void> left = Csp.chan();
  private final Channel<Void> idle = Csp.chan();

  private volatile @Nullable Connected connected;

  /** Whether the last attempt to connect failed. */
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

  // ---- the connection

  void start() {
    GoBlock.background("connection to node " + name(), this::keep);
  }

  private void keep() throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!left.isClosed()) {
      if (wasConnected()) {
        pause = FIRST_PAUSE;
      } else {
        failed = true;
        changed.run();
        left.poll(pause);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
      }
    }
  }

  /** Connects, and stays connected as long as that is wanted; false if it could not. */
  private boolean wasConnected() throws InterruptedException {
    try (Peer peer = Peer.to(offer.uri()).limits(limits).connect()) {
      WritePort<Request> port =
          Request.to(peer.root(), "get-service").with("service", service).as(Request.CHANNEL);
      connected = new Connected(peer, port);
      failed = false;
      changed.run();
      awaitEnd(peer);
      return true;
    } catch (IOException | CallException _) {
      return false; // it has gone, and discovery has not noticed yet; or it is not up yet
    } catch (RuntimeException | Error e) {
      report(e);
      return false;
    } finally {
      connected = null;
    }
  }

  /** Tells what no transport should throw, but not with each attempt. */
  private void report(Throwable failure) {
    if (!reported) {
      reported = true;
      Uncaught.report("the connection to " + this, failure);
    }
  }

  /** Until the peer is lost, or has left and answered what it had. */
  private void awaitEnd(Peer peer) throws InterruptedException {
    try {
      Csp.alts(Csp.take(peer.ended()), Csp.take(left));
      if (underWay.get() > 0) {
        Csp.alts(Csp.take(peer.ended()), Csp.take(idle));
      }
    } catch (ChannelFailedException _) {
      changed.run();
    }
  }

  /** Whether there is a link to it now. */
  boolean isReachable() {
    Connected present = connected;
    return present != null && !left.isClosed() && present.peer.isReachable();
  }

  /** Whether it has a session, though its link may be broken just now. */
  boolean isConnected() {
    Connected present = connected;
    return present != null && !left.isClosed() && present.peer.lost() == null;
  }

  /** Whether it is, or may soon be, reachable. */
  boolean isHopeful() {
    Connected present = connected;
    return !left.isClosed() && (present == null ? !failed : present.peer.lost() == null);
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
