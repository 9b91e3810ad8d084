import { assert } from "chai";
import { ChannelFailedException, type Buffer } from "circulate";
import { firstNumbers, isSettled, PATIENCE, rejection, until } from "./until.js";
import { capacityOf, takeAll, tries, type Ends, type Wiring } from "./wiring.js";

/** Waits until so many takers wait at the taking end. */
export function untilTakersWait({ taking }: Ends<any>, count: number): Promise<void> {
  return until(
    () => `${count} takers wait, not ${taking.waitingTakers()}`,
    () => taking.waitingTakers() === count,
  );
}

/** Waits until so many putters wait at the putting end. */
export function untilPuttersWait({ putting }: Ends<any>, count: number): Promise<void> {
  return until(
    () => `${count} putters wait, not ${putting.waitingPutters()}`,
    () => putting.waitingPutters() === count,
  );
}

/** The laws that every channel keeps that gives each of its values to one taker. */
export function channelContract(buffer: Buffer, wiring: Wiring): void {
  const open = <T>(): Promise<Ends<T>> => wiring.connect<T>(buffer);

  it("CH-1 put answers true when the value is accepted", async () => {
    const { putting, taking } = await open<string>();
    const put = putting.put("a");
    assert.equal(await taking.take(), "a");
    assert.isTrue(await put);
  });

  it("CH-1 put answers false when the channel was closed first", async () => {
    const ends = await open<string>();
    ends.putting.close();
    assert.isFalse(await ends.putting.put("late"));
    assert.isFalse(ends.putting.offer("late"));
    assert.isFalse(await ends.putting.offer("late", 1_000));
    assert.deepEqual(await takeAll(ends), []);
  });

  it("CH-1 null and undefined are refused before anything happens", async () => {
    const ends = await open<string>();
    for (const nothing of [null, undefined] as unknown as string[]) {
      assert.instanceOf(await rejection(ends.putting.put(nothing)), TypeError);
      assert.throws(() => ends.putting.offer(nothing), TypeError);
      assert.instanceOf(await rejection(ends.putting.offer(nothing, 1_000)), TypeError);
    }
    ends.putting.close();
    assert.deepEqual(await takeAll(ends), []);
  });

  it("CH-2 take waits for a value", async () => {
    const ends = await open<string>();
    const taken = ends.taking.take();
    await untilTakersWait(ends, 1);
    assert.isFalse(await isSettled(taken));
    assert.isTrue(await ends.putting.put("a"));
    assert.equal(await taken, "a");
  });

  it("CH-2 take answers null again and again once the channel is closed and drained", async () => {
    const { putting, taking } = await open<string>();
    putting.close();
    assert.isNull(await taking.take());
    assert.isNull(await taking.take());
    assert.isNull(taking.poll());
    assert.isNull(await taking.poll(1_000));
    await until(
      () => "the taking end knows that it is closed",
      () => taking.isClosed(),
    );
  });

  it("CH-2 a timed take ends when its time is over, and has no effect", async () => {
    const { putting, taking } = await open<string>();
    assert.isNull(await taking.poll(2));
    assert.isNull(await taking.poll(-1_000));
    const put = putting.put("a");
    assert.equal(await taking.poll(PATIENCE), "a");
    assert.isTrue(await put);
  });

  it("CH-4 waiting takers are served first come, first served", async () => {
    const ends = await open<number>();
    const takers = capacityOf(buffer) || 5; // no more than a lossy channel keeps, if they are far
    const takes = firstNumbers(takers).map(() => ends.taking.take());
    await untilTakersWait(ends, takers);
    for (let i = 0; i < takers; i++) {
      assert.isTrue(await ends.putting.put(i));
    }
    assert.deepEqual(await Promise.all(takes), firstNumbers(takers));
  });

  it("CH-6 an aborted take rejects, and takes nothing", async () => {
    const ends = await open<string>();
    const abort = new AbortController();
    const aborted = ends.taking.take(abort.signal);
    await untilTakersWait(ends, 1);
    abort.abort(new Error("not any more"));
    assert.equal((await rejection(aborted)).message, "not any more");
    await untilTakersWait(ends, 0);
    const next = ends.taking.take();
    await untilTakersWait(ends, 1);
    assert.isTrue(await ends.putting.put("a"));
    assert.equal(await next, "a");
    assert.equal((await rejection(ends.taking.take(abort.signal))).message, "not any more");
  });

  it("CH-6 an abort against a hand-over: rejected or a value, never both or neither", async () => {
    const ends = await open<number>();
    for (let round = 0; round < tries(wiring, 100); round++) {
      const abort = new AbortController();
      const first = ends.taking.take(abort.signal).catch(() => null);
      const put = ends.putting.put(round);
      if (round % 2 === 0) {
        await Promise.resolve();
      }
      abort.abort();
      const taken = (await first) ?? (await ends.taking.take());
      assert.equal(taken, round);
      assert.isTrue(await put);
    }
  });

  it("CH-7 close is idempotent and ends the takers that wait", async () => {
    const ends = await open<string>();
    const takes = [ends.taking.take(), ends.taking.take()];
    await untilTakersWait(ends, 2);
    ends.putting.close();
    ends.putting.close(new Error("too late to be the cause"));
    assert.deepEqual(await Promise.all(takes), [null, null]);
    assert.isNull(await ends.taking.take());
    assert.isNull(ends.taking.closeCause());
  });

  it("CH-8 each taker gets an exception of its own, and closeCause tells without throwing", async () => {
    const { putting, taking } = await open<string>();
    putting.close(new Error("the well is dry"));
    putting.close(new Error("too late"));
    const one = await rejection(taking.take());
    const two = await rejection(taking.poll(PATIENCE));
    assert.instanceOf(one, ChannelFailedException);
    assert.notStrictEqual(one, two);
    assert.include(one.message, "the well is dry");
    assert.include((one.cause as Error).message, "the well is dry");
    assert.include((taking.closeCause() as Error).message, "the well is dry");
    assert.isFalse(await putting.put("late"));
  });

  it("CH-8 a close with a cause fails the takers that wait", async () => {
    const ends = await open<string>();
    const takes = [rejection(ends.taking.take()), rejection(ends.taking.take())];
    await untilTakersWait(ends, 2);
    ends.putting.close(new Error("the well is dry"));
    for (const failure of await Promise.all(takes)) {
      assert.include(failure.message, "the well is dry");
    }
  });

  it("CH-8 a plain close has no cause", async () => {
    const ends = await open<string>();
    assert.isNull(ends.taking.closeCause());
    ends.putting.close();
    assert.deepEqual(await takeAll(ends), []);
    assert.isNull(ends.taking.closeCause());
  });

  it("CH-8b cancel at the taking end refuses puts at the other, and ends takes", async () => {
    const ends = await open<string>();
    const taken = ends.taking.take();
    await untilTakersWait(ends, 1);
    ends.taking.cancel();
    assert.isNull(await taken);
    await until(
      () => "the putting end is closed",
      () => ends.putting.isClosed(),
    );
    assert.isFalse(await ends.putting.put("unwanted"));
    assert.isNull(await ends.taking.take());
  });

  it("CH-8b cancel with a cause fails the takers that wait", async () => {
    const ends = await open<string>();
    const failure = rejection(ends.taking.take());
    await untilTakersWait(ends, 1);
    ends.taking.cancel(new Error("had enough"));
    assert.include((await failure).message, "had enough");
    assert.include((ends.taking.closeCause() as Error).message, "had enough");
    await until(
      () => "the putting end is closed",
      () => ends.putting.isClosed(),
    );
  });

  it("CH-11 for await ends at close, and rejects with its cause", async () => {
    const ends = await open<number>();
    const seen: number[] = [];
    const loop = (async () => {
      for await (const value of ends.taking) {
        seen.push(value);
      }
    })();
    for (let i = 0; i < 3; i++) {
      assert.isTrue(await ends.putting.put(i));
    }
    ends.putting.close();
    await loop;
    assert.deepEqual(seen, [0, 1, 2]);

    const failing = await open<number>();
    failing.putting.close(new Error("the well is dry"));
    const failed = (async () => {
      for await (const _ of failing.taking);
    })();
    assert.include((await rejection(failed)).message, "the well is dry");
  });

  it("CH-11 a loop that is left leaves the channel as it was", async () => {
    const ends = await open<number>();
    const put = Promise.all([ends.putting.put(0), untilTakersWait(ends, 0)]);
    for await (const value of ends.taking) {
      assert.equal(value, 0);
      break;
    }
    await put;
    assert.isFalse(ends.taking.isClosed());
    const next = ends.taking.take();
    await untilTakersWait(ends, 1);
    assert.isTrue(await ends.putting.put(1));
    assert.equal(await next, 1);
  });

  it("DI-12 the two faces of a channel are that channel, each with its own methods only", async () => {
    const ends = await open<string>();
    const out = ends.taking.readPort();
    const into = ends.putting.writePort();
    assert.strictEqual(ends.taking.readPort(), out);
    for (const beyond of ["put", "offer", "close", "cancel"]) {
      assert.notProperty(out, beyond);
    }
    for (const beyond of ["take", "poll", "close", "cancel"]) {
      assert.notProperty(into, beyond);
    }
    const taken = out.take();
    await untilTakersWait(ends, 1);
    assert.isTrue(await into.put("a"));
    assert.equal(await taken, "a");
    const put = Promise.all([into.put("b"), untilTakersWait(ends, 0)]);
    for await (const value of out) {
      assert.equal(value, "b");
      ends.putting.close();
    }
    await put;
    assert.isTrue(into.isClosed());
    assert.isNull(await out.take());
  });

  it("CH-6 DI-12 whoever has given up before an operation begins has done nothing, by a face as by its channel", async () => {
    const { taking, putting } = await open<string>();
    const reason = new Error("enough");
    const given = AbortSignal.abort(reason);
    for (const into of [putting, putting.writePort()]) {
      assert.strictEqual(await rejection(into.put("never", given)), reason);
      assert.strictEqual(await rejection(into.offer("never", PATIENCE, given)), reason);
    }
    const put = putting.put("first");
    for (const out of [taking, taking.readPort()]) {
      assert.strictEqual(await rejection(out.take(given)), reason);
      assert.strictEqual(await rejection(out.poll(PATIENCE, given)), reason);
    }
    assert.equal(await taking.take(), "first");
    assert.isTrue(await put);
  });

  it("CH-3 CH-8 DI-12 a face waits for a time, and tells a cause, as its channel does", async () => {
    const ends = await open<string>();
    const [out, into] = [ends.taking.readPort(), ends.putting.writePort()];
    const polled = out.poll(PATIENCE);
    const offered = into.offer("a", PATIENCE);
    assert.equal(await polled, "a");
    assert.isTrue(await offered);
    ends.putting.close(new Error("no more"));
    await rejection(out.take());
    assert.include(String(out.closeCause()), "no more");
  });
}
