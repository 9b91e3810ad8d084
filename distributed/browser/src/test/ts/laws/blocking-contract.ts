import { assert } from "chai";
import type { Buffer } from "circulate";
import { channelContract, untilPuttersWait } from "./channel-contract.js";
import { traffic } from "./traffic.js";
import { firstNumbers, isSettled, PATIENCE, rejection, turn, until } from "./until.js";
import { capacityOf, takeAll, tries, type Ends, type Wiring } from "./wiring.js";

/** A putter of 0, 1, 2, ... until it is refused; it answers how many were accepted. */
interface Filled {
  accepted: number;
  putter: Promise<number>;
}

/** What a channel promises besides that makes its putters wait: a rendezvous, a fixed buffer. */
export function blockingContract(buffer: Buffer, wiring: Wiring): void {
  const capacity = capacityOf(buffer);
  const { slack } = wiring;
  const open = <T>(): Promise<Ends<T>> => wiring.connect<T>(buffer);

  /** Fills the channel, so that the putter now waits; nobody takes. */
  async function fill(ends: Ends<number>): Promise<Filled> {
    const filled = { accepted: 0 } as Filled;
    const limit = capacity + slack + 1;
    filled.putter = (async () => {
      while (filled.accepted < limit && (await ends.putting.put(filled.accepted))) {
        filled.accepted++;
      }
      return filled.accepted;
    })();
    await untilFull(ends, filled);
    return filled;
  }

  /** Room on the way may still be told, so with slack full is what stays full while all have their say. */
  async function untilFull({ putting }: Ends<number>, filled: Filled): Promise<void> {
    const isFull = (): boolean => filled.accepted >= capacity && putting.waitingPutters() === 1;
    for (let quiet = 0; quiet < (slack === 0 ? 1 : 5);) {
      await until(() => `${capacity} values are accepted and the next waits, not ${filled.accepted}`, isFull);
      const before = filled.accepted;
      await wiring.exchange();
      quiet = isFull() && filled.accepted === before ? quiet + 1 : 0;
    }
  }

  channelContract(buffer, wiring);

  it("CH-1 put waits while the channel is full, and no longer", async () => {
    const ends = await open<number>();
    const filled = await fill(ends);
    assert.isAtLeast(filled.accepted, capacity);
    assert.isAtMost(filled.accepted, capacity + slack);
    assert.isFalse(await isSettled(filled.putter));
    for (let i = 0; i <= capacity + slack; i++) {
      assert.equal(await ends.taking.take(), i);
    }
    assert.equal(await filled.putter, capacity + slack + 1);
  });

  it("CH-1 a timed put ends when its time is over, and has no effect", async () => {
    const ends = await open<number>();
    const filled = await fill(ends);
    assert.isFalse(await ends.putting.offer(-1, 2));
    assert.isFalse(await ends.putting.offer(-1, 0));
    assert.isFalse(await ends.putting.offer(-1, -1_000));
    const patient = ends.putting.offer(-2, PATIENCE);
    await untilPuttersWait(ends, 2);
    ends.putting.close();
    const all = await takeAll(ends);
    assert.notInclude(all, -1);
    assert.equal(all.at(-1), -2);
    assert.isTrue(await patient);
    await filled.putter;
  });

  it("CH-4 what one putter puts is taken in that order", async () => {
    const ends = await open<number>();
    const values = tries(wiring, 1_000);
    const putter = (async () => {
      for (let i = 0; i < values; i++) {
        assert.isTrue(await ends.putting.put(i));
      }
      ends.putting.close();
    })();
    assert.deepEqual(await takeAll(ends), firstNumbers(values));
    await putter;
  });

  it("CH-4 waiting putters are served first come, first served", async () => {
    const ends = await open<number>();
    const filled = await fill(ends);
    const puts = [-1, -2, -3, -4].map((value) => ends.putting.put(value));
    await untilPuttersWait(ends, 5);
    ends.putting.close();
    assert.deepEqual((await takeAll(ends)).slice(-4), [-1, -2, -3, -4]);
    assert.deepEqual(await Promise.all(puts), [true, true, true, true]);
    await filled.putter;
  });

  it("CH-5 each accepted value is taken once, whoever is aborted or runs out of time", async () => {
    await traffic(await open(), { putters: 4, takers: 4, values: tries(wiring, 1_000) });
  });

  it("CH-6 an aborted put rejects, and its value is never taken", async () => {
    const ends = await open<number>();
    const filled = await fill(ends);
    const abort = new AbortController();
    const aborted = ends.putting.put(-1, abort.signal);
    await untilPuttersWait(ends, 2);
    abort.abort(new Error("not any more"));
    assert.equal((await rejection(aborted)).message, "not any more");
    await untilPuttersWait(ends, 1);
    ends.putting.close();
    assert.deepEqual(await takeAll(ends), firstNumbers(await filled.putter));
  });

  it("CH-7 what is buffered and what waits to be put at close is still delivered, in order", async () => {
    const ends = await open<number>();
    const filled = await fill(ends);
    const second = ends.putting.put(-1);
    await untilPuttersWait(ends, 2);
    ends.putting.close();
    assert.isFalse(await ends.putting.put(-2));
    const taken = await takeAll(ends);
    assert.deepEqual(taken, [...firstNumbers(await filled.putter), -1]);
    assert.isAbove(taken.length, capacity + 1);
    assert.isTrue(await second);
  });

  it("CH-7 close against puts: what was accepted is taken, what was refused never is", async () => {
    for (let round = 0; round < 20; round++) {
      const ends = await open<number>();
      const putter = (async () => {
        let accepted = 0;
        while (await ends.putting.put(accepted)) {
          if (++accepted % 16 === 0) {
            await turn(); // or nothing else would ever go on
          }
        }
        return accepted;
      })();
      const taker = takeAll(ends);
      for (let i = 0; i < round % 4; i++) {
        await turn();
      }
      ends.putting.close();
      assert.deepEqual(await taker, firstNumbers(await putter));
    }
  });

  it("CH-8 a cause is thrown after what was put before, not instead of it", async () => {
    const ends = await open<number>();
    const filled = await fill(ends);
    const last = filled.accepted;
    ends.putting.close(new Error("the well is dry"));
    for (let i = 0; i <= last; i++) {
      assert.equal(await ends.taking.take(), i);
    }
    await filled.putter;
    assert.include((await rejection(ends.taking.take())).message, "the well is dry");
  });

  it("CH-8b cancel refuses the puts that wait", async () => {
    const ends = await open<number>();
    const { accepted, putter } = await fill(ends);
    ends.taking.cancel();
    assert.equal(await putter, accepted);
    await until(
      () => "the putting end is closed",
      () => ends.putting.isClosed(),
    );
    assert.isNull(await ends.taking.take());
  });

  it("CH-12 operations that were given up leave the channel as it was", async () => {
    const ends = await open<number>();
    for (let i = 0; i < 200; i++) {
      const abort = new AbortController();
      const taken = rejection(ends.taking.take(abort.signal));
      abort.abort();
      await taken;
    }
    const filled = await fill(ends);
    for (let i = 0; i < 200; i++) {
      const abort = new AbortController();
      const put = rejection(ends.putting.put(-1, abort.signal));
      abort.abort();
      await put;
    }
    await untilPuttersWait(ends, 1);
    ends.putting.close();
    assert.deepEqual(await takeAll(ends), firstNumbers(await filled.putter));
  });
}
