package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.PeerLostException;
import dev.circulate.internal.LocalChannel;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Gets from the owner of a channel what those wait for who take from the proxy for it.
 *
 * <p>When a taker begins to wait at {@link #inbound} the owner is asked for a value; when one gives
 * up, the ask is withdrawn. Every ask ends in one of two ways, a value or the owner's word that it
 * was withdrawn, so {@link #asked} is exactly how many values can still come: never more than a
 * window of them, and none when it is zero. A withdrawal waits for the answer to the one before, so
 * takers that come and go cost no more than a message each way per round trip. A value that comes
 * too late for its taker stays in inbound for the next, and goes home when the proxy is let go. The
 * state is guarded by the {@link Import}.
 */
final class Receiver {
  private final Import held;
  private final Voice peer;
  private final Reference reference;
  private final LocalChannel<Object> inbound;

  /** How many values the owner was asked for that neither came nor were withdrawn for sure. */
  private int asked;

  /** How many of them are being withdrawn; the owner has not answered yet. */
  private int withdrawing;

  Receiver(Import held, Voice peer, String name) {
    this.held = held;
    this.peer = peer;
    this.reference = held.reference();
    this.inbound = LocalChannel.fed(new Buffer.Unbounded(), name, peer::undelivered, held);
  }

  /** Where the owner's values arrive. */
  LocalChannel<Object> inbound() {
    return inbound;
  }

  /** Asks for as many values as are waited for, and withdraws what nobody waits for any more. */
  void askAgain() {
    synchronized (held) {
      int wanted = inbound.isClosed() ? 0 : inbound.waitingTakers();
      int standing = Math.max(0, asked - withdrawing);
      int more = Math.min(wanted - standing, peer.window() - asked);
      if (more > 0) {
        asked += more;
        held.tell(new Message.Take(reference.guid(), more));
      } else if (wanted < standing && withdrawing == 0) {
        withdrawing = standing - wanted;
        held.tell(new Message.Untake(reference.guid(), withdrawing));
      }
    }
  }

  /** The owner has withdrawn so many of the asks that it was told to withdraw. */
  void untaken(int withdrawn) {
    synchronized (held) {
      if (withdrawn < 0 || withdrawn > Math.min(withdrawing, asked)) {
        throw new ProtocolException(
            "%d takes of %s withdrawn, where it was told to withdraw %d"
                .formatted(withdrawn, reference.guid(), withdrawing));
      }
      asked -= withdrawn;
      withdrawing = 0;
    }
    held.demandChanged();
  }

  /** Gives a value that came to whoever waits for it. */
  void value(Object value) {
    boolean pinned;
    synchronized (held) {
      if (asked == 0) {
        throw new ProtocolException("a value of " + reference.guid() + " that nobody asked for");
      }
      asked--;
      pinned = held.pin(); // not if the peer was lost meanwhile
    }
    if (!inbound.offer(value)) {
      sendHome(value);
    }
    askAgain();
    if (pinned) {
      held.unpin();
    }
  }

  private void sendHome(Object value) {
    Parcel parcel;
    try {
      parcel = peer.pack(value);
    } catch (CodecException | PeerLostException e) {
      peer.undelivered(value); // nobody is there to have it, or it cannot be told there
      return;
    }
    held.tell(
        parcel, new Message.Home(reference.guid(), parcel.body()), () -> peer.undelivered(value));
  }

  /** Sends home what no taker here wanted, the last first: each is then the next in line there. */
  void sendAllHome() {
    inbound.drain(Integer.MAX_VALUE).reversed().forEach(this::sendHome);
  }

  /** Gives nobody anything any more. */
  void close(@Nullable Throwable cause) {
    if (cause == null) {
      inbound.close();
    } else {
      inbound.close(cause);
    }
  }

  /** After a close: what came and was not taken has its end there. */
  void settle() {
    if (reference.rights().close()) {
      // what nobody took is undelivered there, where the channel's hook is
      inbound.drain(Integer.MAX_VALUE).forEach(this::sendHome);
    } else {
      sendAllHome();
      askAgain(); // whom the close has ended wants nothing from there any more
    }
  }

  /** What came from a peer that is gone by now, and that nobody can take, can go nowhere. */
  void loseAll() {
    inbound.drain(Integer.MAX_VALUE).forEach(peer::undelivered);
  }

  /** Whether a value that came has not been taken. */
  boolean hasLeftovers() {
    return inbound.buffered() > 0;
  }

  /** Whether the owner owes the answer to a withdrawal; the caller holds the import's lock. */
  boolean isWithdrawing() {
    return withdrawing > 0;
  }

  /** Whether nobody waits and no value can come; the caller holds the import's lock. */
  boolean isIdle() {
    return asked == 0 && inbound.waitingTakers() == 0;
  }
}
