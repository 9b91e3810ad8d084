import type { Buffer, Channel } from "circulate";

/**
 * One channel as its two parties hold it.
 *
 * `slack` is how many values may be on the way between the two, beyond the channel's capacity; 0 says that both ends
 * are the channel itself. What the channel's hook was handed is in `undelivered`, as far as it is known here.
 */
export interface Ends<T> {
  readonly putting: Channel<T>;
  readonly taking: Channel<T>;
  readonly undelivered: T[];
}

/** How the two ends of a channel come to be where they are. */
export interface Wiring {
  readonly name: string;
  readonly slack: number;

  /** Whether `undelivered` is all that the hook was handed. */
  readonly knowsUndelivered: boolean;

  /** Makes a channel and gives both ends of it. */
  connect<T>(buffer: Buffer): Promise<Ends<T>>;

  /** Returns when what was said before, on every link between the two parties, has been heard and answered. */
  exchange(): Promise<void>;

  /** Ends what was made for it. */
  close(): Promise<void>;
}

/** How many values a buffer holds. */
export function capacityOf(buffer: Buffer): number {
  return "capacity" in buffer ? buffer.capacity : 0;
}

/** How often to try what needs many tries: between address spaces each costs a hundred times. */
export function tries({ slack }: Wiring, near: number): number {
  return slack === 0 ? near : near / 5;
}

/** Takes until the end. */
export async function takeAll<T>({ taking }: Ends<T>): Promise<T[]> {
  const all: T[] = [];
  for (let value = await taking.take(); value !== null; value = await taking.take()) {
    all.push(value);
  }
  return all;
}
