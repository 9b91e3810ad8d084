package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.PeerLostException;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutHandler;
import dev.circulate.internal.TakeHandler;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Message.Cause;
import dev.circulate.runtime.session.ProtocolException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A channel of ours that the peer holds a proxy for: does to the channel what the proxy's holder
 * asks, within the rights that it was given with, and tells the holder what becomes of it.
 *
 * <p>No thread waits here. Values that arrive are put with a handler each, in the order in which
 * they came, and wait in the channel's own queue; their number is bounded by the window. For the
 * takers that wait on the other side one take is under way at a time, so that values leave in
 * order.
 */
final class Export {
  private final Voice peer;
  private final Reference reference;
  private final Object port;
  private final @Nullable LocalChannel<Object> puts;
  private final @Nullable LocalChannel<Object> takes;
  private final @Nullable Channel<?> whole;

  /** How often the peer was given this channel and has not released it; guarded by the tables. */
  int given;

  /** Values sent that neither came home nor were counted by a release; guarded by this. */
  private long outstanding;

  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();

  /** Takers on the other side that no value was sent for; guarded by this. */
  private int wanted;

  /** Whether a take is under way for them; guarded by this. */
  private boolean busy;

  /** What withdraws that take, once it is known to wait; guarded by this. */
  private @Nullable Pending taking;

  private Pending watch = Pending.DONE;

  Export(
      Voice peer,
      Reference reference,
      Object port,
      @Nullable LocalChannel<Object> puts,
      @Nullable LocalChannel<Object> takes,
      @Nullable Channel<?> whole) {
    this.peer = peer;
    this.reference = reference;
    this.port = port;
    this.puts = puts;
    this.takes = takes;
    this.whole = whole;
  }

  /** Begins to tell the holder when the channel closes. */
  void watch() {
    LocalChannel<Object> side = puts != null ? puts : takes;
    if (side != null) {
      watch = side.onClose(() -> tellClosed(side));
    }
  }

  Reference reference() {
    return reference;
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

  private void tellClosed(LocalChannel<Object> side) {
    boolean drained;
    synchronized (this) {
      // a take that is under way may have a value in its hands, and will tell when it is over
      drained = takes == null || (!busy && takes.isDrained());
    }
    peer.say(new Message.Closed(reference.guid(), Cause.of(side.closeCause()), drained));
  }

  // ---- what the holder asks

  void forward(Object value) {
    if (puts == null) {
      throw beyondRights("put");
    }
    if (waiting.incrementAndGet() > peer.window()) {
      throw new ProtocolException(
          "more than " + peer.window() + " values on the way to " + reference.guid());
    }
    LocalChannel<Object> channel = puts;
    channel.putAsync(
        value,
        new PutHandler() {
          @Override
          public void accepted() {
            waiting.decrementAndGet();
            grant();
          }

          @Override
          public void refused() {
            waiting.decrementAndGet();
            channel.undelivered(value);
          }
        });
  }

  /** Gives the holder its credit back, half a window at a time. */
  private void grant() {
    if (reference.reply()) {
      return;
    }
    int half = Math.max(1, peer.window() / 2);
    int credit = accepted.incrementAndGet();
    if (credit >= half && accepted.compareAndSet(credit, 0)) {
      peer.say(new Message.Credit(reference.guid(), credit));
    }
  }

  void take(int takers) {
    if (takes == null) {
      throw beyondRights("take");
    }
    synchronized (this) {
      wanted = Math.addExact(wanted, takers);
    }
    takeAgain();
  }

  void untake(int takers) {
    Pending withdrawn = Pending.DONE;
    synchronized (this) {
      wanted = Math.max(0, wanted - takers);
      if (wanted == 0 && taking != null) {
        withdrawn = taking;
      }
    }
    if (withdrawn.withdraw()) {
      over();
      takeAgain();
    }
  }

  private void takeNext(LocalChannel<Object> channel) {
    Pending begun =
        channel.takeAsync(
            new TakeHandler<>() {
              @Override
              public void taken(Object value) {
                deliver(channel, value);
              }

              @Override
              public void ended(@Nullable Throwable cause) {
                over();
                peer.say(new Message.Closed(reference.guid(), Cause.of(cause), true));
              }
            });
    boolean unwanted = false;
    synchronized (this) {
      if (busy && taking == null) {
        taking = begun;
        unwanted = wanted == 0;
      }
    }
    if (unwanted) {
      untake(0);
    }
  }

  private void deliver(LocalChannel<Object> channel, Object value) {
    boolean wantedStill;
    synchronized (this) {
      wantedStill = wanted > 0;
      wanted = Math.max(0, wanted - 1);
    }
    if (wantedStill) {
      send(channel, value);
    } else {
      channel.giveBack(value);
    }
    over(); // not before the value was sent: that the channel is drained must not overtake it
    if (channel.isDrained()) {
      peer.say(new Message.Closed(reference.guid(), Cause.of(channel.closeCause()), true));
    }
    takeAgain();
  }

  private void send(LocalChannel<Object> channel, Object value) {
    try {
      Object body = peer.body(value);
      synchronized (this) {
        outstanding++;
      }
      peer.say(new Message.Value(reference.guid(), body));
    } catch (CodecException e) {
      channel.undelivered(value);
      close(e);
    }
  }

  private void takeAgain() {
    synchronized (this) {
      if (wanted == 0 || busy) {
        return;
      }
      busy = true;
    }
    if (takes != null) {
      takeNext(takes);
    }
  }

  private synchronized void over() {
    busy = false;
    taking = null;
  }

  void home(Object value) {
    if (takes == null) {
      throw beyondRights("give back");
    }
    takes.giveBack(value);
    synchronized (this) {
      outstanding--;
    }
  }

  /** Takes note of what a holder that forgot the channel had seen of it. */
  synchronized void released(long seen) {
    outstanding -= seen;
  }

  /** Whether values are on their way that the holder will send home. */
  synchronized boolean awaitsValues() {
    return outstanding > 0;
  }

  void close(@Nullable Cause cause) {
    Channel<?> channel = closable();
    if (cause == null) {
      channel.close();
    } else {
      channel.close(cause.toException());
    }
  }

  private void close(Throwable cause) {
    if (whole != null) {
      whole.close(cause);
    } else if (takes != null) {
      takes.close(cause);
    }
  }

  void cancel(@Nullable Cause cause) {
    Channel<?> channel = closable();
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
    watch.withdraw();
    Pending withdrawn;
    synchronized (this) {
      wanted = 0;
      withdrawn = taking == null ? Pending.DONE : taking;
    }
    withdrawn.withdraw();
  }

  /** The peer is gone: who waits here for its answer is told. */
  void lose(PeerLostException lost) {
    end();
    if (reference.reply() && whole != null) {
      whole.close(lost);
    }
  }

  @Override
  public String toString() {
    return "export " + reference;
  }
}
