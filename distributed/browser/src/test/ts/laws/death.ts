import { assert } from "chai";
import {
  Alts,
  ask,
  chan,
  connect,
  DEFAULT_LIMITS,
  fixed,
  PeerLostException,
  Root,
  type Channel,
  type ConnectOptions,
  type Peer,
  type Request,
  type WritePort,
} from "circulate";
import type { Site } from "./site.js";
import { firstNumbers, isSettled, rejection, turn, until } from "./until.js";

const GRACE = 200;

/** DI-8: what becomes of channels, and of what is on its way, when the server is lost. */
export function deathLaws(site: Site): void {
  describe("a Java server that is lost", () => {
    let control: Peer;
    before(async () => {
      control = await connect(site.uri, site.options);
    });
    after(() => control.close());

    function doomed(options: ConnectOptions = {}): Promise<Peer> {
      return connect(site.relay, { ...site.options, ...options, limits: { grace: GRACE, ...options.limits } });
    }

    /** Breaks the link for good; what is done before `away` has told ends is still said to a link that is not there. */
    async function lose(peer: Peer, meanwhile: () => Promise<void> = turn): Promise<PeerLostException> {
      await ask(control.root, "shut", { away: true });
      try {
        await ask(control.root, "cut");
        await meanwhile();
        return (await rejection(peer.ended.take())).cause as PeerLostException;
      } finally {
        await ask(control.root, "shut", { away: false });
      }
    }

    it("DI-8 proxies close with the cause: takes and alts that wait end, puts that wait answer false", async () => {
      const undelivered: number[] = [];
      const peer = await doomed({ limits: { window: 4 }, onUndelivered: (value) => undelivered.push(value as number) });
      const theirs = await ask<Channel<number>>(peer.root, "open", { kind: "rendezvous" });
      const empty = await ask<Channel<number>>(peer.root, "open", { kind: "rendezvous" });
      assert.isTrue(await theirs.put(0)); // waits there to be accepted, for ever
      await ask(peer.root, "list"); // so it has arrived
      const taken = rejection(empty.take());
      const either = rejection(
        Alts.first<unknown>()
          .take(empty, (value) => value)
          .await(),
      );
      let puts: Promise<boolean>[] = [];
      const lost = await lose(peer, async () => {
        puts = firstNumbers(6).map((i) => theirs.put(i + 1)); // a window of 4 has room for 3 beside the first
        await turn();
        assert.deepEqual(await Promise.all(puts.map(isSettled)), [true, true, true, false, false, false]);
      });
      assert.instanceOf(lost, PeerLostException);
      assert.strictEqual((await taken).cause, lost);
      assert.strictEqual((await either).cause, lost);
      assert.deepEqual(await Promise.all(puts), [true, true, true, false, false, false]);
      assert.deepEqual(undelivered, [1, 2, 3], "accepted, and not confirmed");
      assert.strictEqual(theirs.closeCause(), lost);
      assert.isFalse(theirs.offer(9));
      assert.deepEqual(peer.held(), { exports: 0, imports: 0 });
    });

    it("DI-8 a channel of the page's stays open: nobody there takes or puts any more, others here do", async () => {
      const peer = await doomed();
      const streams = await ask<WritePort<Request>>(peer.root, "get-service", { service: "streams" });
      const from = chan<number>();
      const to = chan<number>();
      const taking = ask(streams, "take", { from }).catch(() => {});
      const putting = ask(streams, "put", { to, count: 1_000 }).catch(() => {});
      assert.isTrue(await from.put(0)); // the server takes
      const { window } = DEFAULT_LIMITS;
      await until(
        () => `a window of values waits, not ${to.waitingPutters()}`,
        () => to.waitingPutters() === window,
      );
      const lost = await lose(peer);
      await Promise.all([taking, putting]);
      assert.isFalse(from.isClosed() || to.isClosed());
      assert.equal(from.waitingTakers(), 0);
      assert.isFalse(from.offer(1), "no value is swallowed by who is gone");
      const values: number[] = [];
      for (let value = to.poll(); value !== null; value = to.poll()) {
        values.push(value);
      }
      assert.deepEqual(values, firstNumbers(window), "what had come is there");
      const waits = to.take();
      assert.isFalse(await isSettled(waits));
      to.close(lost); // that is the program's to decide
      assert.strictEqual((await rejection(waits)).cause, lost);
    });

    it("DI-8 a channel of the page's closes with the server where the program says so", async () => {
      const peer = await doomed();
      const ticks = chan<number>(fixed(4));
      const streams = await ask<WritePort<Request>>(peer.root, "get-service", { service: "streams" });
      void ask(streams, "put", { to: ticks, count: 1_000 }).catch(() => {});
      closeWith(peer, ticks);
      let taken = 0;
      let losing: Promise<unknown> | null = null;
      const plotting = (async () => {
        for await (const tick of ticks) {
          assert.equal(tick, taken++);
          if (taken === 10) {
            losing = lose(peer);
          }
        }
      })();
      assert.instanceOf((await rejection(plotting)).cause, PeerLostException);
      assert.isAtLeast(taken, 10);
      await losing;
    });

    it("DI-8 a value of the page's that was taken for the server and not confirmed is undelivered", async () => {
      const undelivered: number[] = [];
      const peer = await doomed();
      const streams = await ask<WritePort<Request>>(peer.root, "get-service", { service: "streams" });
      const from = chan<number>({ kind: "rendezvous" }, { onUndelivered: (value) => undelivered.push(value) });
      const call = ask(streams, "take", { from }).catch(() => {});
      await until(
        () => "the server takes",
        () => from.waitingTakers() === 1,
      );
      await lose(peer, async () => {
        assert.isTrue(await from.put(42));
        assert.deepEqual(undelivered, []);
      });
      await call;
      assert.deepEqual(undelivered, [42]);
    });

    it("DI-8 SV-6 a command of the page's is told that its caller is gone", async () => {
      const told = chan<string>(4);
      const root = Root.named("page").handler("wait", async (_request, { signal }) => {
        await told.put("began");
        await rejection(chan().take(signal));
        await told.put(`told: ${(signal.reason as Error).message}`);
        return "too late";
      });
      const peer = await doomed({ root });
      const call = ask(peer.root, "ask-back", { root: root.port, command: "wait" }).catch((e: unknown) => String(e));
      assert.equal(await told.take(), "began");
      await lose(peer);
      assert.include(await told.take(), "told: ");
      assert.include(await call, "peer-lost");
      assert.deepEqual(peer.held(), { exports: 0, imports: 0 });
    });
  });
}

/** As the documentation has it. */
function closeWith(peer: Peer, ticks: Channel<number>): void {
  peer.ended.take().catch(() => ticks.close(peer.lost()));
}
