/** How many deviations are still to be expected. */
const DEVIATIONS = 4;

/**
 * How long a peer may be silent before its link counts as broken, judged by how it was heard so far; milliseconds.
 *
 * A peer says something at least once in its beat, so what comes later than that is late by what the network and the
 * machines add. Lateness is smoothed, and so is how far it strays from that (as TCP does with round trips), and a peer
 * is suspected when it is silent for two beats and the lateness to be expected. A peer that tells no beat may be silent
 * for as long as any.
 */
export class Suspicion {
  private beat: number;
  private late = 0;
  private deviation = 0;
  private lastHeard: number;

  /** @param longest how long it may be silent at most */
  constructor(
    private readonly longest: number,
    now: number,
  ) {
    this.beat = longest;
    this.lastHeard = now;
  }

  /** The peer has said how long it is silent at most, which is less than it may be. */
  tellBeat(millis: number): void {
    this.beat = millis;
    this.deviation = this.beat / 8;
  }

  /** The peer was heard. */
  heard(now: number): void {
    const late = Math.max(0, now - this.lastHeard - this.beat);
    this.deviation += (Math.abs(late - this.late) - this.deviation) / 4;
    this.late += (late - this.late) / 8;
    this.lastHeard = now;
  }

  /** Begins anew, on another link. */
  restart(now: number): void {
    this.lastHeard = now;
  }

  /** How long the peer may be silent now. */
  patience(): number {
    return Math.min(this.longest, 2 * this.beat + this.late + DEVIATIONS * this.deviation);
  }

  isSilent(now: number): boolean {
    return now - this.lastHeard >= this.patience();
  }
}
