package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.Feed;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.internal.TakeHandler;
import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Message.Cause;
import dev.circulate.service.CallError;
import dev.circulate.service.Request;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A channel of the peer's that is held here: two local channels, and the handlers that move values
 * between them and the peer. The {@link ProxyChannel} in a program's hands is a face over it, held
 * weakly, so that a program that lets go of it lets go of all.
 *
 * <p><b>Puts</b> go into {@link #outbound}, a rendezvous. While there is credit, a handler waits
 * there to take, and sends on what it gets; without credit nobody takes, and putters wait. The
 * owner gives credit back for what its channel has accepted. So at most a window of values is on
 * the way.
 *
 * <p><b>Takes</b> come from {@link #inbound}. When a taker begins to wait there the owner is asked
 * for a value; when one gives up, the ask is withdrawn. A value that comes too late for its taker
 * stays in inbound for the next, and goes home when the proxy is let go.
 *
 * <p><b>The release</b> is the last message of the channel's, since the owner forgets its name with
 * it: every other message is said by {@link #tell}, which says nothing after it. It is due when the
 * owner's channel has <em>finished</em> (closed, and drained for those who may take), or when the
 * program has <em>abandoned</em> every face; and it waits as long as something is still to be said:
 *
 * <ul>
 *   <li>a handler is {@link #armed} and may have a value in its hands, which it will send;
 *   <li>a value that came is being offered to inbound, and may be refused and go home;
 *   <li>the name stands in a body that is not on its way yet (a proxy that is sent home).
 * </ul>
 *
 * <p>Whoever ends one of these looks again ({@link #releaseIfIdle}). Lock order: an import, then
 * the tables. No program's code runs under either.
 */
final class Import implements Feed, Parcel.Named {
  private final Voice peer;
  private final Reference reference;
  final LocalChannel<Object> outbound;
  final LocalChannel<Object> inbound;

  /** A handler that waits at outbound, from before it does until the value it got was sent. */
  private final class Arming implements TakeHandler<Object> {
    /** What withdraws it; null until that is known. */
    private @Nullable Pending waiting;

    @Override
    public void taken(Object value) {
      send(this, value);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      disarm(this, 0);
      tellClose();
      releaseIfIdle();
    }
  }

  // all that follows is guarded by this; finished is read without, too

  private WeakReference<@Nullable ProxyChannel<?>> face = new WeakReference<>(null);

  /** How often the peer gave us this channel. */
  private int received;

  /** How many more values may be sent. */
  private int credit;

  private @Nullable Arming armed;

  /** How many values the owner was asked for. */
  private int asked;

  /** How many values came and did not go home. */
  private long seen;

  /** How many values are being offered to inbound, and names written but not sent. */
  private int pins;

  /** Whether the owner is still to be told that the channel was closed here. */
  private boolean closeUntold;

  private @Nullable Throwable closeCause;

  /** Whether the owner will send nothing any more. */
  private volatile boolean finished;

  /** Whether the program has let go of every face. */
  private boolean abandoned;

  private boolean released;

  /** Values that no taker wanted, on their way home; none before the release. */
  private final Queue<Object> leftovers = new ArrayDeque<>(0);

  Import(Voice peer, Reference reference, String peerName) {
    this.peer = peer;
    this.reference = reference;
    this.credit = reference.reply() ? 1 : peer.window();
    String name = reference.guid() + " of " + peerName;
    this.outbound = LocalChannel.fed(new Buffer.Rendezvous(), name, null, Quiet.FEED);
    this.inbound = LocalChannel.fed(new Buffer.Unbounded(), name, null, this);
  }

  Reference reference() {
    return reference;
  }

  /**
   * Takes note that the peer has given the channel once more.
   *
   * @return the face that the program is given; null if it was released, and is another import now
   */
  @Nullable ProxyChannel<?> receive() {
    ProxyChannel<?> given;
    synchronized (this) {
      if (released) {
        return null;
      }
      received++;
      given = face();
    }
    if (reference.rights().put()) {
      arm();
    }
    return given;
  }

  /** The face that a program holds, made anew if it let go of the last. */
  private ProxyChannel<?> face() {
    ProxyChannel<?> present = face.get();
    if (present == null) {
      present = new ProxyChannel<>(this);
      face = new WeakReference<>(present);
      abandoned = false;
      if (!reference.reply()) {
        present.onCollected(this::faceCollected);
      }
    }
    return present;
  }

  /** Says something of this channel, unless the last was said. */
  private synchronized boolean tell(Message message) {
    if (released) {
      return false;
    }
    peer.say(message);
    return true;
  }

  private static void settle(Parcel parcel, boolean told) {
    if (told) {
      parcel.sent();
    } else {
      parcel.dropped();
    }
  }

  // ---- putting

  /**
   * Answers the value if it can be sent. An answer is not looked at: one that cannot be sent
   * becomes an error for who waits for it.
   *
   * @throws CodecException if it cannot: better now, in the putter's thread, than when it is sent
   */
  <T> T checked(T value) {
    if (!reference.reply()) {
      peer.check(value instanceof Request request ? request.message() : value);
    }
    return value;
  }

  private void arm() {
    Arming arming = new Arming();
    synchronized (this) {
      if (armed != null || credit == 0 || released) {
        return;
      }
      armed = arming;
    }
    Pending waiting = outbound.takeAsync(arming);
    synchronized (this) {
      arming.waiting = waiting;
    }
    releaseIfIdle();
  }

  private synchronized void disarm(Arming arming, int spent) {
    if (armed == arming) {
      armed = null;
      credit -= spent;
    }
  }

  private void send(Arming arming, Object value) {
    if (reference.reply()) {
      answer(value);
      return;
    }
    int spent = 0;
    try {
      Parcel parcel = value instanceof Request request ? peer.pack(request) : peer.pack(value);
      settle(parcel, tell(forward(value, parcel)));
      spent = 1;
    } catch (CodecException | PeerLostException e) {
      refuse(value, e);
    }
    // not before the value was sent: neither a close nor the release must overtake it
    disarm(arming, spent);
    arm();
    tellCloseIfDrained();
    releaseIfIdle();
  }

  private Message forward(Object value, Parcel parcel) {
    if (value instanceof Request request) {
      long deadline = request.deadline().exists() ? request.deadline().remaining().toMillis() : -1;
      return new Message.Forward(reference.guid(), parcel.body(), true, deadline, 0);
    }
    return new Message.Forward(reference.guid(), parcel.body(), false, -1, 0);
  }

  /** The one put that a reply channel is good for: with it, both sides forget the channel. */
  private void answer(Object value) {
    Parcel parcel;
    try {
      parcel = packedAnswer(value);
    } catch (PeerLostException e) {
      return; // it has ended with all others
    }
    boolean told;
    synchronized (this) {
      told = tell(new Message.Forward(reference.guid(), parcel.body(), false, -1, received));
      released = true;
      peer.forget(this);
    }
    settle(parcel, told);
    outbound.close();
    inbound.close();
  }

  private Parcel packedAnswer(Object value) {
    try {
      return peer.pack(value);
    } catch (CodecException e) {
      return peer.pack(error(e));
    }
  }

  /** A value that was accepted and cannot be sent: whoever waits for an answer to it gets one. */
  private void refuse(Object value, RuntimeException why) {
    WritePort<Object> reply = value instanceof Request request ? request.replyTo() : null;
    if (why instanceof PeerLostException && reply instanceof Channel<?> channel) {
      channel.close(why);
    } else if (reply == null || !reply.offer(error(why))) {
      Uncaught.report("a value put to " + outbound, why);
    }
  }

  private static Map<String, ?> error(RuntimeException why) {
    return Map.of(
        "error", new CallError.InvalidArgument(String.valueOf(why.getMessage())).toData());
  }

  void credit(int puts) {
    synchronized (this) {
      credit = Math.min(peer.window(), credit + puts);
    }
    arm();
  }

  // ---- taking

  @Override
  public void refresh() {
    // what has come is in inbound; whoever looks there may have taken the last of it
    if (finished) {
      releaseIfIdle();
    }
  }

  @Override
  public void demandChanged() {
    synchronized (this) {
      int wanted = inbound.isClosed() ? 0 : inbound.waitingTakers();
      int difference = wanted - asked;
      asked = wanted;
      if (difference > 0) {
        tell(new Message.Take(reference.guid(), difference));
      } else if (difference < 0) {
        tell(new Message.Untake(reference.guid(), -difference));
      }
    }
    releaseIfIdle();
  }

  /**
   * Gives a value that came to whoever waits for it.
   *
   * @return false if this was released: the value is to go home as it came
   */
  boolean value(Object value) {
    synchronized (this) {
      if (released) {
        return leftovers.isEmpty() ? false : leftovers.add(value);
      }
      seen++;
      asked = Math.max(0, asked - 1);
      pins++;
    }
    if (!inbound.offer(value)) {
      sendHome(value);
    }
    unpin();
    return true;
  }

  private void sendHome(Object value) {
    Parcel parcel;
    try {
      parcel = peer.pack(value);
    } catch (PeerLostException e) {
      return; // nobody is there to have it
    }
    boolean told;
    synchronized (this) {
      told = tell(new Message.Home(reference.guid(), parcel.body()));
      seen--;
    }
    settle(parcel, told);
  }

  // ---- closing

  void closeHere(@Nullable Throwable cause) {
    synchronized (this) {
      if (outbound.isClosed()) {
        return;
      }
      closeUntold = true;
      closeCause = cause;
    }
    // if a handler waits there, this ends it, and so tells the owner
    if (cause == null) {
      outbound.close();
    } else {
      outbound.close(cause);
    }
    tellCloseIfDrained();
  }

  private void tellCloseIfDrained() {
    boolean nobodyElseWill;
    synchronized (this) {
      nobodyElseWill = armed == null && outbound.isDrained();
    }
    if (nobodyElseWill) {
      tellClose();
    }
  }

  /** Everything that was put before the close has been sent. */
  private synchronized void tellClose() {
    if (closeUntold) {
      closeUntold = false;
      tell(new Message.Close(reference.guid(), Cause.of(closeCause)));
    }
  }

  void cancelHere(@Nullable Throwable cause) {
    boolean first = !inbound.isClosed();
    if (cause == null) {
      outbound.cancel();
      inbound.close();
    } else {
      outbound.cancel(cause);
      inbound.close(cause);
    }
    if (pin()) {
      if (first) {
        tell(new Message.Cancel(reference.guid(), Cause.of(cause)));
      }
      // what nobody took is undelivered there, where the channel's hook is
      inbound.drain(Integer.MAX_VALUE).forEach(this::sendHome);
      unpin();
    }
  }

  void closedThere(@Nullable Cause cause, boolean drained) {
    boolean ends = drained || !reference.rights().take();
    if (cause == null) {
      outbound.cancel();
    } else {
      outbound.cancel(cause.toException());
    }
    if (!ends) {
      return;
    }
    if (cause == null) {
      inbound.close();
    } else {
      inbound.close(cause.toException());
    }
    synchronized (this) {
      finished = true;
    }
    releaseIfIdle();
  }

  void lose(PeerLostException lost) {
    synchronized (this) {
      released = true;
    }
    outbound.cancel(lost);
    inbound.close(lost);
  }

  // ---- letting go

  /**
   * Keeps the name alive while it stands in a body that is not sent yet.
   *
   * @return false if it was released
   */
  synchronized boolean pin() {
    if (released) {
      return false;
    }
    pins++;
    return true;
  }

  @Override
  public void sent() {
    unpin();
  }

  @Override
  public void dropped() {
    unpin();
  }

  private void unpin() {
    synchronized (this) {
      pins--;
    }
    releaseIfIdle();
  }

  private void faceCollected() {
    synchronized (this) {
      abandoned = face.get() == null;
    }
    releaseIfIdle();
  }

  private void releaseIfIdle() {
    synchronized (this) {
      if (released || pins > 0 || !(isOver() || isLetGo())) {
        return;
      }
      released = true;
      leftovers.addAll(inbound.drain(Integer.MAX_VALUE));
      peer.say(new Message.Release(reference.guid(), received, seen - leftovers.size()));
    }
    outbound.cancel();
    inbound.close();
    sendLeftoversHome();
  }

  /** Sends home what the release had not seen, in order, also what comes meanwhile. */
  private void sendLeftoversHome() {
    while (true) {
      Object first;
      synchronized (this) {
        first = leftovers.peek();
        if (first == null) {
          peer.forget(this);
          return;
        }
      }
      followHome(first);
      synchronized (this) {
        leftovers.remove();
      }
    }
  }

  /** Whether the owner has finished and nothing is left to send it, nor to be taken here. */
  private boolean isOver() {
    return finished && armed == null && inbound.buffered() == 0;
  }

  /**
   * Whether nobody here can put or take any more, and nothing is on its way out: a handler that
   * waits is withdrawn, one that does not has a value in its hands.
   */
  private boolean isLetGo() {
    if (!abandoned || closeUntold || inbound.waitingTakers() > 0 || outbound.waitingPutters() > 0) {
      return false;
    }
    Arming handler = armed;
    return handler == null || (handler.waiting != null && handler.waiting.withdraw());
  }

  /** Sends a value after the release, whose count of what was seen makes the owner wait for it. */
  private void followHome(Object value) {
    try {
      Parcel parcel = peer.pack(value);
      peer.say(new Message.Home(reference.guid(), parcel.body()));
      parcel.sent();
    } catch (PeerLostException e) {
      // nobody is there to have it
    }
  }

  /** Outbound's feed: it has no demand to hear of. */
  private enum Quiet implements Feed {
    FEED;

    @Override
    public void refresh() {}

    @Override
    public void demandChanged() {}
  }
}
