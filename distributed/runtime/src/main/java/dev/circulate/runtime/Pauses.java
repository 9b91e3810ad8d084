package dev.circulate.runtime;

import java.time.Duration;

/**
 * How attempts follow one another: ever more slowly, each pause twice as long as the one before, up
 * to a second. For one thread at a time.
 */
final class Pauses {
  private static final Duration FIRST = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private Duration next = FIRST;

  /** How long to wait before the next attempt. */
  Duration next() {
    Duration pause = next;
    Duration twice = pause.multipliedBy(2);
    next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    return pause;
  }

  /** How long the next pause is to be. */
  Duration coming() {
    return next;
  }

  /** An attempt went well: the next pause is the first again. */
  void beginAgain() {
    next = FIRST;
  }
}
