import { assert } from "chai";
import {
  ask,
  chan,
  connect,
  fixed,
  PeerLostException,
  type Channel,
  type Peer,
  type Request,
  type WritePort,
} from "circulate";
import type { Site } from "./site.js";
import { errorOf, firstNumbers, rejection, turn } from "./until.js";

/** DI-7, DI-8, DI-11: links that break, and who is let in. */
export function serverLinkLaws(site: Site): void {
  describe("links that are cut", () => {
    let control: Peer;
    before(async () => {
      control = await connect(site.uri, site.options);
    });
    after(() => control.close());

    let over = true;
    afterEach(() => void (over = true));

    /**
     * Cuts the links through the relay again and again, each time when something has been done since, until told to
     * end; that answers how often.
     */
    function cutting(pause: number, done: () => number): () => Promise<number> {
      over = false;
      let cuts = 0;
      const all = (async () => {
        for (let before = done(); !over; before = done()) {
          await new Promise((resolve) => setTimeout(resolve, pause)); // that is how often
          while (!over && done() === before) {
            await turn();
          }
          await ask(control.root, "cut");
          cuts++;
        }
      })();
      return async () => {
        over = true;
        await all;
        return cuts;
      };
    }

    it("DI-7 streams both ways lose, double and reorder nothing", async () => {
      const peer = await connect(site.relay, site.options);
      const streams = await ask<WritePort<Request>>(peer.root, "get-service", { service: "streams" });
      const values = 500;
      const taken: number[] = [];
      const stop = cutting(30, () => performance.now()); // whatever has passed
      const to = chan<number>(fixed(8));
      const from = chan<number>(fixed(8));
      const put = ask(streams, "put", { to, count: values }, { timeout: 60_000 });
      const take = ask(streams, "take", { from }, { timeout: 60_000 });
      const putting = (async () => {
        for (let i = 0; i < values; i++) {
          assert.isTrue(await from.put(i));
          if (i % 16 === 0) {
            await turn();
          }
        }
        from.close();
      })();
      for await (const value of to) {
        taken.push(value);
      }
      await putting;
      assert.deepEqual(taken, firstNumbers(values));
      assert.equal(await put, values);
      assert.deepEqual(await take, { taken: values, "in-order": true });
      assert.isAbove(await stop(), 2, "cuts");
      assert.isNull(peer.lost());
      peer.close();
    });

    it("DI-7 calls of 64 callers go on", async () => {
      const peer = await connect(site.relay, site.options);
      const calculator = await ask<WritePort<Request>>(peer.root, "get-service", { service: "calculator" });
      let answered = 0;
      const stop = cutting(20, () => answered);
      const callers = firstNumbers(64).map(async (caller) => {
        for (let i = 0; i < 20; i++) {
          assert.equal(await ask(calculator, "plus-one", { x: caller * 1_000 + i }), caller * 1_000 + i + 1);
          answered++;
          await turn();
        }
      });
      await Promise.all(callers);
      await stop();
      await ask(control.root, "cut");
      assert.equal(await ask(calculator, "plus-one", { x: 1 }), 2);
      assert.deepEqual(peer.held(), { exports: 0, imports: 1 });
      peer.close();
    });

    it("DI-8 who does not come back within the grace is lost, and what may not have arrived is told", async () => {
      const undelivered: unknown[] = [];
      const peer = await connect(site.relay, {
        ...site.options,
        limits: { grace: 200 },
        onUndelivered: (value) => undelivered.push(value),
      });
      const theirs = await ask<Channel<number>>(peer.root, "open", { kind: "fixed", capacity: 4 });
      const call = errorOf(ask(peer.root, "interrupted"));
      await turn();
      await ask(control.root, "shut", { away: true });
      try {
        await ask(control.root, "cut");
        const taken = rejection(theirs.take());
        assert.isTrue(await theirs.put(1));
        assert.instanceOf(await rejection(peer.ended.take()), Error);
        assert.include(peer.lost()?.message, "no other came within 200 ms");
        assert.instanceOf((await taken).cause, PeerLostException);
        assert.equal((await call).code, "peer-lost");
        assert.isFalse(await theirs.put(2));
        assert.deepEqual(undelivered, [1]);
      } finally {
        await ask(control.root, "shut", { away: false });
      }
      const again = await connect(site.relay, site.options);
      assert.equal(await ask(again.root, "name"), "laws");
      again.close();
    });

    it("DI-11 a server that demands proof hears who shows it, and nobody else", async () => {
      const alice = await connect(site.guarded, { ...site.options, credentials: "Bearer a secret" });
      assert.include(await ask<string>(alice.root, "who"), "alice");
      alice.close();
      for (const credentials of [{}, { credentials: "Bearer a guess" }]) {
        const failure = await rejection(connect(site.guarded, { ...site.options, ...credentials }));
        assert.include(failure.message, site.guarded);
      }
    });

    it("who connects to nobody is told who was not there", async () => {
      const nobody = site.uri.replace(/:\d+/, ":9");
      assert.include((await rejection(connect(nobody, site.options))).message, nobody);
      const elsewhere = site.uri.replace("/csp", "/elsewhere");
      assert.include((await rejection(connect(elsewhere, site.options))).message, elsewhere);
    });
  });
}
