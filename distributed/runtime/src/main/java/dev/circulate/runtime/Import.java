package dev.circulate.runtime;

import dev.circulate.PeerLostException;
import dev.circulate.internal.Feed;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Message.Cause;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * A channel of the peer's that is held here. What is put leaves by its {@link Sender}; what is
 * taken comes by its {@link Receiver}. The {@link ProxyChannel} in a program's hands is a face over
 * both, held weakly, so that a program that lets go of it lets go of all.
 *
 * <p><b>The release</b> is the last message of the channel's, since the owner forgets its name with
 * it: every other message is said by {@link #tell}, which says nothing after it. It is due when the
 * owner's channel has <em>finished</em> (closed, and drained for those who may take), or when the
 * program has <em>abandoned</em> every face; and it waits as long as something is still to be said:
 *
 * <ul>
 *   <li>the sender may have a value in its hands, which it will send;
 *   <li>the owner may owe the answer to a withdrawal, also when values came for all that was asked;
 *   <li>a value that came is being offered to the takers, and may be refused and go home;
 *   <li>the name stands in a body that is not on its way yet (a proxy that is sent home).
 * </ul>
 *
 * <p>Whoever ends one of these looks again ({@link #releaseIfIdle}). Lock order: an import, then
 * the tables. No program's code runs under either.
 */
final class Import implements Feed, Parcel.Named {
  private final Voice peer;
  private final Reference reference;
  private final String peerName;
  private final Sender sender;
  private final Receiver receiver;

  // all that follows is guarded by this; finished is read without, too

  private final HeldFace face = new HeldFace();

  /** How often the peer gave us this channel. */
  private long received;

  /** How many values are being offered to takers, and names written but not sent. */
  private int pins;

  /** Whether the owner will send nothing any more. */
  private volatile boolean finished;

  /** Whether the program has let go of every face. */
  private boolean abandoned;

  private boolean released;

  Import(Voice peer, Reference reference, String peerName) {
    this.peer = peer;
    this.reference = reference;
    this.peerName = peerName;
    String name = reference.guid() + " of " + peerName;
    this.sender = new Sender(this, peer, name);
    this.receiver = new Receiver(this, peer, name);
  }

  Reference reference() {
    return reference;
  }

  /** Who has the channel, in words. */
  String peerName() {
    return peerName;
  }

  /** How the program's values leave. */
  Sender sender() {
    return sender;
  }

  /** How the owner's values come. */
  Receiver receiver() {
    return receiver;
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
      abandoned = false;
      given = face.given(this, canBeLetGo() ? this::letGo : null);
    }
    if (reference.rights().put()) {
      sender.arm();
    }
    return given;
  }

  /** Not one that is over with its answer, nor the root. */
  private boolean canBeLetGo() {
    return !reference.reply() && !isRoot();
  }

  /** Whether the session itself holds it, and never releases it. */
  private boolean isRoot() {
    return reference.guid().equals(Tables.ROOT);
  }

  /** Says something of this channel, unless the last was said. */
  boolean tell(Message message) {
    return tell(message, 0, Voice.NOTHING);
  }

  /** Says that the channel is over, if that is ours to say: otherwise it is over here only. */
  void tellOver(Message closing) {
    if (reference.rights().close()) {
      tell(closing);
    }
  }

  private synchronized boolean tell(Message message, int body, Runnable lost) {
    if (released) {
      return false;
    }
    peer.say(message, body, lost);
    return true;
  }

  /**
   * The same with a body, of which the channels are on their way or taken back.
   *
   * @param lost is run if the message does not arrive for sure
   */
  void tell(Parcel parcel, Message message, Runnable lost) {
    settle(parcel, tell(message, parcel.length(), lost), lost);
  }

  /**
   * Answers a request, with which both sides forget its reply channel; but its name may stand in a
   * body that is not on its way yet, and then the release follows that.
   */
  void tellAnswer(Parcel parcel, Runnable lost) {
    boolean told;
    synchronized (this) {
      boolean last = pins == 0;
      told =
          tell(
              new Message.Forward(reference.guid(), parcel.body(), false, -1, last ? received : 0),
              parcel.length(),
              lost);
      if (last) {
        released = true;
        peer.forget(this);
      } else {
        finished = true;
      }
    }
    settle(parcel, told, lost);
    receiver.close(null);
  }

  private static void settle(Parcel parcel, boolean told, Runnable lost) {
    parcel.settle(told);
    if (!told) {
      lost.run();
    }
  }

  // ---- taking

  @Override
  public void refresh() {
    // whoever looks for what has come may have taken the last of it
    if (finished) {
      releaseIfIdle();
      unwatchIfIdle();
    }
  }

  @Override
  public void demandChanged() {
    receiver.askAgain();
    releaseIfIdle();
  }

  // ---- closing

  void cancel(@Nullable Throwable cause) {
    boolean first = !receiver.inbound().isClosed();
    sender.refuse(cause);
    receiver.close(cause);
    if (pin()) {
      if (first) {
        tellOver(new Message.Cancel(reference.guid(), Cause.of(cause, peer.longestSentence())));
      }
      receiver.settle();
      unpin();
    }
  }

  void closedThere(@Nullable Cause cause, boolean drained) {
    Throwable thrown = cause == null ? null : cause.toException();
    sender.refuse(thrown);
    if (drained || !reference.rights().take()) {
      receiver.close(thrown);
      finished = true;
      releaseIfIdle();
    }
  }

  void lose(PeerLostException lost) {
    synchronized (this) {
      released = true;
    }
    finished = true;
    sender.refuse(lost);
    receiver.close(lost);
    loseLeftovers();
    unwatchIfIdle();
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

  /** What {@link #pin} was for is over. */
  void unpin() {
    synchronized (this) {
      pins--;
    }
    releaseIfIdle();
  }

  /** Told by a thread that all proxies share: what goes home is written by the program's code. */
  private void letGo() {
    if (receiver.hasLeftovers()) {
      peer.aside().add(this::faceCollected);
    } else {
      faceCollected();
    }
  }

  private void faceCollected() {
    synchronized (this) {
      abandoned = face.isLetGo();
    }
    loseLeftovers();
    releaseIfIdle();
  }

  /** What came from a peer that is gone by now, and that nobody can take, can go nowhere. */
  private void loseLeftovers() {
    boolean lost;
    synchronized (this) {
      lost = abandoned && released;
    }
    if (lost) {
      receiver.loseAll();
    }
  }

  /** The program lets go of every face, for those who cannot wait for a collector: simulations. */
  void abandon() {
    synchronized (this) {
      face.letGo();
    }
    faceCollected();
  }

  /** Says the release if it is due and nothing else is still to be said. */
  void releaseIfIdle() {
    while (isDueButForLeftovers()) {
      receiver.sendAllHome();
      synchronized (this) {
        pins--;
      }
    }
    synchronized (this) {
      if (released
          || pins > 0
          || receiver.isWithdrawing()
          || !(isOver() || (isLetGo() && sender.endIfIdle()))) {
        return;
      }
      released = true;
      peer.say(new Message.Release(reference.guid(), received));
    }
    sender.refuse(null);
    receiver.close(null);
    peer.forget(this);
    unwatchIfIdle();
  }

  /** Looks no longer whether the program holds a face, when nothing would be done about it. */
  private void unwatchIfIdle() {
    Cleaner.Cleanable ended;
    synchronized (this) {
      if (!released || receiver.hasLeftovers()) {
        return;
      }
      ended = face.unwatched();
    }
    ended.clean();
  }

  /** Not while something else is still to be said: whoever ends that looks again. */
  private synchronized boolean isDueButForLeftovers() {
    boolean due = !released && pins == 0 && isLetGo() && receiver.hasLeftovers();
    if (due) {
      pins++;
    }
    return due;
  }

  /** Whether the owner has finished and nothing is left to send it, nor to be taken here. */
  private boolean isOver() {
    return finished && !isRoot() && !sender.isSending() && !receiver.hasLeftovers();
  }

  /** Whether nobody here can put or take any more, and no value can come. */
  private boolean isLetGo() {
    return abandoned && receiver.isIdle();
  }
}
