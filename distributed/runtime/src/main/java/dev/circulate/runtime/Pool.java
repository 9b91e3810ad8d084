package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that offer one service, addressed as one: it connects to them as they are needed, and
 * leaves out those that are gone.
 *
 * {@snippet :
 * try (Pool resize = new Pool(discovery, "resize")) {
 *   Request.to(resize.spread(), "thumbnail").with("picture", name).done();
 * }
 * }
 *
 * <p><b>Exactly one outcome.</b> A request that no node has taken is given to another; one that a
 * node has taken, and may have begun, fails with <em>peer lost</em> when the node dies, and whoever
 * asked decides whether to ask again. <b>Closing</b> leaves every node that it connected to.
 * <b>Threads.</b> Every method may be called by any thread.
 */
public final class Pool implements AutoCloseable {
  private record Node(Peer peer, WritePort<Request> service) {}

  private final Discovery discovery;
  private final String service;
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();
  private final AtomicLong turn = new AtomicLong();
  private final Channel<Request> spread;

  /**
   * Looks for a service.
   *
   * @param discovery where; stays open when this is closed
   * @param service the service's name
   */
  public Pool(Discovery discovery, String service) {
    this.discovery = discovery;
    this.service = service;
    this.spread = Channel.<Request>builder().name("service " + service + " of many").open();
    Csp.go("spread requests for " + service, this::giveOut);
  }

  /**
   * The service of the next node, in turn.
   *
   * @throws CallException with <em>unknown service</em> if no node that can be reached has it
   * @throws InterruptedException if interrupted while connecting
   */
  public WritePort<Request> next() throws InterruptedException {
    return from(turn.getAndIncrement());
  }

  /**
   * The service of the node that a key belongs to: the same one for the same key, as long as the
   * nodes are the same; when one comes or goes, only the keys that belong to it move.
   *
   * @param key what to choose by
   * @throws CallException with <em>unknown service</em> if no node that can be reached has it
   * @throws InterruptedException if interrupted while connecting
   */
  public WritePort<Request> byKey(Object key) throws InterruptedException {
    List<Discovery.Offer> ranked =
        discovery.offering(service).stream()
            .sorted((a, b) -> Integer.compare(rank(b, key), rank(a, key)))
            .toList();
    return first(ranked, 0);
  }

  /** The node with the highest rank has the key: rendezvous hashing. */
  private static int rank(Discovery.Offer offer, Object key) {
    int mixed = (offer.node().hashCode() * 31 + key.hashCode()) * 0x9E3779B9;
    return (mixed ^ (mixed >>> 15)) * 0x85EBCA6B;
  }

  private WritePort<Request> from(long start) throws InterruptedException {
    return first(discovery.offering(service), start);
  }

  private WritePort<Request> first(List<Discovery.Offer> offers, long start)
      throws InterruptedException {
    for (int i = 0; i < offers.size(); i++) {
      Discovery.Offer offer = offers.get((int) ((start + i) % offers.size()));
      Node node = node(offer);
      if (node != null) {
        return node.service;
      }
    }
    throw new CallException(
        new CallError.UnknownService(
            "none of %d nodes that offer service '%s' can be reached"
                .formatted(offers.size(), service)));
  }

  private @Nullable Node node(Discovery.Offer offer) throws InterruptedException {
    Node known = nodes.get(offer.node());
    if (known != null && known.peer.lost() == null) {
      return known.peer.isReachable() ? known : null;
    }
    nodes.remove(offer.node());
    try {
      return connected(offer);
    } catch (IOException | CallException _) {
      return null; // it has gone, and discovery has not noticed yet
    }
  }

  private Node connected(Discovery.Offer offer) throws IOException, InterruptedException {
    Peer peer = Peer.connect(offer.uri());
    try {
      WritePort<Request> port =
          Request.to(peer.root(), "get-service").with("service", service).as(Request.CHANNEL);
      Node node = new Node(peer, port);
      Node other = nodes.putIfAbsent(offer.node(), node);
      if (other != null) {
        peer.close();
        return other;
      }
      if (spread.isClosed()) {
        peer.close();
      }
      return node;
    } catch (CallException | InterruptedException e) {
      peer.close();
      throw e;
    }
  }

  /**
   * All of them as one service: each request goes to the next node in turn that takes it. One that
   * nobody can take is answered with <em>unknown service</em>.
   */
  public WritePort<Request> spread() {
    return spread.writePort();
  }

  private void giveOut() throws InterruptedException {
    for (Request request : spread) {
      Csp.go("request for " + service, () -> give(request));
    }
  }

  private void give(Request request) throws InterruptedException {
    try {
      // a node that does not take it is gone, and not asked again
      while (!next().put(asItCame(request))) {
        Thread.onSpinWait();
      }
    } catch (CallException e) {
      WritePort<Object> reply = request.replyTo();
      if (reply != null) {
        reply.put(Map.of("error", request.origin().isLocal() ? e.error() : e.error().toData()));
      }
    }
  }

  /** With its deadline, which the next go block would not know. */
  private static Request asItCame(Request request) {
    return Request.received(
        request.message(), new Origin.Remote("a pool", null), request.deadline());
  }

  @Override
  public void close() {
    spread.close();
    nodes.values().forEach(node -> node.peer.close());
    nodes.clear();
  }
}
