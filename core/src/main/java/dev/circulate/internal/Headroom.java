package dev.circulate.internal;

import java.time.Duration;

/**
 * How much sooner than its caller a service in another address space finds that a deadline has
 * passed. So its word of where the time went can be back before the caller gives up.
 */
public final class Headroom {
  private static final long MOST_MILLIS = 50;
  private static final long SHARE = 20;

  private Headroom() {}

  /** For a caller that waits so long, rounded up to what crosses: whole milliseconds. */
  public static Duration of(Duration wait) {
    long share =
        wait.compareTo(Duration.ofMillis(MOST_MILLIS * SHARE)) < 0
            ? wait.toMillis() / SHARE
            : MOST_MILLIS;
    return Duration.ofMillis(share + 1);
  }
}
