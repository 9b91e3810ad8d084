package dev.circulate.internal;

import dev.circulate.ReadPort;

/** A port that takes from a local channel: what an alts can wait for. */
public interface TakeSide<T> {
  /**
   * The side of a port.
   *
   * @param whose who is to take there, in words
   * @throws IllegalArgumentException if the port is not one of this library's
   */
  static <T> TakeSide<T> of(ReadPort<T> port, String whose) {
    if (isThere(port)) {
      @SuppressWarnings("unchecked")
      TakeSide<T> side = (TakeSide<T>) port;
      return side;
    }
    throw new IllegalArgumentException(
        whose + " takes from this library's channels, not from " + port);
  }

  /** Whether a port is one of this library's, and does not only show one that is not. */
  static boolean isThere(ReadPort<?> port) {
    return port instanceof TakeSide<?> side && side.hasTakeSide();
  }

  /** Whether there is a {@link #takeSide}: not where this shows a port of a user's own. */
  default boolean hasTakeSide() {
    return true;
  }

  /** The local channel that takes come from. */
  LocalChannel<T> takeSide();

  /**
   * What an alts that took a value from {@link #takeSide} gives to its user, in whose thread this
   * is called, with no lock held.
   */
  default Object asTaken(Object value) {
    return value;
  }

  /** Takes back a value that was taken here and is not wanted: it is the next to be taken. */
  default void giveBack(T value) {
    takeSide().giveBack(value);
  }

  /** The port that is sent when this one is: another one, if this only shows it in its own way. */
  default Object beneath() {
    return this;
  }
}
