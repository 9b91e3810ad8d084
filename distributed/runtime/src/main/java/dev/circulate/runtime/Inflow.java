package dev.circulate.runtime;

import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.session.ProtocolException;

/**
 * The values that a peer has put into a channel of ours, with the same rights, and that wait in the
 * channel's queue for its takers.
 *
 * <p>It outlives the names of the channel: a holder that lets go of its proxy leaves behind what it
 * has put, and its next proxy begins with a window of its own. So with each that it let go of one
 * window more may wait, for it may have been given the channel meanwhile; and while more than one
 * does, the channel is not given to the peer again. Nor does it become one window less when nothing
 * waits: where a giving crossed the release, the name goes on, and what the holder is told of
 * values that the former proxy had put gives its next one credit. Safe for use by several threads.
 */
final class Inflow {
  /** So many proxies in a row fill their window and cross another giving by intent alone. */
  private static final int MOST_WINDOWS = 8;

  private int waiting;

  /** How many windows of values may wait. */
  private int windows = 1;

  /** A value has come. */
  synchronized void add(int window, Reference reference) {
    waiting++;
    if (waiting > (long) window * windows) {
      throw new ProtocolException(
          "more than " + window + " values on the way to " + reference.guid());
    }
  }

  /** A value was accepted, or never will be. */
  synchronized void remove() {
    waiting--;
  }

  /** The holder has let go of its proxy. */
  synchronized void released() {
    windows = Math.min(windows + 1, MOST_WINDOWS);
  }

  synchronized boolean isEmpty() {
    return waiting == 0;
  }

  /**
   * Looks whether the peer may be given the channel once more.
   *
   * @throws CodecException if it may not
   */
  synchronized void requireGivable(int window, Object channel) {
    if (waiting > window) {
      throw new CodecException(
          waiting
              + " values of the peer's wait in "
              + channel
              + " already: it is not given again before there are "
              + window
              + ", the limit of this side");
    }
  }
}
