package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.PeerLostException;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.LocalChannel;
import dev.circulate.service.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Another address space that this one talks to: its root is at hand, and any channel in any message
 * means the same thing on both sides.
 *
 * {@snippet :
 * try (Peer peer = Peer.connect(URI.create("ws://localhost:8080/csp"))) {
 *   int answer = Request.to(peer.root(), "get").as(int.class);
 * }
 * }
 *
 * <p><b>A broken link.</b> When the link breaks, or the peer is silent for too long, whoever
 * connected connects again, and the session goes on where it was: nothing is lost, doubled or
 * reordered, and puts and calls under way wait meanwhile. <b>The end.</b> When no link comes within
 * {@link Limits#grace()}, the peer breaks the protocol, or either side closes, then at once every
 * proxy of this peer closes with a {@link PeerLostException}, waiting puts answer false, and calls
 * under way fail with <em>peer lost</em>. There is no way back from that: who wants to go on
 * connects anew. A peer {@linkplain #over over a link} that the program made has one link only.
 * <b>Scopes.</b> It belongs to none, nor to a command that is served: whoever connects, it is there
 * until one side closes. <b>Threads.</b> Every method may be called by any thread.
 */
public final class Peer implements AutoCloseable {
  /**
   * How many channels each side holds of the other's: what a test can compare, and an operator
   * watch.
   *
   * @param exports channels of ours that the peer holds
   * @param imports channels of the peer's that are held here
   */
  public record Held(int exports, int imports) {}

  private final Engine engine;

  private Peer(Engine engine) {
    this.engine = engine;
  }

  /**
   * Connects to whoever listens at {@code uri}, and waits until it has said hello. {@link #to}
   * connects with settings.
   *
   * @param uri where to; its scheme chooses the transport
   * @throws IOException if there is nobody, or nobody that speaks this protocol; the message names
   *     the URI and says why
   * @throws InterruptedException if interrupted while waiting; there is no connection then
   */
  public static Peer connect(URI uri) throws IOException, InterruptedException {
    return to(uri).connect();
  }

  /**
   * Begins to set how to connect.
   *
   * {@snippet :
   * Peer peer = Peer.to(uri).root(ours).codec(Codec.MESSAGE_PACK).connect();
   * }
   *
   * @param uri where to; its scheme chooses the transport, unless one is set
   */
  public static PeerBuilder to(URI uri) {
    return new PeerBuilder(uri);
  }

  /**
   * Begins to set how to talk to the peer at the other end of a link; {@link LinkBuilder#begin}
   * does.
   *
   * @param link how to reach it
   */
  public static LinkBuilder over(Link link) {
    return new LinkBuilder(link);
  }

  /** Begins a session. */
  static Peer begin(Link link, Terms terms, Comeback comeback) {
    Peer peer = prepared(link, terms, comeback);
    peer.start();
    return peer;
  }

  /** A session that has not begun. */
  static Peer prepared(Link link, Terms terms, Comeback comeback) {
    return new Peer(new Engine(link, terms, comeback));
  }

  void start() {
    engine.start();
  }

  /** Waits until whoever is at the URI has said hello. */
  void awaitHello(URI uri) throws IOException, InterruptedException {
    Duration patience = engine.limits().hello();
    try {
      engine.ready().poll(patience);
    } catch (ChannelFailedException e) {
      throw new IOException(
          "cannot talk to "
              + Addresses.withoutUser(uri)
              + ": "
              + Objects.requireNonNullElse(e.getCause(), e).getMessage(),
          e);
    }
    if (!engine.ready().isClosed()) {
      throw new IOException(
          "whoever is at " + Addresses.withoutUser(uri) + " said nothing for " + patience);
    }
  }

  /**
   * The peer behind a pair of channels of text: what comes out of {@code source} came from it, and
   * what is put into {@code sink} goes to it. How the texts travel is the caller's business:
   * message queues, a chat, a test. Each text must arrive once and in order.
   *
   * @param root what the other side finds as its peer's root
   * @param source the texts from the other side; closing it is losing the peer
   * @param sink takes the texts for the other side
   */
  public static Peer buildTransport(
      WritePort<Request> root, ReadPort<String> source, WritePort<String> sink) {
    return over(new StringLink(source, sink)).root(root).begin();
  }

  /** The peer's root: takes requests. */
  public WritePort<Request> root() {
    return engine.remoteRoot();
  }

  /**
   * Who the peer has proven to be, as this side's {@link Authenticator} found; null if nobody
   * asked.
   */
  public @Nullable String identity() {
    return engine.identity();
  }

  /** A channel that closes, with a {@link PeerLostException}, when the session has ended. */
  public ReadPort<Void> ended() {
    LocalChannel<Void> ended = engine.ended();
    return ended.readPort();
  }

  /**
   * A channel of what becomes of the link from now on, after what happened last: to log, count or
   * show it. What goes on over the link needs no look at it.
   *
   * {@snippet :
   * go(
   *     () -> {
   *       for (LinkEvent event : peer.linkEvents()) {
   *         light.set(
   *             switch (event) {
   *               case LinkEvent.Connected _, LinkEvent.Resumed _ -> GREEN;
   *               case LinkEvent.Cut _ -> YELLOW;
   *               case LinkEvent.Lost _ -> RED;
   *             });
   *       }
   *     });
   * }
   *
   * <p>Each call begins a watch of its own. Does not block. The channel keeps the newest 16 events
   * for who does not take them, closes after {@link LinkEvent.Lost}, and closing it ends the watch.
   */
  public Channel<LinkEvent> linkEvents() {
    return engine.linkEvents();
  }

  /** Runs a task, which must not block, when the session has ended; at once if it has. */
  void whenEnded(Runnable task) {
    engine.ended().onClose(task);
  }

  /** After {@link #close()}: waits until the peer has been told. */
  void awaitFarewell(Duration patience) throws InterruptedException {
    engine.awaitFarewell(patience);
  }

  /** Whether the session can have begun: nobody is left to be asked who the peer is. */
  boolean isAdmitted() {
    return engine.isAdmitted();
  }

  /** Whether there is a link to the peer now; if not, and it is not lost, it may come back. */
  public boolean isReachable() {
    return engine.line() != null && !engine.isOver();
  }

  /** Why the session ended; null while it goes on. */
  public @Nullable PeerLostException lost() {
    return engine.ended().closeCause() instanceof PeerLostException lost ? lost : null;
  }

  /** How many channels each side holds of the other's now. */
  public Held held() {
    return engine.held();
  }

  /**
   * Finishes and leaves: refuses new requests of the peer's, waits for the calls under way, its and
   * ours, and then leaves as {@link #close()} does.
   *
   * @param patience how long to wait for them at the longest; those that go on then fail with
   *     <em>peer lost</em>
   * @return whether all had ended
   * @throws InterruptedException if interrupted while waiting; the peer is left at once then
   */
  public boolean leave(Duration patience) throws InterruptedException {
    return engine.leave(patience);
  }

  /** As {@link #leave}, but does not wait until the peer is told. */
  boolean finish(Duration patience) throws InterruptedException {
    return engine.finish(patience);
  }

  /** Begins to leave: refuses new requests. */
  void refuseRequests() {
    engine.refuseRequests();
  }

  /** Whether new requests of the peer's are refused. */
  boolean isLeaving() {
    return engine.isLeaving();
  }

  /**
   * Leaves in order: says so to the peer, and ends the session, with the calls under way. Does not
   * wait for the peer; {@link #leave} waits for the calls.
   */
  @Override
  public void close() {
    engine.leave();
  }

  @Override
  public String toString() {
    return "peer " + engine.peer();
  }
}
