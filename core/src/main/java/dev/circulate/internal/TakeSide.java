package dev.circulate.internal;

/** A port that takes from a local channel: what an alts can wait for. */
public interface TakeSide<T> {
  /** The local channel that takes come from. */
  LocalChannel<T> takeSide();
}
