package dev.circulate.internal;

/** A port that takes from a local channel: what an alts can wait for. */
public interface TakeSide<T> {
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
