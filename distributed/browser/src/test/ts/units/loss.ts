import { assert } from "chai";
import { chan, connect, fixed, Peer, promise, type Link, type LinkListener } from "circulate";
import { notingTimers, rejection, turn, until } from "../laws/until.js";
import { bye, HeldLink, MuteAfterwards, resumed } from "./held.js";
import { batch, HELLO, message, ScriptedPeer } from "./scripted.js";

/** What a session leaves when it ends, beneath what a program sees. */
export function lossLaws(): void {
  describe("a session that is lost", () => {
    it("DI-6 DI-8 leaves no link behind that was made to resume it and has said nothing", async () => {
      const transport = new MuteAfterwards();
      const peer = await connect("mute://nobody", { transport, limits: { grace: 50 } });
      transport.links[0]?.listener.ended("cut");
      assert.include((await rejection(peer.ended.take())).message, "no other came within 50 ms");
      await until(
        () => "the second link is closed",
        () => transport.links.length === 2 && transport.links.every(({ isClosed }) => isClosed),
      );
    });

    it("CH-12 DI-7 a link that was followed by another leaves nothing that waits", async () => {
      const transport = new MuteAfterwards();
      const peer = await connect("mute://nobody", { transport, limits: { grace: 60_000 } });
      await notingTimers(async (waiting) => {
        for (let cuts = 0; cuts < 5; cuts++) {
          transport.links.at(-1)?.listener.ended("cut");
          assert.equal(waiting.size, 1);
          await turn();
          transport.links.at(-1)?.listener.frame(resumed(0));
          await turn();
          assert.equal(waiting.size, 0);
        }
      });
      assert.lengthOf(transport.links, 6);
      assert.isNull(peer.lost());
      peer.close();
    });

    it("DI-8 does not resume on a link that is there too late", async () => {
      const transport = new MuteAfterwards();
      const peer = await connect("mute://nobody", { transport });
      transport.links[0]?.listener.ended("cut");
      peer.close(); // while the second is being made
      await turn();
      assert.deepEqual(transport.links[1]?.heard, []);
      assert.isTrue(transport.links[1]?.isClosed);
    });

    it("DI-8 what was said and is not confirmed is undelivered, in order, and what is confirmed is not", async () => {
      let link: HeldLink | undefined;
      const undelivered: unknown[] = [];
      const peer = Peer.over((listener) => (link = new HeldLink(listener)), {
        onUndelivered: (value) => undelivered.push((value as { number: number }).number),
      });
      link?.listener.frame(HELLO);
      for (const number of [1, 2, 3, 4]) {
        assert.isTrue(await peer.root.put({ number } as never));
        await turn(); // a batch each
      }
      link?.listener.frame('["^ ","~:type","~:beat","~:received",2]');
      assert.deepEqual(undelivered, []);
      link?.listener.ended("cut");
      assert.deepEqual(undelivered, [3, 4]);
    });

    it("CH-13 DI-8 a batch in whose midst the page leaves is not confirmed", async () => {
      const undelivered: unknown[] = [];
      const root = chan<unknown>(fixed(1), {
        onUndelivered: (value) => {
          undelivered.push(value);
          if (value === "leave") {
            peer.victim.close();
          }
        },
      });
      root.close();
      const peer = new ScriptedPeer({ root: root.writePort() as never });
      const put = (value: string): string => message("forward", "root", `,"~:body","${value}"`);
      await peer.say(HELLO, batch(1, put("first")), batch(2, put("second"), put("leave"), put("never done")));
      assert.deepEqual(undelivered, ["first", "second", "leave"]);
      assert.include(peer.heard.at(-1), '"~:bye"');
      assert.include(peer.heard.at(-1), '"~:received",1');
    });

    it("DI-8 a page that stood still has not listened: what came meanwhile counts", async () => {
      const clock = performance.now;
      let stoodStill = 0;
      performance.now = () => clock.call(performance) + stoodStill;
      try {
        let listener!: LinkListener;
        let said = (): void => {};
        const link: Link = { peer: "somebody", send: () => said(), backlog: () => 0, close: () => {} };
        const peer = Peer.over((own) => ((listener = own), link), { limits: { beat: 20, silence: 200 } });
        listener.frame(HELLO);
        stoodStill = 1_000;
        const looked = new Promise<void>((resolve) => (said = resolve)); // and says a beat
        await Promise.race([looked, peer.ended.take()]);
        listener.frame('["^ ","~:type","~:beat"]');
        assert.isNull(peer.lost());
        peer.close();
      } finally {
        performance.now = clock;
      }
    });

    it("DI-8 a link that fails at the resume is followed by another", async () => {
      const transport = new MuteAfterwards();
      const peer = await connect("mute://nobody", { transport });
      transport.failing = true;
      transport.links[0]?.listener.ended("cut");
      await until(
        () => "a third link is made",
        () => transport.links.length === 3,
      );
      assert.isTrue(transport.links[1]?.isClosed);
      peer.close();
    });

    it("CH-9 CH-13 what a promise has given, and comes home or does not arrive, is there all the same, once", async () => {
      const undelivered: number[] = [];
      const channel = chan<number>(promise(), { onUndelivered: (value) => undelivered.push(value) });
      channel.offer(7);
      const peer = new ScriptedPeer();
      await peer.say(HELLO);
      void peer.victim.root.put({ channel } as never);
      await turn();
      const guid = /"~#chan-guid",\["([0-9a-f]{32})"/.exec(peer.heard.at(-1) ?? "")?.[1] as string;
      const home = message("home", guid, ',"~:body",7');
      await peer.say(batch(1, message("take", guid, ',"~:count",3')), batch(2, home, home));
      assert.lengthOf(peer.told("value"), 3);
      assert.equal(channel.buffered(), 1);
      await peer.cut();
      assert.deepEqual(undelivered, []);
      channel.cancel();
      assert.deepEqual(undelivered, [7]);
    });

    it("DI-8 makes another link when the server has too much to do to resume it on this one", async () => {
      const transport = new MuteAfterwards();
      const peer = await connect("mute://nobody", { transport });
      transport.links[0]?.listener.ended("cut");
      await turn();
      transport.links[1]?.listener.frame(bye("overloaded"));
      await until(
        () => "a third link is made",
        () => transport.links.length === 3,
      );
      transport.links[2]?.listener.frame(bye("unknown-session"));
      await turn();
      assert.include(peer.lost()?.message, "did not resume the session: so it is");
      assert.isTrue(transport.links.slice(1).every(({ isClosed }) => isClosed));
    });

    for (const [what, frame, words] of [
      ["confirms what was not said", resumed(9), "batch 9 was confirmed"],
      ["answers a resume with something else", batch(1), "is not answered by batch"],
      ["says what cannot be read", "{", "not transit JSON"],
    ] as const) {
      it(`DI-9 DI-8 is ended in words when the server ${what}`, async () => {
        const transport = new MuteAfterwards();
        const peer = await connect("mute://nobody", { transport });
        transport.links[0]?.listener.ended("cut");
        await turn();
        transport.links[1]?.listener.frame(frame);
        await turn();
        assert.include(peer.lost()?.message, words);
        assert.include(transport.links[1]?.heard.at(-1), '"protocol-violation"');
        assert.isTrue(transport.links[1]?.isClosed);
      });
    }
  });
}
