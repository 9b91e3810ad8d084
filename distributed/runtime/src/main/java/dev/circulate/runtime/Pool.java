package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Deadline;
import dev.circulate.WritePort;
import dev.circulate.internal.Context;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.TakeHandler;
import dev.circulate.internal.Time;
import dev.circulate.internal.Uncaught;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that offer one service, addressed as one: it is connected to each of them, and leaves
 * out those that are gone.
 *
 * {@snippet :
 * try (Pool resize = new Pool(discovery, "resize")) {
 *   Request.to(resize.spread(), "thumbnail").with("picture", name).done();
 * }
 * }
 *
 * <p><b>Who gets a request.</b> One that is <em>ready</em>: it can be reached, and has fewer than
 * {@link #MOST_UNDER_WAY} requests of this pool under way. So a slow node gets no more than it
 * answers, and a dead one nothing. While none is ready but one may become so, requests wait, and so
 * do those who put them; when there is none that can be reached, the answer is <em>unknown
 * service</em>.
 *
 * <p><b>Exactly one outcome.</b> A request that no node has begun (it was not accepted, or answered
 * as overloaded) is given to another. One that may have been begun is given to no other: it fails
 * with <em>peer lost</em> when its node is lost, and whoever asked decides whether to ask again.
 * Giving up (a closed reply channel, a deadline) reaches the node.
 *
 * <p><b>One connection to a node</b>, as long as it offers the service at that address, whatever
 * else it begins or ceases to offer: channels that came over it, such as a stream that a command
 * answered, go on. A service that closes there is asked for again.
 *
 * <p><b>Closing</b> leaves every node; until then a pool goes on, whatever scope or command it was
 * made in. What is put and is no request is dropped. <b>Threads.</b> Every method may be called by
 * any thread. A go block for each node, and for each request under way.
 */
public final class Pool implements AutoCloseable {
  /** How many requests of one pool a node has at a time. */
  public static final int MOST_UNDER_WAY = 64;

  /** Chooses among the nodes that can be reached; null if it wants to wait. */
  interface Pick {
    @Nullable Member among(List<Member> reachable);
  }

  private final Discovery discovery;
  private final String service;
  private final Limits limits;
  private final Map<String, Member> members = new ConcurrentHashMap<>();
  private final AtomicLong turn = new AtomicLong();
  private final Channel<Discovery.Event> events;
  private final LocalChannel<Object> spread;
  private final LocalChannel<Object> inTurn;

  /** Closed, and replaced by another, when something has changed that a request may wait for. */
  private final AtomicReference<Channel<Void>> change = new AtomicReference<>(Csp.chan());

  /**
   * Looks for a service.
   *
   * @param discovery where; stays open when this is closed
   * @param service the service's name
   */
  public Pool(Discovery discovery, String service) {
    this(discovery, service, Limits.DEFAULTS);
  }

  /**
   * Looks for a service.
   *
   * @param discovery where; stays open when this is closed
   * @param service the service's name
   * @param limits what the nodes may demand, and how long to wait for one that cannot be reached
   */
  public Pool(Discovery discovery, String service, Limits limits) {
    this.discovery = discovery;
    this.service = service;
    this.limits = limits;
    this.events = discovery.events();
    this.spread = desk("spread", this::leastBusy);
    this.inTurn = desk("in turn", this::nextInTurn);
    GoBlock.background("nodes that offer " + service, this::follow);
  }

  // ---- who there is

  private void follow() throws InterruptedException {
    for (Discovery.Event event : events) {
      Discovery.Offer offer = event.offer();
      if (offer.services().contains(service)) {
        switch (event.kind()) {
          case CAME -> came(offer);
          case LEFT -> left(offer);
        }
        changed();
      }
    }
  }

  private void came(Discovery.Offer offer) {
    Member known = members.get(offer.node());
    if (known != null && known.isAt(offer)) {
      known.doubt();
      return;
    }
    left(offer.node());
    Member member = new Member(offer, service, limits, this::changed);
    members.put(offer.node(), member);
    member.start();
    if (spread.isClosed()) {
      member.close();
    }
  }

  /** One that offers the service still, or again, stays: what it offers beside has changed. */
  private void left(Discovery.Offer offer) {
    if (!isThere(offer)) {
      left(offer.node());
    }
  }

  private boolean isThere(Discovery.Offer offer) {
    try {
      return discovery.offering(service).stream()
          .anyMatch(now -> now.node().equals(offer.node()) && now.uri().equals(offer.uri()));
    } catch (Throwable e) {
      Uncaught.report(this + ", when it asked who offers it", e);
      return false;
    }
  }

  private void left(String node) {
    Member gone = members.remove(node);
    if (gone != null) {
      gone.leave();
    }
  }

  private void changed() {
    change.getAndSet(Csp.chan()).close();
  }

  /** Closes with the next change. */
  Channel<Void> nextChange() {
    return change.get();
  }

  boolean isClosed() {
    return spread.isClosed();
  }

  /** The node for a request, which is counted there from now on; null if it has to wait. */
  @Nullable Member choose(Pick pick, List<Member> refused) {
    List<Member> reachable =
        members.values().stream()
            .filter(member -> member.isReachable() && !refused.contains(member))
            .sorted(Comparator.comparing(Member::name))
            .toList();
    Member member = reachable.isEmpty() ? null : pick.among(reachable);
    return member != null && member.begin(MOST_UNDER_WAY) ? member : null;
  }

  /** Whether waiting may help: one has not refused, and is or may become reachable. */
  boolean hasHope(List<Member> refused) {
    return members.values().stream()
            .anyMatch(member -> member.isHopeful() && !refused.contains(member))
        || discovery.offering(service).stream()
            .anyMatch(offer -> !members.containsKey(offer.node()));
  }

  /** What to say when nobody can be asked. */
  String nobody() {
    return members.isEmpty()
        ? "no node is known that offers service '%s'".formatted(service)
        : "none of %d nodes that offer service '%s' can be reached"
            .formatted(members.size(), service);
  }

  /**
   * Waits until so many nodes are connected. What one says of itself takes a moment to be heard,
   * and a request that is put before anything was heard is answered <em>unknown service</em>.
   *
   * {@snippet :
   * Pool resize = node.discover("resize");
   * if (!resize.awaitNodes(2, Duration.ofSeconds(10))) {
   *   throw new IllegalStateException("two were started: " + resize);
   * }
   * }
   *
   * @param nodes how many, at least 1
   * @param limit how long to wait for them
   * @return whether there are so many; false at once if this is closed
   * @throws IllegalArgumentException if less than one node is waited for
   * @throws InterruptedException if interrupted while waiting
   */
  public boolean awaitNodes(int nodes, Duration limit) throws InterruptedException {
    if (nodes < 1) {
      throw new IllegalArgumentException("at least one node is waited for, not " + nodes);
    }
    Deadline deadline = Deadline.after(limit);
    while (!isClosed()) {
      Channel<Void> next = nextChange();
      if (members.values().stream().filter(Member::isConnected).count() >= nodes) {
        return true;
      }
      if (!deadline.remaining().isPositive()) {
        return false;
      }
      next.poll(deadline.remaining());
    }
    return false;
  }

  // ---- which one

  /** The one with the fewest requests under way; in turn where these are equal. */
  private @Nullable Member leastBusy(List<Member> reachable) {
    int start = (int) (turn.getAndIncrement() % reachable.size());
    Member best = null;
    for (int i = 0; i < reachable.size(); i++) {
      Member member = reachable.get((start + i) % reachable.size());
      if (best == null || member.underWay() < best.underWay()) {
        best = member;
      }
    }
    return best;
  }

  private @Nullable Member nextInTurn(List<Member> reachable) {
    for (int i = 0; i < reachable.size(); i++) {
      Member member = reachable.get((int) (turn.getAndIncrement() % reachable.size()));
      if (member.underWay() < MOST_UNDER_WAY) {
        return member;
      }
    }
    return null;
  }

  /** The node with the highest rank has the key: rendezvous hashing. */
  private static @Nullable Member ranked(List<Member> reachable, int key) {
    return reachable.stream()
        .max(Comparator.comparingInt(member -> rank(member, key)))
        .orElse(null);
  }

  private static int rank(Member member, int key) {
    int mixed = (member.name().hashCode() * 31 + key) * 0x9E3779B9;
    return (mixed ^ (mixed >>> 15)) * 0x85EBCA6B;
  }

  // ---- where requests are put

  /** All of them as one service: a request goes to a ready one with the fewest under way. */
  public WritePort<Request> spread() {
    return requestsTo(spread);
  }

  /** All of them as one service: requests go to those that are ready in turn (round robin). */
  public WritePort<Request> inTurn() {
    return requestsTo(inTurn);
  }

  /**
   * The node that a key belongs to, as a service: the same one for the same key, as long as the
   * nodes that can be reached are the same; when one comes or goes, only the keys that belong to it
   * move. If it has no room, requests wait for it.
   *
   * @param key what to choose by; its {@code hashCode} counts, as it is now
   */
  public WritePort<Request> byKey(Object key) {
    int code = key.hashCode(); // here, where the caller sees what it throws
    return requestsTo(desk("key " + key, reachable -> ranked(reachable, code)));
  }

  @SuppressWarnings("unchecked") // a peer may put what is no request: it is taken as an object
  private static WritePort<Request> requestsTo(LocalChannel<Object> desk) {
    return (WritePort<Request>) (WritePort<?>) desk.writePort();
  }

  private LocalChannel<Object> desk(String how, Pick pick) {
    LocalChannel<Object> desk =
        LocalChannel.open(new Buffer.Rendezvous(), "service " + service + " of many, " + how, null);
    listen(desk, pick);
    return desk;
  }

  /** Takes the next request, without a thread that waits, so that a desk can be forgotten. */
  private void listen(LocalChannel<Object> desk, Pick pick) {
    desk.takeAsync(
        new TakeHandler<>() {
          @Override
          public void taken(Object value) {
            Request request = Request.taken(value);
            if (request == null) {
              // in a block, since there may be many of them
              GoBlock.background(desk.toString(), () -> listen(desk, pick));
            } else {
              send(request, desk, pick);
            }
          }

          @Override
          public void ended(@Nullable Throwable cause) {
            // nothing is put any more
          }
        });
  }

  private void send(Request request, LocalChannel<Object> desk, Pick pick) {
    Context context = new Context(Time.after(request.deadline().remaining()), request.origin());
    Errand errand = new Errand(this, request, pick);
    GoBlock.run(context, desk.toString(), () -> errand.run(() -> listen(desk, pick)));
  }

  @Override
  public void close() {
    spread.close();
    inTurn.close();
    events.close();
    members.values().forEach(Member::close);
    changed();
  }

  @Override
  public String toString() {
    return "pool of service '" + service + "' with nodes " + members.keySet();
  }
}
