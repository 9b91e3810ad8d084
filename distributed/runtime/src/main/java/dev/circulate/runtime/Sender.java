package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.Deadline;
import dev.circulate.PeerLostException;
import dev.circulate.WritePort;
import dev.circulate.internal.Headroom;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.internal.TakeHandler;
import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Message.Cause;
import dev.circulate.runtime.session.Sentence;
import dev.circulate.service.CallError;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends the owner of a channel what is put to the proxy for it.
 *
 * <p>Puts go into {@link #outbound}, a rendezvous. While there is credit, a handler waits there to
 * take, and sends on what it gets; without credit nobody takes, and putters wait. The owner gives
 * credit back for what its channel has accepted. So at most a window of values is on the way.
 *
 * <p>A close is told after all that was put before it: by the handler when it finds the end; where
 * no handler is there, by whoever closes if nobody waits, or else by the last of those who wait
 * when it gives up. The state is guarded by the {@link Import}.
 */
final class Sender {
  /**
   * A handler that waits at outbound, from before it does until the value it got was sent.
   * Whichever comes second of that and the return of whoever armed it arms the next: so many puts
   * that wait already are sent in a loop, and not each deeper in the stack than the one before.
   */
  private final class Arming implements TakeHandler<Object> {
    /** What withdraws it; null until that is known. */
    private @Nullable Pending waiting;

    /** Whether it got a value, and that was sent. */
    private boolean sent;

    @Override
    public void taken(Object value) {
      send(this, value);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      disarm(this, 0);
      tellClose();
      held.releaseIfIdle();
    }
  }

  private final Import held;
  private final Voice peer;
  private final Reference reference;
  private final LocalChannel<Object> outbound;

  /** How many more values may be sent. */
  private int credit;

  private @Nullable Arming armed;

  /** Whether the owner is still to be told that the channel was closed here. */
  private boolean closeUntold;

  private @Nullable Cause closeCause;

  Sender(Import held, Voice peer, String name) {
    this.held = held;
    this.peer = peer;
    this.reference = held.reference();
    this.credit = reference.reply() ? 1 : peer.window();
    this.outbound = LocalChannel.open(new Buffer.Rendezvous(), name, peer::undelivered);
  }

  /** Where the program puts. */
  LocalChannel<Object> outbound() {
    return outbound;
  }

  /**
   * Answers the value if it can be sent. An answer is not looked at: one that cannot be sent
   * becomes an error for who waits for it.
   *
   * @throws CodecException if it cannot: better now, in the putter's thread, than when it is sent
   */
  <T> T checked(T value) {
    Objects.requireNonNull(value, "null cannot be put into a channel");
    if (!reference.reply()) {
      peer.check(value instanceof Request request ? request.message() : value);
    }
    return value;
  }

  /** Waits for the next value, unless that is done already or there is no credit. */
  void arm() {
    for (Arming next = next(); next != null; next = next()) {
      Pending waiting = outbound.takeAsync(next);
      synchronized (held) {
        next.waiting = waiting;
        if (!next.sent) {
          break;
        }
      }
      tellCloseIfDrained();
    }
    held.releaseIfIdle();
  }

  private @Nullable Arming next() {
    synchronized (held) {
      if (armed != null || credit <= 0) {
        return null;
      }
      armed = new Arming();
      return armed;
    }
  }

  private void disarm(Arming arming, int spent) {
    synchronized (held) {
      if (armed == arming) {
        armed = null;
        credit -= spent;
      }
    }
  }

  private void send(Arming arming, Object value) {
    int spent = reference.reply() ? answer(value) : forward(value);
    boolean isArmersTurn;
    synchronized (held) {
      // not before the value was sent: neither a close nor the release must overtake it
      disarm(arming, spent);
      arming.sent = true;
      isArmersTurn = arming.waiting == null;
    }
    if (!isArmersTurn) {
      arm();
      tellCloseIfDrained();
      held.releaseIfIdle();
    }
  }

  /** Sends a value; answers what that cost. */
  private int forward(Object value) {
    try {
      if (value instanceof Request request) {
        Parcel parcel = peer.pack(request);
        long millis = millisFor(request.deadline());
        held.tell(
            parcel,
            new Message.Forward(reference.guid(), parcel.body(), true, millis, 0),
            request.replyTo() == null ? () -> peer.undelivered(request) : Voice.NOTHING);
      } else {
        Parcel parcel = peer.pack(value);
        held.tell(
            parcel,
            new Message.Forward(reference.guid(), parcel.body(), false, -1, 0),
            () -> peer.undelivered(value));
      }
      return 1;
    } catch (CodecException | PeerLostException e) {
      failed(value, e);
      return 0;
    }
  }

  /** How long the owner is told that the caller waits; -1 if it did not say. */
  private static long millisFor(Deadline deadline) {
    if (!deadline.exists()) {
      return -1;
    }
    Duration left = deadline.remaining();
    return Math.max(0, left.minus(Headroom.of(left)).toMillis());
  }

  /** The one put that a reply channel is good for. */
  private int answer(Object value) {
    try {
      held.tellAnswer(packedAnswer(value), () -> peer.undelivered(value));
    } catch (PeerLostException e) {
      peer.undelivered(value); // the caller's side is gone, and the reply channel with it
    }
    outbound.cancel(); // nobody takes what waits there: it was good for one put
    return 1;
  }

  private Parcel packedAnswer(Object value) {
    try {
      return peer.pack(value);
    } catch (CodecException e) {
      // not the caller's fault: the service gave what has no words
      return peer.pack(ErrorAnswer.of(new CallError.Internal(sentence(e))));
    }
  }

  /** A value that was accepted and cannot be sent: whoever waits for an answer to it gets one. */
  private void failed(Object value, RuntimeException why) {
    if (value instanceof Request request && tell(request, why)) {
      return;
    }
    if (!(why instanceof PeerLostException)) {
      Uncaught.report("a value put to " + outbound, why);
    }
    peer.undelivered(value);
  }

  /** Answers whether there is somebody who is told. */
  private boolean tell(Request request, RuntimeException why) {
    WritePort<Object> reply = request.replyTo();
    if (why instanceof PeerLostException lost) {
      if (reply instanceof Channel<?> channel) {
        channel.close(lost);
        return true;
      }
      return ErrorAnswer.tell(request, CallError.PeerLost.of("'" + request.command() + "'", lost));
    }
    return ErrorAnswer.tell(request, new CallError.InvalidArgument(sentence(why)));
  }

  /** What can be sent for certain, whatever a value's code has to say. */
  private String sentence(RuntimeException why) {
    return Sentence.of(String.valueOf(why.getMessage()), peer.longestSentence());
  }

  /** So many more values may be on the way than was thought, or fewer. */
  void widen(int by) {
    if (reference.reply()) {
      return;
    }
    synchronized (held) {
      credit += by;
    }
    arm();
  }

  void credit(int puts) {
    synchronized (held) {
      credit = (int) Math.min(peer.window(), (long) credit + puts);
    }
    arm();
  }

  /** Closes the channel, after what was put before. */
  void close(@Nullable Throwable cause) {
    // not under the lock: what a cause says is the program's code
    Cause told = Cause.of(cause, peer.longestSentence());
    synchronized (held) {
      if (outbound.isClosed()) {
        return;
      }
      closeUntold = true;
      closeCause = told;
    }
    // if a handler waits there, this ends it, and so tells the owner
    if (cause == null) {
      outbound.close();
    } else {
      outbound.close(cause);
    }
    outbound.onEnd(this::drained); // now, or when the last of what waits without credit gives up
  }

  private void drained() {
    tellCloseIfDrained();
    held.releaseIfIdle();
  }

  private void tellCloseIfDrained() {
    boolean drained = outbound.isDrained();
    synchronized (held) {
      if (drained && armed == null) {
        tellClose();
      }
    }
  }

  /** Everything that was put before the close has been sent. */
  private void tellClose() {
    synchronized (held) {
      if (closeUntold) {
        closeUntold = false;
        held.tellOver(new Message.Close(reference.guid(), closeCause));
      }
    }
  }

  /** Accepts no more, and refuses those who wait. */
  void refuse(@Nullable Throwable cause) {
    synchronized (held) {
      closeUntold = false; // whoever refuses has told the owner, or was told
    }
    if (cause == null) {
      outbound.cancel();
    } else {
      outbound.cancel(cause);
    }
  }

  /** Whether a value may still be sent; the caller holds the import's lock. */
  boolean isSending() {
    return armed != null;
  }

  /**
   * Ends the wait for values, unless there is something to be sent; the caller holds the import's
   * lock.
   *
   * @return whether nothing will be sent any more
   */
  boolean endIfIdle() {
    if (closeUntold || outbound.waitingPutters() > 0) {
      return false;
    }
    Arming handler = armed;
    // one that cannot be withdrawn has a value in its hands
    return handler == null || (handler.waiting != null && handler.waiting.withdraw());
  }
}
