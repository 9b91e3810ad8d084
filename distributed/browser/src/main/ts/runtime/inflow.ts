import { CodecException, ProtocolException } from "./exceptions.js";

/** So many proxies in a row fill their window and cross another giving by intent alone. */
const MOST_WINDOWS = 8;

/**
 * The values that a peer has put into a channel of ours, with the same rights, and that wait in the channel's queue for
 * its takers.
 *
 * It outlives the names of the channel: a holder that lets go of its proxy leaves behind what it has put, and its next
 * proxy begins with a window of its own. So with each that it let go of one window more may wait, for it may have been
 * given the channel meanwhile; and while more than one does, the channel is not given to the peer again. Nor does it
 * become one window less when nothing waits: where a giving crossed the release, the name goes on, and what the holder
 * is told of values that the former proxy had put gives its next one credit.
 */
export class Inflow {
  private waiting = 0;

  /** How many windows of values may wait. */
  private windows = 1;

  /** A value has come. */
  add(window: number, guid: string): void {
    if (++this.waiting > window * this.windows) {
      throw new ProtocolException(`more than ${window} values on the way to ${guid}`);
    }
  }

  /** A value was accepted, or never will be. */
  remove(): void {
    this.waiting--;
  }

  /** The holder has let go of its proxy. */
  released(): void {
    this.windows = Math.min(this.windows + 1, MOST_WINDOWS);
  }

  /** @throws CodecException if the peer may not be given the channel once more */
  requireGivable(window: number, channel: unknown): void {
    if (this.waiting > window) {
      throw new CodecException(
        `${this.waiting} values of the peer's wait in ${channel} already: ` +
          `it is not given again before there are ${window}`,
      );
    }
  }
}
