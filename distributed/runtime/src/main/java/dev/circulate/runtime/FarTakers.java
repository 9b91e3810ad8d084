package dev.circulate.runtime;

import dev.circulate.PeerLostException;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.internal.TakeHandler;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.ProtocolException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The takers that wait on the other side for values of a channel of ours: takes for them, and sends
 * what came.
 *
 * <p>One take is under way at a time, so that values leave in order; no thread waits. A taker may
 * give up while it is: then the take is withdrawn, or its value given back to the channel.
 *
 * <p>A value that cannot be sent ends the channel for those takers, though more may be left in it
 * for others: none of them may have a later value instead.
 */
final class FarTakers {
  /**
   * A take for the other side, from before it begins until its value was sent. Whichever comes
   * second of its end and the return of whoever began it looks for the next: so values that are
   * there already are sent in a loop, and not each deeper in the stack than the one before.
   */
  private final class Taking implements TakeHandler<Object> {
    /** What withdraws it; null until that is known. Guarded by the takers. */
    private @Nullable Pending waiting;

    /** Whether it is over; guarded by the takers. */
    private boolean over;

    @Override
    public void taken(Object value) {
      deliver(this, value);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      over(this);
    }
  }

  private final Voice peer;
  private final Reference reference;
  private final LocalChannel<Object> channel;
  private final Runnable finished;
  private final BiConsumer<Object, Throwable> cannotBeSent;
  private final Executor inOrder;

  // what follows is guarded by this

  /** Values sent, or about to be, that did not come home. */
  private long outstanding;

  /** Takers on the other side that no value was sent for. */
  private int wanted;

  /** The take that is under way for them; null if there is none. */
  private @Nullable Taking taking;

  /** Why a value could not be sent; null if all could. Written under the lock, read without. */
  private volatile @Nullable Throwable failure;

  /**
   * No taker yet.
   *
   * @param finished told when nothing more will be sent and no take is under way
   * @param cannotBeSent told which value cannot cross, and why
   * @param inOrder does what may run the program's code
   */
  FarTakers(
      Voice peer,
      Reference reference,
      LocalChannel<Object> channel,
      Runnable finished,
      BiConsumer<Object, Throwable> cannotBeSent,
      Executor inOrder) {
    this.peer = peer;
    this.reference = reference;
    this.channel = channel;
    this.finished = finished;
    this.cannotBeSent = cannotBeSent;
    this.inOrder = inOrder;
  }

  LocalChannel<Object> channel() {
    return channel;
  }

  /** Whether a take is under way, which may have a value in its hands. */
  synchronized boolean areTaking() {
    return taking != null;
  }

  /** Whether no value will be taken for them any more. */
  boolean areFinished() {
    return failure != null || channel.isDrained();
  }

  /** Why a value could not be sent, so that none is taken any more; null if all could. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** There are that many more. */
  void add(int more) {
    synchronized (this) {
      int most = Export.mostUnderWay(peer);
      if ((long) wanted + more > most) {
        throw new ProtocolException("more than " + most + " takes asked of " + reference.guid());
      }
      wanted += more;
    }
    takeAgain();
  }

  /** Withdraws that many, or as many as there are: how many it were. */
  int withdraw(int takers) {
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
    Taking unwanted;
    Pending waiting;
    synchronized (this) {
      unwanted = wanted == 0 ? taking : null;
      waiting = unwanted == null ? null : unwanted.waiting;
    }
    if (unwanted != null && waiting != null && waiting.withdraw()) {
      over(unwanted);
    }
  }

  private void takeAgain() {
    for (Taking next = next(); next != null; next = next()) {
      Pending waiting = channel.takeAsync(next);
      synchronized (this) {
        next.waiting = waiting;
        if (!next.over) {
          break;
        }
        taking = null;
      }
      if (tellIfFinished()) {
        return;
      }
    }
    withdrawTaking(); // those that it was for may have given up before it could be withdrawn
  }

  /** The take that begins now; null if nobody wants one, or may have one, or one is under way. */
  private synchronized @Nullable Taking next() {
    if (wanted == 0 || failure != null || taking != null) {
      return null;
    }
    taking = new Taking();
    return taking;
  }

  private boolean tellIfFinished() {
    boolean areFinished = areFinished();
    if (areFinished) {
      finished.run();
    }
    return areFinished;
  }

  private void deliver(Taking taking, Object value) {
    boolean wantedStill;
    synchronized (this) {
      wantedStill = wanted > 0;
      if (wantedStill) {
        wanted--;
        outstanding++;
      }
    }
    if (wantedStill) {
      send(taking, value);
    } else {
      endWith(taking, () -> channel.giveBack(value));
    }
  }

  /** Ends the take after something: that nothing more comes must not overtake the value. */
  private void endWith(Taking taking, Runnable last) {
    inOrder.execute(
        () -> {
          last.run();
          over(taking);
        });
  }

  private void send(Taking taking, Object value) {
    try {
      Parcel parcel = peer.pack(value);
      peer.say(
          new Message.Value(reference.guid(), parcel.body()),
          parcel.length(),
          () -> channel.lost(value));
      parcel.sent();
    } catch (CodecException e) {
      fail(e);
      endWith(taking, () -> cannotBeSent.accept(value, e));
      return;
    } catch (PeerLostException e) {
      settleHome();
      endWith(taking, () -> channel.giveBack(value));
      return;
    }
    over(taking);
  }

  /** A take is over. */
  private void over(Taking ended) {
    synchronized (this) {
      ended.over = true;
      if (ended.waiting == null) {
        return; // whoever began it goes on
      }
      taking = null;
    }
    if (!tellIfFinished()) {
      takeAgain();
    }
  }

  /** A value cannot be sent: whoever it was for is a taker still, and may give up as any. */
  private synchronized void fail(Throwable why) {
    settleHome();
    wanted++;
    failure = why;
  }

  /** One value less is outstanding: it came home, or was never sent. */
  synchronized void settleHome() {
    if (outstanding == 0) {
      throw new ProtocolException("a value came home that was not sent to " + reference.guid());
    }
    outstanding--;
  }
}
