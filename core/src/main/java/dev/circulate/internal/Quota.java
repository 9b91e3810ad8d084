package dev.circulate.internal;

import java.util.concurrent.atomic.AtomicInteger;

/** How many of something may be under way at once. Safe for use by any number of threads. */
public final class Quota {
  private final int limit;
  private final AtomicInteger underWay = new AtomicInteger();

  /** A quota of which nothing is used. */
  public Quota(int limit) {
    this.limit = limit;
  }

  /** How many may be under way. */
  public int limit() {
    return limit;
  }

  /** Begins one, if there may be one more; whoever began it says {@link #leave()} in the end. */
  public boolean enter() {
    if (underWay.incrementAndGet() > limit) {
      underWay.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Begins one more, whatever the limit; as {@link #enter()} else. */
  public void enterAnyway() {
    underWay.incrementAndGet();
  }

  /** One has ended. */
  public void leave() {
    underWay.decrementAndGet();
  }
}
