package dev.circulate.runtime;

import dev.circulate.internal.Time;
import java.util.concurrent.TimeUnit;

/**
 * So many a second, and as many at once after a quiet second: a bucket that fills steadily, of
 * which each takes a drop. Safe for use by several threads.
 */
final class Rate {
  private final long nanosEach;
  private final long fullNanos = TimeUnit.SECONDS.toNanos(1);
  private long filledNanos = fullNanos;
  private long lastSeen = Time.current().nanoTime();

  Rate(int perSecond) {
    this.nanosEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  /** Takes one, if there may be one now. */
  synchronized boolean take() {
    long now = Time.current().nanoTime();
    filledNanos = Math.min(fullNanos, filledNanos + (now - lastSeen));
    lastSeen = now;
    if (filledNanos < nanosEach) {
      return false;
    }
    filledNanos -= nanosEach;
    return true;
  }
}
