package dev.circulate.runtime;

import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.Quota;
import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.codec.Incoming;
import dev.circulate.runtime.codec.Measure;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that one side of a session knows and decides, without thread, link or clock: the {@link
 * Session}, the {@link Tables}, and what is to be said. The {@link Engine} gives it frames, and
 * asks it for some; a simulation can do the same, step by step.
 *
 * <p><b>Out.</b> Whoever has something to say puts it into a queue that many fill; one at a time
 * takes what is there, up to {@link #mostInABatch}, as one packet: packets grow when there is much
 * to say and a single message waits for nobody. <b>In.</b> What is heard is done at once, one
 * packet at a time, and nothing that is done waits.
 *
 * <p><b>What may not have arrived.</b> A message can carry a task for the case that the session
 * ends and nobody knows whether it arrived. While it is in the queue the task is run by whoever
 * empties that; once it has a number, the session keeps both until the peer confirms. So each task
 * is run once or the message has arrived, and none is forgotten: who finds the conversation over
 * after it has put a message into the queue empties it.
 */
final class Conversation implements Voice {
  private static final int MOST_IN_A_BATCH = 256;

  private final Limits limits;
  private final Tables tables;
  private final Packer packer;
  private final Dispatcher dispatcher;
  private final WritePort<Request> remoteRoot;
  private final Runnable onSaying;
  private final Consumer<Object> onUndelivered;
  private final Executor blocks;
  private final Aside hooks;

  /** Of channels that the peer has, or had; guarded by itself. */
  private final Map<Object, Aside> asides = new WeakHashMap<>();

  /** Guarded by the session, but for what any thread adds. */
  private final Outbox outbox;

  /** Guarded by itself. */
  private final Session session;

  /** What is in the last batch until it is written; guarded by the session. */
  private List<Outbox.Saying> last = List.of();

  /** No more than a list may have: the peer's limits may be ours. */
  private final int mostInABatch;

  /** How many messages may be in the next batch; guarded by the session. */
  private int mostInNext;

  /** Nothing will be said any more. */
  private volatile boolean silent;

  /**
   * One side of a session.
   *
   * @param terms what this side brings to it
   * @param onSaying run when something is to be said; must not block
   * @param guids makes names that nobody can guess
   * @param blocks runs what may be the program's code, in a go block
   */
  Conversation(
      Session session,
      String peer,
      Terms terms,
      Runnable onSaying,
      Supplier<String> guids,
      Executor blocks) {
    this.session = session;
    this.limits = terms.limits();
    this.mostInABatch = Math.min(MOST_IN_A_BATCH, limits.frame().collection());
    this.mostInNext = mostInABatch;
    this.outbox = new Outbox(limits.frame().length());
    this.onSaying = onSaying;
    this.onUndelivered = terms.onUndelivered();
    this.blocks = blocks;
    this.hooks = new Aside(blocks);
    this.tables = new Tables(this, peer, limits, guids);
    int depth = limits.frame().depth();
    this.packer = new Packer(tables, limits.frame(), terms.codec());
    this.dispatcher =
        new Dispatcher(
            tables,
            new Incoming(depth, terms.codec().handlers(), tables::resolve),
            new Quota(limits.requests()),
            new Origin.Remote(peer, null));
    tables.exportRoot(terms.root());
    @SuppressWarnings("unchecked") // the peer's root takes requests
    WritePort<Request> far = (WritePort<Request>) tables.resolveRoot();
    this.remoteRoot = far;
  }

  WritePort<Request> remoteRoot() {
    return remoteRoot;
  }

  Tables tables() {
    return tables;
  }

  // ---- what exports and imports say

  @Override
  public void say(Message message, int body, Runnable lost) {
    outbox.add(new Outbox.Saying(message, Measure.besideBody(message) + body, lost));
    if (silent) {
      // not here: the caller may hold a lock, under which no program's code may run
      blocks.execute(this::loseUnsaid);
    } else {
      onSaying.run();
    }
  }

  @Override
  public void undelivered(Object value) {
    hooks.add(() -> handOver(value));
  }

  private void handOver(Object value) {
    try {
      onUndelivered.accept(value);
    } catch (Throwable e) {
      Uncaught.report("the hook for values that were not delivered", e);
    }
  }

  @Override
  public Aside aside() {
    return new Aside(blocks);
  }

  @Override
  public Aside aside(Object channel) {
    synchronized (asides) {
      return asides.computeIfAbsent(channel, _ -> aside());
    }
  }

  @Override
  public Parcel pack(Object value) {
    return packer.pack(value);
  }

  @Override
  public Parcel pack(Request request) {
    return packer.pack(request);
  }

  @Override
  public void check(Object value) {
    packer.check(value);
  }

  @Override
  public int window() {
    return session.window();
  }

  @Override
  public int putsPerCredit() {
    return session.putsPerCredit();
  }

  @Override
  public int longestSentence() {
    return limits.frame().sentence();
  }

  @Override
  public void forget(Import forgotten) {
    tables.forget(forgotten);
  }

  @Override
  public void settled(Export export) {
    tables.settled(export);
  }

  // ---- out

  /** Whether {@link #next} would answer something, if it is not time for a beat. */
  boolean hasNext() {
    synchronized (session) {
      return session.owesAck() || (session.hasRoom() && hasUnsaid());
    }
  }

  /** Whether more waits to be said than is kept for a peer that does not hear it. */
  boolean isBeyondBacklog() {
    return unsaid() > limits.backlog();
  }

  /**
   * How much is kept for the peer, in characters or bytes: what it has not confirmed, and, as an
   * estimate, what is still to be said.
   */
  long keptSize() {
    synchronized (session) {
      return session.unconfirmedSize() + outbox.length();
    }
  }

  /** Whether there is something to be said, now or when the peer has confirmed more. */
  boolean hasUnsaid() {
    synchronized (session) {
      return !outbox.isEmpty();
    }
  }

  /** How many messages wait to be said; an estimate while others say some. */
  int unsaid() {
    synchronized (session) {
      return outbox.size();
    }
  }

  /** What to say next: a batch, or a beat if that is due; null if nothing is. */
  @Nullable Packet next(long now) {
    synchronized (session) {
      List<Outbox.Saying> sayings = session.hasRoom() ? outbox.take(mostInNext) : List.of();
      if (!sayings.isEmpty()) {
        last = sayings;
        return session.batch(
            sayings.stream().map(Outbox.Saying::message).toList(),
            () -> sayings.forEach(saying -> saying.lost().run()),
            now);
      }
      return session.due(now) == Session.Due.BEAT ? session.beat(now) : null;
    }
  }

  /** Takes note of how large the last batch became. */
  void sized(int size) {
    synchronized (session) {
      session.sized(size);
      last = List.of(); // what is in it may be the only thing that holds a channel
      mostInNext = Math.min(mostInABatch, mostInNext * 2);
    }
  }

  /** A peer that has no word for having forgotten a channel was told which are closed. */
  void forgetClosed(List<String> closed) {
    closed.forEach(tables::forgetClosed);
  }

  /**
   * The last batch is too long for a frame: half as many messages are next, and then the others.
   *
   * @return false if it has one message, which is too long by itself
   */
  boolean split() {
    synchronized (session) {
      if (last.size() == 1) {
        return false;
      }
      session.takeBack();
      outbox.putBack(last);
      mostInNext = last.size() / 2;
      return true;
    }
  }

  // ---- in

  /** Who the peer is was found out, before any packet of it was heard. */
  void isWith(Origin.Remote peer) {
    dispatcher.isFrom(peer);
  }

  /**
   * Does what a packet says. One thread at a time calls it.
   *
   * @return whether the peer should be told how far it was heard
   * @throws dev.circulate.runtime.session.ProtocolException if it must not come
   * @throws dev.circulate.runtime.session.FrameLostException if one before it did not come
   * @throws dev.circulate.runtime.codec.CodecException if a body in it cannot be read
   */
  boolean hear(Packet packet, int size, long now) {
    List<Message> messages;
    int window = session.window();
    synchronized (session) {
      messages = session.heard(packet, size, now);
      if (!messages.isEmpty()) {
        session.acts(size);
      }
    }
    if (session.window() != window) {
      tables.widen(session.window() - window);
    }
    messages.forEach(dispatcher::act);
    synchronized (session) {
      if (!messages.isEmpty()) {
        session.acted();
      }
      return session.owesAck();
    }
  }

  /** From now on the peer's requests are refused. */
  void refuseRequests(String why) {
    dispatcher.refuseRequests(why);
  }

  boolean refusesRequests() {
    return dispatcher.refusesRequests();
  }

  // ---- the end

  /** The peer is gone, or is left: everything of its ends. What is to be said still can be. */
  void end(PeerLostException lost) {
    synchronized (session) {
      session.end();
    }
    tables.lose(lost);
  }

  /** Nothing will be said any more, nor confirmed. */
  void fallSilent() {
    silent = true;
    List<Runnable> unconfirmed;
    synchronized (session) {
      unconfirmed = session.lost();
    }
    unconfirmed.forEach(Runnable::run);
    loseUnsaid();
  }

  private void loseUnsaid() {
    List<Outbox.Saying> unsaid;
    synchronized (session) {
      unsaid = outbox.takeAll();
    }
    unsaid.forEach(saying -> saying.lost().run());
  }
}
