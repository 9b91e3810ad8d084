import type { Request } from "../service/request.js";
import type { Message } from "./packet.js";
import type { Import } from "./import.js";

/** A channel of which the name was written into a body. */
export interface Named {
  /** The message that has the name is on its way. */
  sent(): void;

  /** There will be no such message. */
  dropped(): void;
}

/**
 * A body that is ready to be sent, and the channels that are named in it. Whoever packed it settles them: a channel
 * whose name has not left must not be spoken of before, and is not held by the peer in the end.
 */
export interface Parcel {
  readonly body: unknown;

  /** How long it becomes: an estimate, not too low. */
  readonly length: number;

  readonly channels: readonly Named[];
}

/** The message with the parcel was said, or never will be. */
export function settle({ channels }: Pick<Parcel, "channels">, said: boolean): void {
  channels.forEach((named) => (said ? named.sent() : named.dropped()));
}

/** What exports and imports need of their peer: to be heard, and to name channels. */
export interface Voice {
  /** How many values may be on their way through one proxy; another number when the peer has said hello. */
  readonly window: number;

  /** How many characters a text may have that only tells people why. */
  readonly longestSentence: number;

  /**
   * Sends a message after those sent before.
   *
   * @param lost is called if the session ends and it may not have arrived
   * @param body how long the body in it becomes
   */
  say(message: Message, lost?: () => void, body?: number): void;

  /** The body that crosses for a value: its channels become references. */
  pack(value: unknown): Parcel;

  /** The same for a request, whose reply channel is good for one put. */
  packRequest(request: Request): Parcel;

  /** Looks whether a value can be sent, and is not too long, without naming its channels. */
  check(value: unknown): void;

  /** Takes an import that is released out of the tables. */
  forget(forgotten: Import): void;

  /** A value that was put to a proxy may not have arrived. */
  undelivered(value: unknown): void;
}
