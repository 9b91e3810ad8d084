package dev.circulate.runtime;

import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.Pending;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Message.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tells the holder of a channel of ours that it is closed, and that nothing more will come.
 *
 * <p>{@link FarTakers} are asked under this one's lock, and do not call this under theirs. Safe for
 * use by several threads.
 */
final class CloseNotice {
  private final Voice peer;
  private final Reference reference;
  private final LocalChannel<Object> side;
  private final @Nullable FarTakers takers;

  // what follows is guarded by this

  /** What withdraws the watches for the channel's end; null until its name was sent. */
  private @Nullable List<Pending> watches;

  /** Whether the holder was told that nothing more will come. */
  private boolean endTold;

  /** Whether the peer has released it, or is gone. */
  private boolean ended;

  /**
   * Watches nothing yet.
   *
   * @param side the channel, by whichever side of it the holder has
   * @param takers those that wait on the other side; null if none can
   */
  CloseNotice(
      Voice peer, Reference reference, LocalChannel<Object> side, @Nullable FarTakers takers) {
    this.peer = peer;
    this.reference = reference;
    this.side = side;
    this.takers = takers;
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
      watchWith(side, LocalChannel::onClose);
      if (takers != null) {
        watchWith(takers.channel(), LocalChannel::onEnd);
      }
    } else {
      tell();
    }
  }

  private void watchWith(
      LocalChannel<Object> watched, BiFunction<LocalChannel<Object>, Runnable, Pending> watch) {
    Pending begun = watch.apply(watched, this::tell);
    synchronized (this) {
      if (!ended) {
        Objects.requireNonNull(watches, "this was announced").add(begun);
        return;
      }
    }
    begun.withdraw();
  }

  /** Tells what has become of the channel, if it is over; the end only once. */
  void tell() {
    boolean finished = takers == null || takers.areFinished();
    // what could not be sent may be from a channel that is not ours to close, or was closed before
    Throwable failure = takers == null ? null : takers.failure();
    if (failure == null && !side.isClosed()) {
      return;
    }
    // not under the lock: what a cause says is the program's code
    Throwable why = side.closeCause();
    if (why == null && takers != null) {
      why = takers.channel().closeCause(); // what is between its two sides may have failed
    }
    Cause cause = Cause.of(why == null ? failure : why, peer.longestSentence());
    synchronized (this) {
      // a take that is under way may have a value in its hands, and will tell when it is over
      boolean drained = finished && (takers == null || !takers.areTaking());
      if (!endTold && !ended) {
        endTold = drained;
        peer.say(new Message.Closed(reference.guid(), cause, drained));
      }
    }
  }

  /** The peer has released the channel, or is gone: nothing is told any more. */
  void end() {
    List<Pending> withdrawn;
    synchronized (this) {
      ended = true;
      withdrawn = watches == null ? List.of() : watches;
    }
    withdrawn.forEach(Pending::withdraw);
  }
}
