package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
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
import dev.circulate.runtime.session.Session;
import dev.circulate.service.CallError;
import dev.circulate.service.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
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
  /** A take for the other side, from before it begins until its value was sent. */
  private final class Taking implements TakeHandler<Object> {
    private final LocalChannel<Object> channel;

    /** What withdraws it; null until that is known. Guarded by the export. */
    private @Nullable Pending waiting;

    Taking(LocalChannel<Object> channel) {
      this.channel = channel;
    }

    @Override
    public void taken(Object value) {
      deliver(channel, value);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      over(channel);
    }
  }

  private final Voice peer;
  private final Reference reference;
  private final Object identity;
  private final Object port;
  private final @Nullable LocalChannel<Object> puts;
  private final @Nullable LocalChannel<Object> takes;
  private final @Nullable Channel<?> whole;

  /** How often the peer was given this channel and has not released it; guarded by the tables. */
  int given;

  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();

  // what follows is guarded by this

  /** Values sent, or about to be, that did not come home. */
  private long outstanding;

  /** How many windows of values may wait in the channel's queue for its takers. */
  private int windows = 1;

  /** Takers on the other side that no value was sent for. */
  private int wanted;

  /** The take that is under way for them; null if there is none. */
  private @Nullable Taking taking;

  /** What withdraws the watches for the channel's end; null until its name was sent. */
  private @Nullable List<Pending> watches;

  /** Whether the holder was told that nothing more will come. */
  private boolean endTold;

  /** Whether the peer has released it, or is gone. */
  private boolean ended;

  Export(
      Voice peer,
      Reference reference,
      Object identity,
      Object port,
      @Nullable LocalChannel<Object> puts,
      @Nullable LocalChannel<Object> takes,
      @Nullable Channel<?> whole) {
    this.peer = peer;
    this.reference = reference;
    this.identity = identity;
    this.port = port;
    this.puts = puts;
    this.takes = takes;
    this.whole = whole;
  }

  /**
   * The channel's name has been sent: from now on the holder is told when the channel closes and
   * when it has ended, and at once if it has. Not before: the holder would not know what is spoken
   * of. A channel that is given again is told of again, since the holder may have released it
   * because it is closed.
   */
  void announce() {
    boolean first;
    synchronized (this) {
      first = watches == null;
      if (first) {
        watches = new ArrayList<>(2);
      }
      endTold = false;
    }
    if (first) {
      watchWith(puts != null ? puts : takes, LocalChannel::onClose);
      watchWith(takes, LocalChannel::onEnd);
    } else {
      tellClosed();
    }
  }

  private void watchWith(
      @Nullable LocalChannel<Object> side,
      BiFunction<LocalChannel<Object>, Runnable, Pending> watch) {
    if (side == null) {
      return;
    }
    Pending begun = watch.apply(side, this::tellClosed);
    synchronized (this) {
      if (!ended) {
        Objects.requireNonNull(watches, "this was announced").add(begun);
        return;
      }
    }
    begun.withdraw();
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

  /** Tells the holder what has become of the channel, if it is closed; the end only once. */
  private void tellClosed() {
    LocalChannel<Object> side = puts != null ? puts : takes;
    if (side == null || !side.isClosed()) {
      return;
    }
    boolean empty = takes == null || takes.isDrained();
    synchronized (this) {
      // a take that is under way may have a value in its hands, and will tell when it is over
      boolean drained = empty && taking == null;
      if (!endTold && !ended) {
        endTold = drained;
        peer.say(new Message.Closed(reference.guid(), Cause.of(side.closeCause()), drained));
      }
    }
  }

  // ---- what the holder asks

  void forward(Object value) {
    if (puts == null) {
      throw beyondRights("put");
    }
    synchronized (this) {
      int window = mostUnderWay();
      if (waiting.incrementAndGet() > (long) window * windows) {
        throw new ProtocolException(
            "more than " + window + " values on the way to " + reference.guid());
      }
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
            if (value instanceof Request request) {
              tellRefused(request);
            }
            channel.undelivered(value);
          }
        });
  }

  /** The channel was closed while a request was on its way: nobody else will answer that. */
  private void tellRefused(Request request) {
    WritePort<Object> reply = request.replyTo();
    if (reply != null) {
      CallError closed =
          new CallError.UnknownService(
              "'" + request.command() + "' was not accepted: the service's channel is closed");
      reply.offer(Map.of("error", closed.toData()));
    }
  }

  /** A holder that has not heard our hello yet may have begun with the window that is untold. */
  private int mostUnderWay() {
    return Math.max(peer.window(), Session.UNTOLD_WINDOW);
  }

  /** Takes note of a value that was not put, and is answered for. */
  void refused() {
    grant();
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
      if (wanted > mostUnderWay()) {
        throw new ProtocolException(
            "more than " + mostUnderWay() + " takes asked of " + reference.guid());
      }
    }
    takeAgain();
  }

  void untake(int takers) {
    if (takes == null) {
      throw beyondRights("take");
    }
    peer.say(new Message.Untaken(reference.guid(), withdraw(takers)));
  }

  /** Withdraws that many takers of the other side's, or as many as there are: how many it were. */
  private int withdraw(int takers) {
    int withdrawn;
    synchronized (this) {
      withdrawn = Math.min(wanted, takers);
      wanted -= withdrawn;
    }
    withdrawTaking();
    return withdrawn;
  }

  /** Withdraws the take that is under way if nobody wants it. */
  private void withdrawTaking() {
    Pending unwanted;
    synchronized (this) {
      unwanted = wanted == 0 && taking != null ? taking.waiting : null;
    }
    if (unwanted != null && unwanted.withdraw()) {
      over(takes);
    }
  }

  private void deliver(LocalChannel<Object> channel, Object value) {
    boolean wantedStill;
    synchronized (this) {
      wantedStill = wanted > 0;
      if (wantedStill) {
        wanted--;
        outstanding++;
      }
    }
    if (wantedStill) {
      send(channel, value);
    } else {
      channel.giveBack(value);
    }
    // not before the value was sent: that the channel is drained must not overtake it
    over(channel);
  }

  private void send(LocalChannel<Object> channel, Object value) {
    try {
      Parcel parcel = peer.pack(value);
      peer.say(
          new Message.Value(reference.guid(), parcel.body()), () -> channel.undelivered(value));
      parcel.sent();
    } catch (CodecException e) {
      settleHome();
      channel.undelivered(value);
      close(e);
    } catch (PeerLostException e) {
      settleHome();
      channel.giveBack(value);
    }
  }

  private void takeAgain() {
    LocalChannel<Object> channel = takes;
    if (channel == null) {
      return;
    }
    Taking next = new Taking(channel);
    synchronized (this) {
      if (wanted == 0 || taking != null) {
        return;
      }
      taking = next;
    }
    Pending waiting = channel.takeAsync(next);
    synchronized (this) {
      next.waiting = waiting;
    }
    withdrawTaking(); // those that it was for may have given up before it could be withdrawn
  }

  /** The take that was under way is over. */
  private void over(@Nullable LocalChannel<Object> channel) {
    synchronized (this) {
      taking = null;
    }
    if (channel != null && channel.isDrained()) {
      tellClosed();
    } else {
      takeAgain();
    }
  }

  /** A value has come home, and is the next in line. */
  void home(Object value) {
    if (takes == null) {
      throw beyondRights("give back");
    }
    settleHome();
    takes.giveBack(value);
  }

  /** One value less is outstanding: it came home, or was never sent. */
  private synchronized void settleHome() {
    if (outstanding == 0) {
      throw new ProtocolException("a value came home that was not sent to " + reference.guid());
    }
    outstanding--;
  }

  /** Takes note of a holder that forgot the channel: it wants nothing any more. */
  void released() {
    synchronized (this) {
      // the channel's next proxy begins with a window of its own
      windows = 2;
    }
    withdraw(Integer.MAX_VALUE);
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
    List<Pending> withdrawn;
    synchronized (this) {
      ended = true;
      withdrawn = watches == null ? List.of() : watches;
    }
    withdrawn.forEach(Pending::withdraw);
    withdraw(Integer.MAX_VALUE);
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
