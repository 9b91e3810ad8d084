import { SIZE_PER_ACK } from "./session.js";

/**
 * What a peer may demand of this side, and how long it may be silent; durations are milliseconds. A peer that goes
 * beyond a limit loses its session, with a sentence that names the limit.
 */
export interface Limits {
  /** How many values may be on their way through one proxy, if the peer allows as many: the lesser number holds. */
  readonly window: number;

  /** How many characters a frame may have. */
  readonly frame: number;

  /** How deep a value may be nested. */
  readonly depth: number;

  /**
   * How many elements a list, set or map may have that is sent; a map with keys that are no texts counts twice. Of those
   * that come only the frame's length is limited.
   */
  readonly collection: number;

  /** How many channels the peer may hold at once. */
  readonly exports: number;

  /** How many channels of the peer's may be held at once. */
  readonly imports: number;

  /** How long to wait until a WebSocket is there, and then for the peer's first word. */
  readonly hello: number;

  /** How long to be silent before saying so. */
  readonly beat: number;

  /** How long the peer may be silent before its link counts as broken. */
  readonly silence: number;

  /** How long to wait for another link when one broke; zero ends the session with its link. */
  readonly grace: number;

  /** How many messages may wait for a peer that goes on sending and does not read. */
  readonly backlog: number;

  /** How many characters may be sent that the peer has not confirmed; what is put beyond waits. */
  readonly unacked: number;
}

/** What a peer may demand unless told otherwise: the same as a server's. */
export const DEFAULT_LIMITS: Limits = {
  window: 256,
  frame: 1 << 20,
  depth: 100,
  collection: 100_000,
  exports: 100_000,
  imports: 100_000,
  hello: 10_000,
  beat: 5_000,
  silence: 16_000,
  grace: 10_000,
  backlog: 1 << 18,
  unacked: 1 << 20,
};

/** As large as a count can be. */
const MOST_TOLD = 0x7fff_ffff;

/** What is the least of a limit, where that is not 1. */
const LEAST: Partial<Limits> = { frame: 1024, grace: 0, unacked: SIZE_PER_ACK };

/** The default limits, but for some; refuses what cannot be kept. */
export function limitsWith(some: Partial<Limits> = {}): Limits {
  const limits = { ...DEFAULT_LIMITS, ...some };
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]) {
    const least = LEAST[name] ?? 1;
    if (!(limits[name] >= least)) {
      throw new RangeError(`the limit '${name}' is at least ${least}, not ${limits[name]}`);
    }
  }
  for (const name of ["beat", "window"] as const) {
    if (!Number.isInteger(limits[name]) || limits[name] > MOST_TOLD) {
      throw new RangeError(`the limit '${name}' is told to the peer as a whole number, not ${limits[name]}`);
    }
  }
  if (limits.beat >= limits.silence) {
    throw new RangeError(
      `a peer must be allowed to be silent for longer than a beat: beat=${limits.beat} silence=${limits.silence}`,
    );
  }
  return limits;
}
