import { assert } from "chai";
import { ask, chan, fixed, Peer, setUncaughtHandler, type Channel, type Request } from "circulate";
import { readPacket, type Packet } from "../../../main/ts/runtime/packet.js";
import { memoryLink } from "../laws/memory-link.js";
import { errorOf, firstNumbers, rejection, turn } from "../laws/until.js";
import { batch, HELLO, helloWith, holding, message, ScriptedPeer } from "./scripted.js";

const FORWARD = ',"~:body",1';

function packets(peer: ScriptedPeer): Packet[] {
  return peer.heard.map((text) => readPacket(text, 1 << 20));
}

/** Puts so many values to the peer's root; most may wait. */
async function putMany(peer: ScriptedPeer, count: number): Promise<void> {
  firstNumbers(count).forEach((i) => void peer.victim.root.put({ _cmd: "note", i } as never));
  await turn();
}

/** Gives the peer a channel, and answers the name that it has there. */
async function give(peer: ScriptedPeer, channel: Channel<number>): Promise<string> {
  void peer.victim.root.put({ _cmd: "take this", channel } as never);
  await turn();
  return /"~#chan-guid",\["([0-9a-f]{32})","ptc"/.exec(peer.heard.at(-1) ?? "")?.[1] as string;
}

/** How many values may be on their way is agreed on in the hellos. */
export function windowLaws(): void {
  describe("the window", () => {
    it("DI-4 is told in the hello", () => {
      const windows = [new ScriptedPeer(), new ScriptedPeer({ limits: { window: 7 } })].map((peer) => {
        const [hello] = packets(peer);
        return hello?.type === "hello" ? hello.window : null;
      });
      assert.deepEqual(windows, [256, 7]);
    });

    for (const [theirs, ours, agreed] of [
      [8, 256, 8],
      [300, 256, 256],
      [300, 20, 20],
      [0, 256, 64],
      [0, 20, 20],
    ] as const) {
      it(`DI-4 is ${agreed} between a peer that tells ${theirs} and one that tells ${ours}`, async () => {
        const peer = new ScriptedPeer({ limits: { window: ours } });
        await peer.say(theirs === 0 ? HELLO : helloWith(theirs));
        await putMany(peer, 400);
        assert.lengthOf(peer.told("forward"), agreed);
        await peer.say(batch(1, message("credit", "root", ',"~:count",3')));
        assert.lengthOf(peer.told("forward"), agreed + 3);
      });
    }

    it("DI-4 is 64 until the peer has said hello, and then what was agreed on", async () => {
      const peer = new ScriptedPeer();
      await putMany(peer, 200);
      assert.lengthOf(peer.told("forward"), 64);
      await peer.say(helloWith(100));
      assert.lengthOf(peer.told("forward"), 100);
    });

    it("DI-4 who has put more than the peer then allows waits for credit", async () => {
      const peer = new ScriptedPeer();
      await putMany(peer, 3);
      await peer.say(helloWith(2));
      await putMany(peer, 3);
      assert.lengthOf(peer.told("forward"), 3);
      await peer.say(batch(1, message("credit", "root", ',"~:count",2')));
      assert.lengthOf(peer.told("forward"), 4);
    });

    it("DI-4 an owner gives credit when half a window was accepted", async () => {
      const peer = new ScriptedPeer();
      await peer.say(helloWith(10));
      const target = await give(peer, chan<number>(fixed(20)));
      await peer.say(batch(1, ...firstNumbers(10).map(() => message("forward", target, FORWARD))));
      assert.deepEqual(
        peer.told("credit").map(({ count }) => count),
        [5, 5],
      );
    });

    it("DI-9 a holder may fill the window that was agreed on, and no more", async () => {
      const peer = new ScriptedPeer();
      await peer.say(helloWith(200));
      const channel = chan<number>();
      const forward = message("forward", await give(peer, channel), FORWARD);
      await peer.say(batch(1, ...firstNumbers(200).map(() => forward)));
      assert.equal(channel.waitingPutters(), 200);
      assert.isNull(peer.victim.lost());
      await peer.say(batch(2, forward));
      assert.include(peer.victim.lost()?.message, "more than 200 values");
    });

    it("DI-9 a channel in which more than a window of the holder's waits is not given to it again", async () => {
      const undelivered: unknown[] = [];
      const peer = new ScriptedPeer({ onUndelivered: (value) => undelivered.push(value) });
      await peer.say(HELLO);
      const channel = chan<number>();
      let number = 1;
      for (const waiting of [64, 128]) {
        const target = await give(peer, channel);
        const forwards = firstNumbers(64).map(() => message("forward", target, FORWARD));
        await peer.say(batch(number++, ...forwards, message("release", target, ',"~:count",1')));
        assert.equal(channel.waitingPutters(), waiting);
      }
      const former = setUncaughtHandler(() => {});
      try {
        await peer.victim.root.put({ _cmd: "take this", channel } as never);
        await turn();
      } finally {
        setUncaughtHandler(former);
      }
      assert.deepEqual(undelivered, [{ _cmd: "take this", channel }]);
      assert.deepEqual(peer.victim.held(), { exports: 0, imports: 0 });
      for (let taken = 0; taken < 64; taken++) {
        await channel.take();
      }
      assert.isString(await give(peer, channel));
      assert.isNull(peer.victim.lost());
    });

    it("DI-4 DI-9 credit for what a proxy left behind may be its successor's: that is honest", async () => {
      const peer = new ScriptedPeer();
      await peer.say(HELLO);
      const channel = chan<number>();
      const target = await give(peer, channel);
      assert.equal(await give(peer, channel), target); // it crosses the release
      const forwards = firstNumbers(64).map(() => message("forward", target, FORWARD));
      await peer.say(batch(1, ...forwards, message("release", target, ',"~:count",1')));
      assert.lengthOf(channel.drain(64), 64);
      await turn();
      assert.deepEqual(
        peer.told("credit").map(({ count }) => count),
        [32, 32],
      );
      await peer.say(batch(2, ...forwards)); // the next proxy's own window
      await peer.say(batch(3, ...forwards)); // and what it was told of the values of the one before
      assert.isNull(peer.victim.lost());
      assert.lengthOf(channel.drain(200), 128);
      await peer.say(batch(4, ...forwards, ...forwards, message("forward", target, FORWARD)));
      assert.include(peer.victim.lost()?.message, "more than 64 values");
    });

    it("DI-5 a close is told when the last put before it is given up, without credit", async () => {
      const { peer, proxy } = await holding("ptc", { limits: { window: 2 } });
      const giveUp = new AbortController();
      const sent = [proxy.put(0), proxy.put(1)];
      const waiting = [proxy.put(2, giveUp.signal), proxy.put(3, giveUp.signal)];
      proxy.close();
      assert.deepEqual(await Promise.all(sent), [true, true]);
      assert.deepEqual([peer.told("forward").length, peer.told("close").length], [2, 0]);
      giveUp.abort();
      await Promise.all(waiting.map(rejection));
      await turn();
      assert.deepEqual([peer.told("forward").length, peer.told("close").length], [2, 1]);
      peer.victim.close();
    });

    it("DI-5 a close that comes while a value is written is told after it", async () => {
      const { peer, proxy } = await holding("ptc");
      let read = 0;
      const value = {
        get last() {
          if (++read === 2) {
            proxy.close(); // it is looked at when it is put, and read again when it is written
          }
          return read;
        },
      };
      assert.isTrue(await proxy.put(value));
      await turn();
      const all = peer.heard.join("\n");
      assert.include(all, '"last",2');
      assert.isBelow(all.indexOf('"last"'), all.indexOf('"~:close"'), all);
      peer.victim.close();
    });

    it("SV-4 DI-8 each request to a root that is closed is answered, also beyond a window", async () => {
      const root = chan<Request>();
      root.close();
      const { near, far } = memoryLink();
      const caller = Peer.over(near, { limits: { window: 64 } });
      Peer.over(far, { root: root.writePort(), limits: { window: 64 } });
      for (let i = 0; i < 3 * 64; i++) {
        const error = await errorOf(ask(caller.root, "x", {}, { timeout: 5_000 }));
        assert.equal(error.code, "unknown-service", `request ${i}`);
      }
      caller.close();
    });

    it("DI-9 a holder that began before it heard the hello has not done wrong", async () => {
      const peer = new ScriptedPeer({ limits: { window: 2 } });
      await peer.say(HELLO);
      const channel = chan<number>();
      const target = await give(peer, channel);
      const forwards = firstNumbers(64).map(() => message("forward", target, FORWARD));
      await peer.say(batch(1, ...forwards), batch(2, message("take", target, ',"~:count",64')));
      assert.isNull(peer.victim.lost());
    });
  });
}
