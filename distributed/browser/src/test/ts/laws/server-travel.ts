import { assert } from "chai";
import {
  ask,
  chan,
  connect,
  DEFAULT_LIMITS,
  fixed,
  PeerLostException,
  sliding,
  type Channel,
  type Peer,
  type Request,
  type WritePort,
} from "circulate";
import type { Site } from "./site.js";
import { errorOf, firstNumbers, isSettled, rejection, turn, until } from "./until.js";

/** DI: channels of either side in the hands of the other. */
export function serverTravelLaws(site: Site): void {
  describe("channels that travel to a Java server", () => {
    let peer: Peer;
    let streams: WritePort<Request>;
    before(async () => {
      peer = await connect(site.uri, site.options);
      streams = await ask(peer.root, "get-service", { service: "streams" });
    });
    after(() => peer.close());

    it("DI-2 the same channel is the same proxy, and one that is sent home is the original", async () => {
      const theirs = await ask<Channel<number>>(peer.root, "open", { kind: "fixed", capacity: 4 });
      assert.strictEqual(await ask(peer.root, "echo", { value: theirs }), theirs);
      const ours = chan<number>();
      const home = await ask<{ deep: unknown[] }>(peer.root, "echo", {
        value: { deep: [ours, ours.readPort(), ours.writePort(), [ours]] },
      });
      assert.strictEqual(home.deep[0], ours);
      assert.strictEqual(home.deep[1], ours.readPort());
      assert.strictEqual(home.deep[2], ours.writePort());
      assert.strictEqual((home.deep[3] as unknown[])[0], ours);
    });

    it("DI-4 a slow taker in the page stops a fast putter in Java", async () => {
      const to = chan<number>();
      const call = ask<number>(streams, "put", { to, count: 1_000 });
      const { window } = DEFAULT_LIMITS;
      await until(
        () => `a window of values waits, not ${to.waitingPutters()}`,
        () => to.waitingPutters() === window,
      );
      assert.isFalse(await isSettled(call));
      assert.equal(to.waitingPutters(), window);
      const taken: number[] = [];
      for await (const value of to) {
        taken.push(value);
      }
      assert.deepEqual(taken, firstNumbers(1_000));
      assert.equal(await call, 1_000);
    });

    it("DI-5 a channel of the page's is read to its end in Java", async () => {
      const from = chan<number>(fixed(8));
      const call = ask(streams, "take", { from });
      for (let i = 0; i < 500; i++) {
        assert.isTrue(await from.put(i));
      }
      from.close();
      assert.deepEqual(await call, { taken: 500, "in-order": true });
    });

    it("CH-9 a slow page with a sliding buffer gets the newest, and holds up nobody", async () => {
      const to = chan<number>(sliding(1));
      const taken: number[] = [];
      const slow = (async () => {
        for await (const value of to) {
          taken.push(value);
          await new Promise((resolve) => setTimeout(resolve, 5)); // that is how slow it is
        }
      })();
      assert.equal(await ask(streams, "put", { to, count: 5_000 }), 5_000);
      await slow;
      assert.equal(taken.at(-1), 4_999);
      assert.isBelow(taken.length, 2_500);
      assert.deepEqual(
        taken,
        [...taken].sort((a, b) => a - b),
      );
    });

    it("DI-6 a thousand calls leave both tables as they were", async () => {
      const other = await connect(site.uri, site.options);
      const calculator = await ask<WritePort<Request>>(other.root, "get-service", { service: "calculator" });
      for (let round = 0; round < 20; round++) {
        const calls = firstNumbers(50).map((x) => ask(calculator, "plus-one", { x }));
        assert.deepEqual(
          await Promise.all(calls),
          firstNumbers(50).map((x) => x + 1),
        );
      }
      assert.deepEqual(other.held(), { exports: 0, imports: 1 });
      other.close();
    });

    it("DI-6 a channel that is closed and drained is forgotten", async () => {
      const before = peer.held();
      const theirs = await ask<Channel<number>>(peer.root, "open", { kind: "fixed", capacity: 4 });
      assert.isTrue(await theirs.put(1));
      theirs.close();
      assert.equal(await theirs.take(), 1);
      assert.isNull(await theirs.take());
      const to = chan<number>(4);
      await ask(streams, "put", { to, count: 2 });
      assert.deepEqual([await to.take(), await to.take(), await to.take()], [0, 1, null]);
      await until(
        () => `${JSON.stringify(peer.held())} is ${JSON.stringify(before)}`,
        () => peer.held().imports <= before.imports && peer.held().exports <= before.exports,
      );
    });

    it("DI-8b a peer that is left knows at once, and so does whoever waits for it", async () => {
      const other = await connect(site.uri, site.options);
      const theirs = await ask<Channel<number>>(other.root, "open", { kind: "rendezvous" });
      const taken = rejection(theirs.take());
      const call = errorOf(ask(other.root, "interrupted"));
      await turn();
      other.close();
      assert.instanceOf((await taken).cause, PeerLostException);
      assert.equal((await call).code, "peer-lost");
      assert.isFalse(await theirs.put(1));
      assert.instanceOf(other.lost(), PeerLostException);
      assert.deepEqual(other.held(), { exports: 0, imports: 0 });
      assert.equal((await errorOf(ask(other.root, "name"))).code, "peer-lost");
    });
  });
}
