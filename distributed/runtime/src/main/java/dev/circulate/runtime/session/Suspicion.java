package dev.circulate.runtime.session;

/**
 * How long a peer may be silent before its link counts as broken, judged by how it was heard so
 * far.
 *
 * <p>A peer says something at least once in its beat, so what comes later than that is late by what
 * the network and the machines add. Lateness is smoothed, and so is how far it strays from that (as
 * TCP does with round trips), and a peer is suspected when it is silent for two beats and the
 * lateness to be expected. On a steady link that is well within three beats; on a bad one it is as
 * long as that link needs, up to a limit. Not safe for use by several threads.
 */
final class Suspicion {
  /** How many deviations are still to be expected. */
  private static final int DEVIATIONS = 4;

  /** A century and more: sums of several fit into a long. */
  private static final long LONGEST = Long.MAX_VALUE / 16;

  private final long longestNanos;
  private long beatNanos;
  private long late;
  private long deviation;
  private long lastHeard;

  /**
   * A peer that was just heard, or should be soon.
   *
   * @param longestNanos how long it may be silent at most
   */
  Suspicion(long longestNanos, long now) {
    this.longestNanos = Math.min(longestNanos, LONGEST);
    this.beatNanos = this.longestNanos;
    this.lastHeard = now;
  }

  /** The peer has said how long it is silent at most, which is less than it may be. */
  void beat(long nanos) {
    beatNanos = Math.min(nanos, longestNanos);
    deviation = beatNanos / 8;
    late = 0;
  }

  /** The peer was heard. */
  void heard(long now) {
    long lateNow = Math.max(0, now - lastHeard - beatNanos);
    deviation += (Math.abs(lateNow - late) - deviation) / 4;
    late += (lateNow - late) / 8;
    lastHeard = now;
  }

  /** Begins anew, on another link. */
  void restart(long now) {
    lastHeard = now;
  }

  /** How long the peer may be silent now. */
  long patience() {
    return Math.min(longestNanos, 2 * beatNanos + late + DEVIATIONS * deviation);
  }

  boolean isSilent(long now) {
    return now - lastHeard >= patience();
  }
}
