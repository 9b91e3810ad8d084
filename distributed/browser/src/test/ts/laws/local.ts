import { assert } from "chai";
import {
  Alts,
  alts,
  chan,
  dropping,
  fixed,
  go,
  put,
  setUncaughtHandler,
  sliding,
  take,
  ticker,
  timeout,
  unbounded,
  type Channel,
} from "circulate";
import { withClock } from "./clock.js";
import { suite } from "./suite.js";
import { firstNumbers, notingTimers, rejection, turn, until } from "./until.js";
import type { Wiring } from "./wiring.js";

/** Both parties hold the channel itself. */
const LOCAL: Wiring = {
  name: "a channel of one's own",
  slack: 0,
  knowsUndelivered: true,
  async connect<T>(buffer: Parameters<Wiring["connect"]>[0]) {
    const undelivered: T[] = [];
    const channel = chan<T>(buffer, { onUndelivered: (value) => undelivered.push(value) });
    return { putting: channel, taking: channel, undelivered };
  },
  async exchange() {},
  async close() {},
};

/** What a channel promises besides where both ends are one object, and what needs no channel that was given. */
export function localLaws(): void {
  suite(LOCAL);

  describe("local channels", () => {
    it("CH-3 offer says no exactly when the channel is full and nobody takes", async () => {
      const channel = chan<number>(2);
      for (let lap = 0; lap < 3; lap++) {
        assert.isTrue(channel.offer(0));
        assert.isTrue(channel.offer(1));
        assert.isFalse(channel.offer(-1));
        assert.deepEqual([channel.poll(), channel.poll(), channel.poll()], [0, 1, null]);
      }
      const taken = channel.take();
      assert.isTrue(channel.offer(9));
      assert.equal(await taken, 9);
    });

    it("CH-3 poll takes what a waiting putter holds; isClosed tells empty from ended", async () => {
      const channel = chan<number>(1);
      const puts = [channel.put(0), channel.put(1)];
      assert.deepEqual([channel.poll(), channel.poll(), channel.poll()], [0, 1, null]);
      assert.deepEqual(await Promise.all(puts), [true, true]);
      assert.isFalse(channel.isClosed());
      channel.close();
      assert.isNull(channel.poll());
      assert.isTrue(channel.isClosed());
    });

    it("CH-3 drain takes at once what is there, up to so many", () => {
      const channel = chan<number>(2);
      assert.deepEqual(channel.drain(10), []);
      const puts = [0, 1, 2].map((value) => channel.put(value));
      assert.deepEqual(channel.drain(0), []);
      assert.deepEqual(channel.drain(1), [0]);
      assert.deepEqual(channel.drain(Infinity), [1, 2]);
      assert.throws(() => channel.drain(-1), RangeError, "-1");
      return Promise.all(puts);
    });

    it("CH-8 the exception of a failed take carries the very cause, whatever was thrown", async () => {
      for (const cause of [new Error("the well is dry"), "a text", 0, false]) {
        const channel = chan<number>();
        channel.close(cause);
        assert.strictEqual((await rejection(channel.take())).cause, cause);
        assert.strictEqual(channel.closeCause(), cause);
        assert.isNull(channel.poll(), "poll never throws");
      }
    });

    it("CH-8b CH-13 cancel hands what was buffered to the hook, and not what was refused", async () => {
      const undelivered: number[] = [];
      const channel = chan<number>(2, { onUndelivered: (value) => undelivered.push(value) });
      const puts = [0, 1, 2].map((value) => channel.put(value));
      channel.cancel();
      assert.deepEqual(await Promise.all(puts), [true, true, false]);
      assert.deepEqual(undelivered, [0, 1]);
      channel.cancel();
      assert.deepEqual(undelivered, [0, 1]);
      assert.equal(channel.buffered(), 0);
    });

    it("CH-8b cancel after close discards what is left, and the first cause stands", async () => {
      const undelivered: number[] = [];
      const channel = chan<number>(1, { onUndelivered: (value) => undelivered.push(value) });
      const puts = [0, 1].map((value) => channel.put(value));
      channel.close("first");
      channel.cancel("second");
      assert.deepEqual(await Promise.all(puts), [true, false]);
      assert.deepEqual(undelivered, [0]);
      assert.equal(channel.closeCause(), "first");
    });

    it("CH-9 a capacity that cannot be is refused; unbounded never makes wait", async () => {
      for (const capacity of [0, -1, 1.5, NaN, Infinity]) {
        for (const buffer of [fixed, sliding, dropping, chan]) {
          assert.throws(() => buffer(capacity), RangeError, String(capacity));
        }
      }
      const channel = chan<number>(unbounded());
      firstNumbers(1_000).forEach((value) => assert.isTrue(channel.offer(value)));
      assert.deepEqual(channel.drain(Infinity), firstNumbers(1_000));
    });

    it("CH-13 CH-15 what a hook throws goes to the uncaught handler, and the put succeeds", async () => {
      const told: unknown[] = [];
      const former = setUncaughtHandler((_, thrown) => told.push(thrown));
      try {
        const hook = (): never => {
          throw new Error("hook");
        };
        const channel = chan<number>(sliding(1), { onUndelivered: hook });
        assert.isTrue(channel.offer(1));
        assert.isTrue(channel.offer(2));
        assert.equal((told[0] as Error).message, "hook");
      } finally {
        setUncaughtHandler(former);
      }
    });

    it("CH-6 a wait for no number of milliseconds is refused, and has no effect", async () => {
      const channel = chan<number>();
      const waits = [channel.poll(NaN), channel.offer(1, NaN), Alts.first().take(channel, () => 1).timeout(NaN, () => 2).await()]; // prettier-ignore
      for (const wait of waits) {
        assert.instanceOf(await rejection(wait as Promise<unknown>), RangeError);
      }
      assert.deepEqual([channel.waitingTakers(), channel.waitingPutters()], [0, 0]);
      assert.throws(() => timeout(NaN), RangeError);
    });

    it("CH-6 an alts with a default that was given up before it began does nothing", async () => {
      const channel = chan<number>(1);
      channel.offer(1);
      const reason = new Error("enough");
      const choosing = Alts.first().take(channel, () => "took").orElse(() => "nothing"); // prettier-ignore
      assert.strictEqual(await rejection(choosing.await(AbortSignal.abort(reason))), reason);
      assert.equal(channel.buffered(), 1);
    });

    it("CH-12 an operation that is over leaves neither a timer, nor anything at the signal that could have ended it", async () => {
      const { signal } = new AbortController();
      const listening = new Set<unknown>();
      signal.addEventListener = (_: string, listener: unknown) => void listening.add(listener);
      signal.removeEventListener = (_: string, listener: unknown) => void listening.delete(listener);
      await notingTimers(async (waiting) => {
        const channel = chan<number>();
        const taken = [
          channel.poll(60_000, signal),
          channel.take(signal),
          Alts.first().take(channel, Number).timeout(60_000, () => -1).await(signal), // prettier-ignore
        ];
        assert.deepEqual([waiting.size, listening.size], [2, 3]);
        firstNumbers(3).forEach((value) => assert.isTrue(channel.offer(value)));
        assert.deepEqual(await Promise.all(taken), [0, 1, 2]);
        const put = channel.offer(3, 60_000, signal);
        assert.equal(channel.poll(), 3);
        assert.isTrue(await put);
        assert.deepEqual([waiting.size, listening.size], [0, 0]);
      });
    });

    it("CH-3 DI-12 the taking face takes at once what is there, up to a number", () => {
      const channel = chan<number>(3);
      firstNumbers(3).forEach((value) => channel.offer(value));
      assert.deepEqual(channel.readPort().drain(2), [0, 1]);
    });

    it("CH-14 counts can be read", async () => {
      const channel = chan<number>(1);
      const puts = [channel.put(1), channel.put(2)];
      assert.deepEqual([channel.buffered(), channel.waitingPutters(), channel.waitingTakers()], [1, 1, 0]);
      channel.cancel();
      await Promise.all(puts);
    });
  });

  describe("alts and timeouts", () => {
    it("AL-2 the same channel as a take and a put: an alts never meets itself", async () => {
      const channel = chan<number>();
      const both = (): Promise<string> =>
        Alts.first<string>()
          .put(channel, -1, () => "put")
          .take(channel, (value) => `took ${value}`)
          .await();
      const first = both();
      assert.deepEqual([channel.waitingPutters(), channel.waitingTakers()], [1, 1]);
      assert.sameMembers(await Promise.all([first, both()]), ["put", "took -1"]);
      const third = both();
      assert.equal(channel.poll(), -1);
      assert.equal(await third, "put");
      const fourth = both();
      assert.isTrue(channel.offer(4));
      assert.equal(await fourth, "took 4");
      assert.deepEqual([channel.waitingPutters(), channel.waitingTakers()], [0, 0]);
    });

    it("AL-5 an alts that waits to take and to put at the same channel ends when that is closed", async () => {
      const channel = chan<number>();
      const both = Alts.first<string>()
        .put(channel, -1, () => "put")
        .take(channel, (value) => `took ${value}`)
        .onClosed(() => "closed")
        .await();
      assert.deepEqual([channel.waitingPutters(), channel.waitingTakers()], [1, 1]);
      channel.close();
      assert.deepEqual([channel.waitingPutters(), channel.waitingTakers()], [0, 0]);
      assert.equal(await both, "closed");
      assert.isNull(channel.poll());
    });

    it("AL-3 of several that are ready each is chosen equally often", async () => {
      const channels = firstNumbers(4).map(() => chan<number>(1));
      const chosen = [0, 0, 0, 0];
      const draws = 4_000;
      for (let draw = 0; draw < draws; draw++) {
        channels.forEach((channel) => channel.offer(0));
        const alts = Alts.first<number>();
        channels.forEach((channel, index) => alts.take(channel, () => index));
        (chosen[await alts.await()] as number)++;
      }
      const expected = draws / 4;
      const chiSquare = chosen.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      assert.isBelow(chiSquare, 30, `chi-square of ${chosen}`); // exceeded once in 700,000 times by chance
    });

    it("AL-3 with priority the first ready arm is chosen", async () => {
      const busy = chan<number>(1);
      const closed = chan<number>();
      closed.close();
      for (let i = 0; i < 50; i++) {
        busy.offer(i);
        const answer = await Alts.first<string>()
          .take(busy, () => "first")
          .take(closed, () => "second")
          .onClosed(() => "closed")
          .priority()
          .await();
        assert.equal(answer, "first");
      }
    });

    it("AL-4 with a default the call never waits, and leaves nothing behind", async () => {
      const channel = chan<number>();
      const answer = await Alts.first<string>()
        .take(channel, () => "took")
        .put(chan<number>(), -1, () => "put")
        .orElse(() => "nothing")
        .await();
      assert.equal(answer, "nothing");
      assert.equal(channel.waitingTakers(), 0);
    });

    it("AL-7 the typed form takes arms that are counted when it runs", async () => {
      const channels = firstNumbers(3).map(() => chan<number>(1));
      channels[2]?.offer(7);
      const choice = await alts(...channels.map((channel) => take(channel)));
      const moved: [arm: number, value: number] =
        choice.arm === "closed" ? [choice.of, -1] : [choice.arm, choice.value];
      assert.deepEqual(moved, [2, 7]);
    });

    it("AL-5 a loop waits for what a handler answers before it takes again", async () => {
      const [values, gate] = [chan<number>(2), chan<never>()];
      values.offer(1);
      values.offer(2);
      values.close();
      const seen: number[] = [];
      const handler = async (value: number): Promise<void> => {
        seen.push(value);
        await gate.take();
      };
      const loop = Alts.each().take(values, handler).run();
      await turn();
      assert.deepEqual(seen, [1]);
      gate.close();
      await loop;
      assert.deepEqual(seen, [1, 2]);
    });

    it("AL-5 CH-6 a loop ends with what a handler throws, with the cause of an input, or with the signal", async () => {
      const values = chan<number>(2);
      values.offer(1);
      values.offer(2);
      const wrong = new Error("wrong");
      const handler = (): never => {
        throw wrong;
      };
      assert.strictEqual(await rejection(Alts.each().take(values, handler).run()), wrong);
      assert.equal(values.buffered(), 1);

      const [open, failed] = [chan<number>(), chan<number>()];
      failed.close(wrong);
      assert.strictEqual((await rejection(Alts.each().take(open, handler).take(failed, handler).run())).cause, wrong);

      const abort = new AbortController();
      const loop = rejection(Alts.each().take(open, handler).run(abort.signal));
      assert.equal(open.waitingTakers(), 1);
      abort.abort(wrong);
      assert.strictEqual(await loop, wrong);
      assert.equal(open.waitingTakers(), 0);
    });

    it("AL-5 CH-8 a put finds a channel closed, and throws nothing, whatever that was closed with", async () => {
      const failed = chan<number>();
      failed.close(new Error("wrong"));
      assert.deepEqual(await alts(put(failed, 1)), { arm: "closed", of: 0 });
      const choosing = Alts.first().put(failed, 1, () => "put");
      assert.equal(await choosing.onClosed(() => "closed").await(), "closed");
    });

    it("AL-5 an alts without arms, timeout or default is refused", async () => {
      assert.include((await rejection(Alts.first().await())).message, "for ever");
    });

    it("AL-6 a timeout closes after its time, whether anybody waits or not", async () => {
      assert.isFalse(timeout(60_000).isClosed());
      const unwatched = timeout(5);
      assert.isNull(await timeout(5).take());
      await until(
        () => "it is closed",
        () => unwatched.isClosed(),
      );
      assert.isTrue(timeout(0).isClosed());
      assert.isTrue(timeout(-1).isClosed());
      const late = await Alts.first<string>()
        .take(chan<number>(), () => "took")
        .take(timeout(2), () => "never")
        .onClosed(() => "late")
        .await();
      assert.equal(late, "late");
    });

    it("AL-6 a tick that came late makes none after it late", async () => {
      await withClock(async (clock) => {
        const ticks = ticker(100);
        const first = ticks.take();
        clock.pass(130);
        assert.equal(await first, 1);
        void ticks.take();
        assert.deepEqual(clock.waits(), [70]);
      });
    });

    it("AL-6 CH-6 a timeout, or a wait, may be longer than a timer", async () => {
      await withClock(async (clock) => {
        const [late, channel] = [timeout(2 ** 31 + 5), chan<number>()];
        void late.take();
        void channel.poll(2 ** 31 + 5);
        clock.pass(2 ** 31 - 1);
        assert.deepEqual([late.isClosed(), channel.waitingTakers()], [false, 1]);
        assert.deepEqual(clock.waits(), [6, 6]);
        clock.pass(6);
        assert.deepEqual([late.isClosed(), channel.waitingTakers()], [true, 0]);
      });
    });

    it("AL-6 a ticker gives the number of periods that have passed, and drops what nobody takes", async () => {
      const ticks = ticker(5);
      const first = (await ticks.take()) as number;
      assert.isAtLeast(first, 1);
      await new Promise((resolve) => setTimeout(resolve, 20)); // so that ticks pass that nobody takes
      const second = (await ticks.take()) as number;
      assert.isAbove(second, first);
      assert.isAbove((await ticks.take()) as number, second);
      assert.throws(() => ticker(0), RangeError);
    });
  });

  describe("go blocks", () => {
    it("GO-1 go gives the body's result once and closes; nothing only closes", async () => {
      const result = go(async () => 42);
      assert.equal(await result.take(), 42);
      assert.isNull(await result.take());
      assert.isNull(await go(() => {}).take());
      assert.equal(await go(() => 0).take(), 0);
    });

    it("GO-2 what the body throws closes the channel with that cause", async () => {
      const cause = new Error("it went wrong");
      const failing: Channel<never> = go(() => {
        throw cause;
      });
      assert.strictEqual((await rejection(failing.take())).cause, cause);
    });

    it("GO-2 what the body throws is a failure, though it be nothing", async () => {
      for (const nothing of [undefined, null]) {
        const failing: Channel<never> = go(() => Promise.reject(nothing));
        assert.include((await rejection(failing.take())).message, `failed with ${nothing}`);
      }
    });

    it("GO-1 a go block runs beside the code that started it", async () => {
      const order: string[] = [];
      const block = go(async () => {
        order.push("block");
      });
      order.push("starter");
      await block.take();
      await turn();
      assert.deepEqual(order, ["starter", "block"]);
    });
  });
}
