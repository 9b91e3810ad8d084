package dev.circulate.runtime.testkit;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What one direction of one link does to its frames, one after the other: decided by the seed, the
 * link and the direction, and by nothing that happens. For one thread.
 */
final class Course {
  /** What becomes of a frame. */
  enum Fate {
    LOST,
    DOUBLED,
    /** Arrives after the next. */
    HELD_BACK,
    DELAYED,
    /** Is lost with its link. */
    CUT,
    /** Arrives as it was sent. */
    DELIVERED
  }

  /** As many frames at the beginning meet nothing: a session that has not begun cannot go on. */
  private static final int SPARED = 2;

  private final Faults faults;
  private final SplittableRandom random;
  private int frames;

  Course(Faults faults, Seed seed, long link, boolean outgoing) {
    this.faults = faults;
    this.random = new SplittableRandom(mixed(mixed(seed.value()) + 2 * link + (outgoing ? 1 : 0)));
  }

  /** Neighbouring numbers become unlike ones. */
  private static long mixed(long number) {
    return new SplittableRandom(number).nextLong();
  }

  /** What becomes of the next frame. */
  Fate next() {
    if (frames < SPARED) {
      frames++;
      return Fate.DELIVERED;
    }
    double drawn = random.nextDouble();
    for (Fate fate : Fate.values()) {
      drawn -= share(fate);
      if (drawn < 0) {
        return fate;
      }
    }
    return Fate.DELIVERED;
  }

  /** The share of the frames that meet a fate; all others are delivered. */
  private double share(Fate fate) {
    return switch (fate) {
      case LOST -> faults.loss();
      case DOUBLED -> faults.duplicates();
      case HELD_BACK -> faults.reordering();
      case DELAYED -> faults.delay();
      case CUT -> faults.cuts();
      case DELIVERED -> 1;
    };
  }

  /** How late a delayed frame is. */
  Duration delay() {
    return Duration.ofNanos(random.nextLong(faults.longestDelay().toNanos() + 1));
  }
}
