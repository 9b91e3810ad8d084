package dev.circulate.internal;

import dev.circulate.WritePort;
import org.jspecify.annotations.Nullable;

/** A port that puts into a local channel: what an alts can wait for. */
public interface PutSide<T> {
  /**
   * The side of a port.
   *
   * @param whose who is to put there, in words
   * @throws IllegalArgumentException if the port is not one of this library's
   */
  static <T> PutSide<T> of(WritePort<T> port, String whose) {
    if (port instanceof PutSide<?>) {
      @SuppressWarnings("unchecked")
      PutSide<T> side = (PutSide<T>) port;
      return side;
    }
    throw new IllegalArgumentException(whose + " puts to this library's channels, not to " + port);
  }

  /** The local channel that puts go into. */
  LocalChannel<T> putSide();

  /**
   * What goes into {@link #putSide()} for a value, by whoever calls {@link #afterPut}. What it
   * throws refuses the value.
   */
  default Object asPut(T value) {
    return value;
  }

  /**
   * Called by the thread whose put to this side was accepted, with no lock held.
   *
   * @param put what {@link #asPut} answered
   */
  default void afterPut(Object put) {}

  /**
   * The same for a put in an alts.
   *
   * @param alts which has chosen it, and knows how long it would have waited
   */
  default void afterPut(Object put, Selection alts) {
    afterPut(put);
  }

  /**
   * Whether the port can be sent to a peer, whose puts then go into {@link #putSide()} as they are.
   */
  default boolean canBeSent() {
    return true;
  }

  /** Which peer has the channel that is meant, in words; null if it is in this address space. */
  default @Nullable String peer() {
    return null;
  }
}
