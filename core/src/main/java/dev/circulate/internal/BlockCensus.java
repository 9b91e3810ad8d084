package dev.circulate.internal;

/** Told of every go block from before its first step to after its last, for tests. */
public interface BlockCensus {
  /** A block is about to start; called by the thread that starts it. */
  void started(Thread block);

  /** A block has ended, and whoever waited for its result was woken. */
  void ended(Thread block);
}
