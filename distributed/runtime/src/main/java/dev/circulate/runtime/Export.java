package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.PeerLostException;
import dev.circulate.internal.LocalChannel;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Message.Cause;
import dev.circulate.runtime.session.ProtocolException;
import dev.circulate.runtime.session.Session;
import dev.circulate.service.CallError;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A channel of ours that the peer holds a proxy for: does to the channel what the proxy's holder
 * asks, within the rights that it was given with. What becomes of it the holder is told by a {@link
 * CloseNotice}.
 *
 * <p>No thread waits here. Values that arrive are put with a handler each, in the order in which
 * they came, and wait in the channel's own queue; their number is bounded by the window. What the
 * holder takes is up to {@link FarTakers}.
 */
final class Export {
  private final Voice peer;
  private final Reference reference;
  private final Object identity;
  private final Object port;
  private final @Nullable LocalChannel<Object> puts;
  private final @Nullable FarTakers takers;
  private final CloseNotice notice;

  /** The channel, to be closed when something is wrong with it; null if that is not ours to do. */
  private final @Nullable Channel<?> whole;

  /** How often the peer was given this channel and has not released it; guarded by the tables. */
  long given;

  private final Inflow inflow;
  private final Arrival.Counter counter;

  /** What the holder asks is done there, if the program's code may run meanwhile; else null. */
  private final @Nullable Aside aside;

  private final AtomicInteger accepted = new AtomicInteger();

  /** Whether the peer has no name for it any more; written under the tables' lock. */
  private volatile boolean forgotten;

  // what the holder has asked, by whoever hears it: more than once it means nothing

  private boolean closeAsked;
  private boolean cancelAsked;

  Export(
      Voice peer,
      Reference reference,
      Object identity,
      Object port,
      @Nullable LocalChannel<Object> puts,
      @Nullable LocalChannel<Object> takes,
      @Nullable Channel<?> whole,
      Inflow inflow) {
    this.peer = peer;
    this.reference = reference;
    this.identity = identity;
    this.port = port;
    this.puts = puts;
    this.takers =
        takes == null
            ? null
            : new FarTakers(
                peer, reference, takes, this::tellClosed, this::cannotBeSent, this::inOrder);
    this.notice = new CloseNotice(peer, reference, side(), takers);
    this.whole = whole;
    this.inflow = inflow;
    this.counter = new Arrival.Counter(this);
    this.aside = mayRunProgram() ? peer.aside(identity) : null;
  }

  /**
   * Whether the program's code may run when something is done to the channel: a hook's for values
   * that are undelivered, a gatherer's. A proxy does nothing but say it to its peer.
   */
  private boolean mayRunProgram() {
    return !(identity instanceof ProxyChannel<?>) && side().hasHook();
  }

  private void inOrder(Runnable task) {
    if (aside == null) {
      task.run();
    } else {
      aside.add(task);
    }
  }

  /** The channel's name has been sent: the holder knows what is spoken of. */
  void announce() {
    notice.announce();
  }

  private void tellClosed() {
    notice.tell();
  }

  /** The channel, by whichever side of it the holder has. */
  private LocalChannel<Object> side() {
    return puts != null ? puts : Objects.requireNonNull(takers, "a port has a side").channel();
  }

  Reference reference() {
    return reference;
  }

  /** The channel itself, whatever face of it was given. */
  Object identity() {
    return identity;
  }

  @SuppressWarnings("ReferenceEquality") // a channel is itself and no other
  boolean isOf(Object channel) {
    return identity == channel;
  }

  Rights rights() {
    return reference.rights();
  }

  /** The port that was given, or the face of it that its holder sent home. */
  Object port(Rights sent) {
    if (sent.equals(rights())) {
      return port;
    }
    if (port instanceof Channel<?> channel && sent.equals(Rights.PUT)) {
      return channel.writePort();
    }
    if (port instanceof Channel<?> channel && sent.equals(Rights.TAKE)) {
      return channel.readPort();
    }
    throw beyondRights("send home with '" + sent + "'");
  }

  // ---- what the holder asks

  void forward(Object value) {
    if (puts == null) {
      throw beyondRights("put");
    }
    inflow.add(mostUnderWay(peer), reference);
    LocalChannel<Object> channel = puts;
    inOrder(() -> Arrival.put(counter, channel, value));
  }

  /** A value waits no longer. */
  void left() {
    inflow.remove();
    if (forgotten && !reference.reply()) {
      peer.settled(this);
    }
  }

  /** A holder that has not heard our hello yet may have begun with the window that is untold. */
  static int mostUnderWay(Voice peer) {
    return Math.max(peer.window(), Session.UNTOLD_WINDOW);
  }

  /** Takes note of a value that was not put, and is answered for. */
  void refused() {
    grant();
  }

  /** Gives the holder its credit back, several at a time. */
  void grant() {
    if (reference.reply() || forgotten) {
      return;
    }
    int credit = accepted.incrementAndGet();
    if (credit >= peer.putsPerCredit() && accepted.compareAndSet(credit, 0)) {
      peer.say(new Message.Credit(reference.guid(), credit));
    }
  }

  /** The same for a value that a closed channel refused, where no close is told: of a root's. */
  void grantIfUntold() {
    if (reference.guid().equals(Tables.ROOT)) {
      grant();
    }
  }

  void take(int takers) {
    takers("take").add(takers);
  }

  void untake(int takers) {
    peer.say(new Message.Untaken(reference.guid(), takers("take").withdraw(takers)));
  }

  /** A value has come home, and is the next in line. */
  void home(Object value) {
    FarTakers sent = takers("give back");
    sent.settleHome();
    inOrder(() -> sent.channel().giveBack(value));
  }

  private FarTakers takers(String what) {
    if (takers == null) {
      throw beyondRights(what);
    }
    return takers;
  }

  /** Takes note of a holder that forgot the channel: it wants nothing any more. */
  void released() {
    inflow.released();
    forgetTakers();
  }

  /** The peer has no name for it any more; what was put may wait on. */
  void forget() {
    forgotten = true;
    if (reference.reply()) {
      counter.end(); // it was good for one put, and that came last
    }
  }

  /** Who counts what was put and waits. */
  Arrival.Counter counter() {
    return counter;
  }

  /** What was put and waits. */
  Inflow inflow() {
    return inflow;
  }

  /** Where the holder's values go; null if it may not put. */
  @Nullable LocalChannel<Object> puts() {
    return puts;
  }

  private void forgetTakers() {
    if (takers != null) {
      takers.withdraw(Integer.MAX_VALUE);
    }
  }

  void close(@Nullable Cause cause) {
    Channel<?> channel = closable();
    if (!closeAsked && !cancelAsked) {
      closeAsked = true;
      inOrder(() -> close(channel, cause));
    }
  }

  private static void close(Channel<?> channel, @Nullable Cause cause) {
    if (cause == null) {
      channel.close();
    } else {
      channel.close(cause.toException());
    }
  }

  /**
   * A value that was taken for the holder cannot cross, so that no later one may: for the holder
   * the channel is over. What is left in it stays for others.
   */
  private void cannotBeSent(Object value, Throwable why) {
    LocalChannel<Object> channel = takers("take").channel();
    channel.lost(value);
    if (whole != null) {
      whole.close(why);
    } else {
      channel.close(why);
    }
  }

  void cancel(@Nullable Cause cause) {
    Channel<?> channel = closable();
    if (!cancelAsked) {
      cancelAsked = true;
      inOrder(() -> cancel(channel, cause));
    }
  }

  private static void cancel(Channel<?> channel, @Nullable Cause cause) {
    if (cause == null) {
      channel.cancel();
    } else {
      channel.cancel(cause.toException());
    }
  }

  private Channel<?> closable() {
    if (whole == null || !rights().close()) {
      throw beyondRights("close");
    }
    return whole;
  }

  private ProtocolException beyondRights(String what) {
    return new ProtocolException(
        "to " + what + " is beyond the rights '" + rights() + "' of " + reference.guid());
  }

  // ---- the end

  /** The peer has released it: nothing is told any more, and no value is taken for it. */
  void end() {
    notice.end();
    forgetTakers();
  }

  /** The peer is gone: who waits here for its answer is told. */
  void lose(PeerLostException lost) {
    end();
    counter.end();
    if (!reference.reply()) {
      return;
    }
    if (whole != null) {
      Channel<?> channel = whole;
      inOrder(() -> channel.close(lost));
    } else if (puts != null) {
      // somebody else's, who gave it with a request that was passed on
      puts.offer(ErrorAnswer.of(CallError.PeerLost.of("the request", lost)));
    }
  }

  @Override
  public String toString() {
    return "export " + reference;
  }
}
