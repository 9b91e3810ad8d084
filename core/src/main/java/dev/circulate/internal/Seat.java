package dev.circulate.internal;

/**
 * One thing that may be under way, at one place or, while it is passed on, at several: it counts
 * once in its {@link Quota}. Safe for use by any number of threads.
 */
public final class Seat {
  private final Quota quota;

  /** At how many places it is under way; guarded by this. */
  private int places;

  /** For something that is not under way yet. */
  public Seat(Quota quota) {
    this.quota = quota;
  }

  /** How many may be under way. */
  public int limit() {
    return quota.limit();
  }

  /** Is under way at one more place, unless the quota is used up. */
  public synchronized boolean take() {
    if (places == 0 && !quota.enter()) {
      return false;
    }
    places++;
    return true;
  }

  /** Is under way at one more place, whatever the quota; as {@link #take()} else. */
  public synchronized void takeAnyway() {
    if (places == 0) {
      quota.enterAnyway();
    }
    places++;
  }

  /** Is over at one place. */
  public synchronized void leave() {
    places--;
    if (places == 0) {
      quota.leave();
    }
  }
}
