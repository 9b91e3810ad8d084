package dev.circulate.internal;

/** Interrupts the thread that made it, until that thread says that it is too late. */
public final class Interrupter {
  private final Thread thread = Thread.currentThread();

  // both guarded by this

  private boolean ended;
  private boolean fired;

  /** For the calling thread. */
  public Interrupter() {}

  /**
   * Interrupts the thread, once.
   *
   * @return whether this did
   */
  public synchronized boolean fire() {
    if (ended || fired) {
      return false;
    }
    fired = true;
    thread.interrupt();
    return true;
  }

  /**
   * Called by the thread: from here on it is not interrupted, and a pending interrupt that came
   * from here is cleared.
   *
   * @return whether it was interrupted
   */
  public synchronized boolean end() {
    ended = true;
    if (fired) {
      Thread.interrupted();
    }
    return fired;
  }
}
