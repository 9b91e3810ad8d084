package dev.circulate.runtime.testkit;

import java.time.Duration;

/**
 * How bad a network is: the share of the frames that meet each fault. A frame meets one at most.
 *
 * @param loss how many frames never arrive: 0.01 is one in a hundred
 * @param duplicates how many arrive twice
 * @param reordering how many arrive after the one that was sent next; if none follows soon, late
 * @param delay how many are late, and all behind them
 * @param cuts how many are lost with their link, which breaks
 * @param longestDelay how late a frame may be; which is drawn evenly from zero to this
 */
public record Faults(
    double loss,
    double duplicates,
    double reordering,
    double delay,
    double cuts,
    Duration longestDelay) {
  /** No fault but those that the test asks for. */
  public static final Faults NONE = new Faults(0, 0, 0, 0, 0, Duration.ZERO);

  /** One of each fault in a hundred frames, and a cut in two hundred. */
  public static final Faults ROUGH =
      new Faults(0.01, 0.01, 0.01, 0.01, 0.005, Duration.ofMillis(5));

  /** Checks that these are shares, which a frame can meet one of. */
  public Faults {
    double sum = 0;
    for (double share : new double[] {loss, duplicates, reordering, delay, cuts}) {
      if (!(share >= 0)) {
        throw new IllegalArgumentException("a share of the frames is 0 to 1, not " + share);
      }
      sum += share;
    }
    if (sum > 1) {
      throw new IllegalArgumentException("more faults than frames: the shares add up to " + sum);
    }
    if (longestDelay.isNegative()) {
      throw new IllegalArgumentException("no frame arrives before it was sent: " + longestDelay);
    }
  }

  /** The same with another share of lost frames. */
  public Faults withLoss(double share) {
    return new Faults(share, duplicates, reordering, delay, cuts, longestDelay);
  }

  /** The same with another share of frames that arrive twice. */
  public Faults withDuplicates(double share) {
    return new Faults(loss, share, reordering, delay, cuts, longestDelay);
  }

  /** The same with another share of frames that arrive after the next. */
  public Faults withReordering(double share) {
    return new Faults(loss, duplicates, share, delay, cuts, longestDelay);
  }

  /**
   * The same with another share of late frames.
   *
   * @param share how many
   * @param longest how late they may be
   */
  public Faults withDelay(double share, Duration longest) {
    return new Faults(loss, duplicates, reordering, share, cuts, longest);
  }

  /** The same with another share of frames that break their link. */
  public Faults withCuts(double share) {
    return new Faults(loss, duplicates, reordering, delay, share, longestDelay);
  }
}
