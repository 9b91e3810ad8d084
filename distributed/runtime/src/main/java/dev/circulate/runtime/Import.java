package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.Feed;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.TakeHandler;
import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Message.Cause;
import dev.circulate.service.CallError;
import dev.circulate.service.Request;
import java.lang.ref.WeakReference;
import java.util.Map;
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
 */
final class Import implements Feed {
  private final Voice peer;
  private final Reference reference;
  final LocalChannel<Object> outbound;
  final LocalChannel<Object> inbound;
  private WeakReference<@Nullable ProxyChannel<?>> face = new WeakReference<>(null);

  /** How often the peer gave us this channel; guarded by the tables. */
  int received;

  /** How many more values may be sent; guarded by this. */
  private int credit;

  /** Whether a handler waits at outbound; guarded by this. */
  private boolean armed;

  /** How many values the owner was asked for; guarded by this. */
  private int asked;

  /** How many values came; guarded by this. */
  private long seen;

  /** Whether the owner is still to be told that the channel is closed; guarded by this. */
  private boolean closeUntold;

  private @Nullable Throwable closeCause;

  /** Whether the program has let go of every face; guarded by this. */
  private boolean abandoned;

  Import(Voice peer, Reference reference, String peerName) {
    this.peer = peer;
    this.reference = reference;
    this.credit = reference.reply() ? 1 : peer.window();
    String name = reference.guid() + " of " + peerName;
    this.outbound = LocalChannel.fed(new Buffer.Rendezvous(), name, null, Quiet.FEED);
    this.inbound = LocalChannel.fed(new Buffer.Unbounded(), name, null, this);
  }

  /** Begins to send on what is put. */
  void start() {
    if (reference.rights().put()) {
      arm();
    }
  }

  Reference reference() {
    return reference;
  }

  /** The face that a program holds, made anew if it let go of the last. */
  synchronized ProxyChannel<?> face() {
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
    synchronized (this) {
      if (armed || credit == 0) {
        return;
      }
      armed = true;
    }
    outbound.takeAsync(
        new TakeHandler<>() {
          @Override
          public void taken(Object value) {
            send(value);
          }

          @Override
          public void ended(@Nullable Throwable cause) {
            tellClose();
          }
        });
  }

  private void send(Object value) {
    if (reference.reply()) {
      answer(value);
      return;
    }
    int cost = 1;
    try {
      peer.say(forward(value));
    } catch (CodecException e) {
      refuse(value, e);
      cost = 0;
    }
    synchronized (this) {
      // not before the value was sent: a close must not overtake it
      armed = false;
      credit -= cost;
    }
    arm();
    tellCloseIfDrained();
    releaseIfIdle();
  }

  /** The one put that a reply channel is good for: with it, both sides forget the channel. */
  private void answer(Object value) {
    Object body;
    try {
      body = peer.body(value);
    } catch (CodecException e) {
      body = peer.body(error(e));
    }
    int released = peer.forget(this);
    if (released > 0) {
      peer.say(new Message.Forward(reference.guid(), body, false, -1, released));
    }
    outbound.close();
    inbound.close();
  }

  private Message forward(Object value) {
    if (value instanceof Request request) {
      long deadline = request.deadline().exists() ? request.deadline().remaining().toMillis() : -1;
      return new Message.Forward(reference.guid(), peer.body(request), true, deadline, 0);
    }
    return new Message.Forward(reference.guid(), peer.body(value), false, -1, 0);
  }

  /** A value that was accepted and cannot be sent: whoever waits for an answer to it gets one. */
  private void refuse(Object value, CodecException why) {
    WritePort<Object> reply = value instanceof Request request ? request.replyTo() : null;
    if (reply == null || !reply.offer(error(why))) {
      Uncaught.report("a value put to " + outbound, why);
    }
  }

  private static Map<String, ?> error(CodecException why) {
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
    // what has come is in inbound; to wait is to ask for more
  }

  @Override
  public void demandChanged() {
    int difference;
    synchronized (this) {
      int wanted = inbound.isClosed() ? 0 : inbound.waitingTakers();
      difference = wanted - asked;
      asked = wanted;
      if (difference > 0) {
        peer.say(new Message.Take(reference.guid(), difference));
      } else if (difference < 0) {
        peer.say(new Message.Untake(reference.guid(), -difference));
      }
    }
    releaseIfIdle();
  }

  void value(Object value) {
    synchronized (this) {
      seen++;
      asked = Math.max(0, asked - 1);
    }
    if (!inbound.offer(value)) {
      peer.say(new Message.Home(reference.guid(), peer.body(value)));
    }
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
      nobodyElseWill = !armed && outbound.isDrained();
    }
    if (nobodyElseWill) {
      tellClose();
    }
  }

  /** Everything that was put before the close has been sent. */
  private void tellClose() {
    synchronized (this) {
      if (!closeUntold) {
        return;
      }
      closeUntold = false;
    }
    peer.say(new Message.Close(reference.guid(), Cause.of(closeCause)));
  }

  void cancelHere(@Nullable Throwable cause) {
    boolean told = inbound.isClosed();
    if (cause == null) {
      outbound.cancel();
      inbound.cancel();
    } else {
      outbound.cancel(cause);
      inbound.cancel(cause);
    }
    if (!told) {
      peer.say(new Message.Cancel(reference.guid(), Cause.of(cause)));
    }
  }

  void closedThere(@Nullable Cause cause, boolean drained) {
    if (cause == null) {
      outbound.cancel();
    } else {
      outbound.cancel(cause.toException());
    }
    if (drained || !reference.rights().take()) {
      if (cause == null) {
        inbound.close();
      } else {
        inbound.close(cause.toException());
      }
      release();
    }
  }

  void lose(PeerLostException lost) {
    outbound.cancel(lost);
    inbound.close(lost);
  }

  // ---- letting go

  private void faceCollected() {
    synchronized (this) {
      abandoned = face.get() == null;
    }
    releaseIfIdle();
  }

  private void releaseIfIdle() {
    synchronized (this) {
      if (!abandoned || inbound.waitingTakers() > 0 || outbound.waitingPutters() > 0) {
        return;
      }
      abandoned = false;
    }
    for (Object value : inbound.drain(Integer.MAX_VALUE).reversed()) {
      peer.say(new Message.Home(reference.guid(), peer.body(value)));
    }
    release();
  }

  private void release() {
    int count = peer.forget(this);
    if (count > 0) {
      long values;
      synchronized (this) {
        values = seen;
      }
      peer.say(new Message.Release(reference.guid(), count, values));
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
