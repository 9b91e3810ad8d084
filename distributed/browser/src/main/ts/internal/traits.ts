import type { ChannelOptions } from "../channel.js";

/**
 * What stands behind a channel that is filled or closed on demand: a timeout that closes it, a proxy that fetches
 * from the owner.
 */
export interface Feed {
  /** Called before an operation reports that nothing is there: the last chance to fill or close. */
  refresh(): void;

  /** Called after the number of waiting takers has changed by their own doing: one began to wait, or gave up. */
  demandChanged(): void;
}

/** What a channel may have beside its buffer. */
export interface Traits<T> extends ChannelOptions<T> {
  readonly feed?: Feed;

  /** Looks at what is about to be put, before anything happens; throws what the putter gets. */
  readonly admit?: (value: T) => void;
}

/** How a channel came to its end. */
export interface Closing {
  /** `undefined` if there is none. */
  readonly cause: unknown;

  /** Whether anybody has been told of the cause. */
  seen: boolean;
}

/** Withdraws something that waits; answers whether it still waited. */
export type Pending = () => boolean;
