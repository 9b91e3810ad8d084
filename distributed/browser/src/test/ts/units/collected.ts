import { assert } from "chai";
import transit from "transit-js";
import {
  ask,
  chan,
  connect,
  fixed,
  go,
  GoFor,
  Peer,
  Request,
  Root,
  service,
  setUncaughtHandler,
  timeout,
  type Channel,
} from "circulate";
import { writePacket } from "../../../main/ts/runtime/packet.js";
import { TwoSpaces } from "../laws/memory.js";
import { memoryLink } from "../laws/memory-link.js";
import { batch, HELLO, helloWith, message, ScriptedPeer } from "./scripted.js";
import type { Site } from "../laws/site.js";
import { firstNumbers, turn, until } from "../laws/until.js";

declare const gc: () => void;

/** Collects garbage again and again until something is so. */
function untilCollected(what: () => string, condition: () => boolean | Promise<boolean>): Promise<void> {
  return until(what, async () => {
    gc();
    await turn();
    return condition();
  });
}

/** What becomes of what nobody refers to any more. Only where garbage can be collected on demand. */
export function collectedLaws(): void {
  describe("what nobody refers to", () => {
    it("AL-6 a timeout that nobody waits for is collected, and so is one that was given up", async () => {
      const abandoned = await (async () => {
        const unwatched = timeout(1e9);
        const givenUp = timeout(1e9);
        await givenUp.poll(1);
        return [new WeakRef(unwatched), new WeakRef(givenUp)];
      })();
      await untilCollected(
        () => "both are collected",
        () => abandoned.every((one) => one.deref() === undefined),
      );
    });

    it("GO-2 a failure that nobody takes goes to the uncaught handler, one that was taken does not", async () => {
      const told: unknown[] = [];
      const former = setUncaughtHandler((_, thrown) => told.push(thrown));
      try {
        await (async () => {
          const taken = go(() => {
            throw new Error("taken");
          });
          await taken.take().catch(() => null);
          go(() => {
            throw new Error("nobody took it");
          });
        })();
        await untilCollected(
          () => "the failure is told",
          () => told.length > 0,
        );
        assert.deepEqual(told.map(String), ["Error: nobody took it"]);
      } finally {
        setUncaughtHandler(former);
      }
    });

    it("GO-2 a failure for which the channel is closed already goes there, too, unless it was asked for", async () => {
      const told: unknown[] = [];
      const former = setUncaughtHandler((_, thrown) => told.push(thrown));
      try {
        await (async () => {
          const givenUp = GoFor.of((g) => g.ask("x", chan<Request>().writePort(), "wait")).start();
          const failing = go(async () => {
            await turn();
            throw new Error("too late to be taken");
          });
          await turn();
          givenUp.cancel();
          failing.close();
          await turn();
          await turn();
        })();
        await untilCollected(
          () => "the failure is told",
          () => told.length > 0,
        );
        assert.deepEqual(told.map(String), ["Error: too late to be taken"]);
      } finally {
        setUncaughtHandler(former);
      }
    });

    it("GO-2 a failure that was taken keeps nothing, though it knows its channel", async () => {
      const known = await (async () => {
        const all: unknown[] = [];
        const failing = go(async () => {
          await turn();
          throw Object.assign(new Error("known"), { all });
        });
        all.push(failing);
        await failing.take().catch(() => null);
        return new WeakRef(all);
      })();
      await untilCollected(
        () => "nothing is kept",
        () => known.deref() === undefined,
      );
    });

    it("CH-12 a call that was answered is not kept by the signal that could have ended it", async () => {
      const { signal } = new AbortController();
      const answers = service({ echo: ({ x }) => x === undefined });
      const known = await (async () => {
        const all: unknown[] = [];
        const held = Object.assign(chan<number>(), { all });
        await ask(answers, "echo", { x: held }, { signal });
        await GoFor.of((g) => g.ask("x", answers, "echo", { x: held }, { signal }))
          .start()
          .take();
        return new WeakRef(all);
      })();
      await untilCollected(
        () => "nothing is kept",
        () => known.deref() === undefined,
      );
      assert.isFalse(signal.aborted);
    });

    it("DI-9 a long name takes its room once, however often it stands in a frame", async () => {
      const root = chan<unknown>();
      const peer = new ScriptedPeer({ root: root.writePort() as never });
      const [name, times] = ["n".repeat(100_000), 2_000];
      const body = Array.from({ length: times }, () => transit.keyword(name));
      const frame = writePacket({
        type: "batch",
        number: 1,
        received: 0,
        messages: [{ type: "forward", target: "root", body }],
      });
      gc();
      const before = process.memoryUsage().heapUsed;
      await peer.say(HELLO, frame);
      const names = root.poll() as string[];
      gc();
      assert.isBelow(process.memoryUsage().heapUsed - before, 20 * frame.length);
      assert.lengthOf(names, times);
      assert.isTrue(names.every((one) => one === name));
    });

    it("DI-6 a proxy is forgotten on both sides", async () => {
      const spaces = new TwoSpaces();
      await (async () => {
        for (let i = 0; i < 20; i++) {
          const proxy = await spaces.send(chan<number>(4));
          assert.isTrue(await proxy.put(i));
        }
      })();
      await untilCollected(
        () => `a ${JSON.stringify(spaces.a.held())}, b ${JSON.stringify(spaces.b.held())}`,
        () => spaces.a.held().imports === 0 && spaces.b.held().exports === 0,
      );
      spaces.b.close();
    });

    it("DI-6 DI-8 of a session that has ended nothing is kept, though its hook knows a proxy", async () => {
      const known = await (async () => {
        const ends = memoryLink();
        const far = chan<number>();
        const other = Peer.over(ends.far, { root: Root.named("far").handler("channel", () => far) });
        const all: unknown[] = [];
        const peer = Peer.over(ends.near, { onUndelivered: (value) => all.push(value) });
        all.push(await ask(peer.root, "channel"));
        peer.close();
        await other.ended.poll(1_000).catch(() => null);
        return new WeakRef(all);
      })();
      await untilCollected(
        () => "nothing is kept",
        () => known.deref() === undefined,
      );
    });

    it("DI-6 DI-8 a value that still waits for a taker does not keep the session that it came by", async () => {
      const waited = chan<string>();
      const known = await (async () => {
        const ends = memoryLink();
        const all: unknown[] = [];
        const owner = Peer.over(ends.far, {
          root: Root.named("owner").handler("channel", () => waited),
          onUndelivered: (value) => all.push(value),
        });
        const putter = Peer.over(ends.near);
        const proxy = await ask<Channel<string>>(putter.root, "channel");
        assert.isTrue(await proxy.put("waits"));
        await until(
          () => "the value waits",
          () => waited.waitingPutters() === 1,
        );
        putter.close();
        await owner.ended.poll(1_000).catch(() => null);
        return new WeakRef(all);
      })();
      await untilCollected(
        () => "nothing is kept",
        () => known.deref() === undefined,
      );
      assert.equal(await waited.poll(1_000), "waits");
    });

    it("DI-6 a proxy that somebody waits at is not", async () => {
      const spaces = new TwoSpaces();
      const channel = chan<number>();
      const taken = (await spaces.send(channel)).take();
      for (let i = 0; i < 5; i++) {
        gc();
        await turn();
      }
      assert.isTrue(await channel.put(7));
      assert.equal(await taken, 7);
      spaces.b.close();
    });

    it("DI-6 values that came for takers who gave up go home, and are next in their order", async () => {
      const spaces = new TwoSpaces();
      for (let round = 0; round < 5; round++) {
        const channel = chan<number>(fixed(20));
        firstNumbers(20).forEach((value) => channel.offer(value));
        const got = await takeHastily(await spaces.send(channel));
        await untilCollected(
          () => `a ${JSON.stringify(spaces.a.held())}, b ${JSON.stringify(spaces.b.held())}`,
          () => spaces.a.held().imports === 0 && spaces.b.held().exports === 0,
        );
        assert.deepEqual([...got, ...channel.drain(20)], firstNumbers(20));
      }
      spaces.b.close();
    });

    it("DI-6 a proxy that was closed here and there is let go, though what waited to be put was refused", async () => {
      const given: Channel<unknown>[] = [];
      const root = Root.named("page").handler("keep", (request) => {
        given.push(request.argument("channel") as Channel<unknown>);
      });
      const peer = new ScriptedPeer({ root });
      const body = ',"~:body",["^ ","~:_cmd","keep","~:channel",["~#chan-guid",["theirs","ptc",false]]]';
      await peer.say(helloWith(1), batch(1, message("forward", "root", body)));
      const puts = await (async () => {
        const [proxy] = given.splice(0) as [Channel<unknown>];
        const both = Promise.all([proxy.put(1), proxy.put(2)]);
        proxy.close();
        await peer.say(batch(2, message("closed", "theirs")));
        return both;
      })();
      assert.deepEqual(puts, [true, false]);
      await untilCollected(
        () => `it is released: ${peer.heard.join("\n")}`,
        () => peer.told("release").length === 1,
      );
      peer.victim.close();
    });

    it("DI-6 a proxy that is closed and let go at once has told of its close", async () => {
      const spaces = new TwoSpaces();
      const channel = chan<number>(1);
      await (async () => {
        const proxy = await spaces.send(channel);
        await proxy.put(1);
        proxy.close();
      })();
      gc();
      assert.deepEqual([await channel.take(), await channel.take()], [1, null]);
      spaces.b.close();
    });
  });
}

/** Takes what comes in no time: most takers give up just before their value comes. */
async function takeHastily(proxy: Channel<number>): Promise<number[]> {
  const got: number[] = [];
  for (let i = 0; i < 6; i++) {
    const value = await proxy.poll(i / 4);
    if (value !== null) {
      got.push(value);
    }
  }
  return got;
}

/** The same with a Java server. */
export function collectedWithServer(site: Site): void {
  describe("what nobody refers to, of a Java server's", () => {
    it("DI-6 a proxy is forgotten on both sides", async () => {
      const peer = await connect(site.uri, site.options);
      const theirs = async (): Promise<number> => (await ask<{ exports: number }>(peer.root, "held")).exports;
      const before = await theirs();
      await (async () => {
        for (let i = 0; i < 20; i++) {
          await ask(peer.root, "open", { kind: "rendezvous" });
        }
      })();
      await untilCollected(
        () => JSON.stringify(peer.held()),
        async () => peer.held().imports === 0 && (await theirs()) <= before,
      );
      peer.close();
    });
  });
}
