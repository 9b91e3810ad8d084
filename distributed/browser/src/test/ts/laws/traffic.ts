import { assert } from "chai";
import { turn } from "./until.js";
import type { Ends } from "./wiring.js";

/** A small generator of numbers that are the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Item = [putter: number, number: number];

/**
 * Many putters and takers on one channel, some operations with little time, many of them aborted: afterwards what was
 * accepted and what was taken are the same.
 */
export async function traffic(
  { putting, taking }: Ends<Item>,
  { putters, takers, values }: { putters: number; takers: number; values: number },
): Promise<void> {
  const accepted: string[] = [];
  const taken: string[] = [];

  /** An operation that may be aborted soon after it began. */
  async function hastily<R>(
    next: () => number,
    operation: (signal: AbortSignal) => Promise<R>,
  ): Promise<R | undefined> {
    const abort = new AbortController();
    const outcome = operation(abort.signal).catch(() => undefined);
    if (next() < 0.3) {
      if (next() < 0.5) {
        await turn();
      }
      abort.abort();
    }
    return outcome;
  }

  async function put(putter: number): Promise<void> {
    const next = random(putter + 1);
    for (let number = 0; number < values; number++) {
      const item: Item = [putter, number];
      const how = Math.floor(next() * 4);
      const moved =
        how === 0
          ? putting.offer(item)
          : how === 1
            ? await putting.offer(item, next() * 2)
            : await hastily(next, (signal) => putting.put(item, signal));
      if (moved === true) {
        accepted.push(item.join());
      }
      if (how === 0) {
        await turn();
      }
    }
  }

  async function take(taker: number): Promise<void> {
    const next = random(1_000 + taker);
    const lastOf: number[] = [];
    for (;;) {
      const how = Math.floor(next() * 4);
      const item =
        how === 0
          ? taking.poll()
          : how === 1
            ? await taking.poll(next() * 2)
            : await hastily(next, (signal) => taking.take(signal));
      if (item) {
        const [putter, number] = item;
        assert.isAbove(number, lastOf[putter] ?? -1, "CH-4 each putter's values in order");
        lastOf[putter] = number;
        taken.push(item.join());
      } else if (how > 1 && item === null) {
        return;
      }
      if (how === 0) {
        await turn();
      }
    }
  }

  const ending = Array.from({ length: takers }, (_, taker) => take(taker));
  await Promise.all(Array.from({ length: putters }, (_, putter) => put(putter)));
  putting.close();
  await Promise.all(ending);
  assert.equal(new Set(taken).size, taken.length, "no value twice");
  assert.deepEqual(taken.sort(), accepted.sort());
}
