import { assert } from "chai";
import { chan, connect, Peer, Root, type Channel, type Link, type LinkListener, type Transport } from "circulate";
import { firstNumbers, turn, until } from "../laws/until.js";
import { batch, HELLO, helloWith, message, ScriptedPeer } from "./scripted.js";

/** Counts the characters that are written while something is done. */
async function written(what: () => Promise<void>): Promise<number> {
  const sound = JSON.stringify;
  let sum = 0;
  JSON.stringify = ((...args: Parameters<typeof sound>) => {
    const text = sound(...args);
    sum += text.length;
    return text;
  }) as typeof sound;
  try {
    await what();
  } finally {
    JSON.stringify = sound;
  }
  return sum;
}

/** What goes into a frame. */
export function batchLaws(): void {
  describe("a batch", () => {
    it("DI-4 is as long as it may be, and nothing is written twice to find that out", async () => {
      const peer = new ScriptedPeer({ limits: { unacked: 1 << 30 } });
      await peer.say(helloWith(64));
      const before = peer.heard.length;
      const sum = await written(async () => {
        firstNumbers(64).forEach((i) => void peer.victim.root.put({ i, text: `${"x".repeat(100_000)}\n` } as never));
        await turn();
      });
      const frames = peer.heard.slice(before);
      assert.lengthOf(peer.told("forward"), 64);
      assert.isAtMost(sum, 1.5 * frames.join("").length);
      assert.lengthOf(frames, 32);
      frames.forEach((frame) => assert.isAtMost(frame.length, 1 << 18));
    });

    it("DI-9 of reasons is no longer than a frame, whatever they are made of", async () => {
      const given: Channel<unknown>[] = [];
      const root = Root.named("page").handler("keep", (request) => {
        given.push(...(request.argument("channels") as Channel<unknown>[]));
      });
      const peer = new ScriptedPeer({ root, limits: { unacked: 1 << 30 } });
      const channels = firstNumbers(64).map((i) => `["~#chan-guid",["${i}","ptc",false]]`);
      const body = `,"~:body",["^ ","~:_cmd","keep","~:channels",[${channels.join()}]],"~:request",true`;
      await peer.say(HELLO, batch(1, message("forward", "root", body)));
      given.forEach((proxy) => proxy.close(new Error("\u0001".repeat(4_096))));
      await turn();
      assert.lengthOf(peer.told("close"), 64);
      peer.heard.forEach((frame) => assert.isAtMost(frame.length, 1 << 20));
    });

    it("DI-7 that fits by a hair is refused, not too long when it is said again", async () => {
      const frame = 2_000;
      const links: { heard: string[]; listener: LinkListener }[] = [];
      const transport: Transport = {
        connect(_uri: string, listener: LinkListener): Promise<Link> {
          const heard: string[] = [];
          links.push({ heard, listener });
          return Promise.resolve({ peer: "", send: (text) => heard.push(text), backlog: () => 0, close: () => {} });
        },
      };
      const hello = HELLO.replace(/]$/, ',"~:session","a secret"]');
      setTimeout(() => links[0]?.listener.frame(hello));
      const peer = await connect("held://nobody", { transport, limits: { frame } });
      assert.isTrue(await peer.root.put("" as never));
      await turn();
      const room = frame - (links[0]?.heard.at(-1)?.length ?? 0);
      const put = (length: number): Promise<boolean> => peer.root.put("x".repeat(length) as never);
      await put(room).catch(() => put(room - 200));
      await turn();
      links[0]?.listener.frame(batch(1, message("credit", "root", ',"~:count",1')));
      links[0]?.listener.ended("cut");
      await turn();
      links[1]?.listener.frame('["^ ","~:type","~:resumed","~:received",0]');
      await turn();
      assert.isNull(peer.lost());
      const again = links[1]?.heard.slice(1) ?? [];
      assert.lengthOf(again, 2);
      again.forEach((text) => assert.isAtMost(text.length, frame));
      peer.close();
    });

    it("DI-4 waits while the link has not sent what it was given, and no longer", async () => {
      const heard: string[] = [];
      let backlog = 0;
      let listener!: LinkListener;
      const link: Link = { peer: "", send: (text) => heard.push(text), backlog: () => backlog, close: () => {} };
      const peer = Peer.over((own) => ((listener = own), link), { limits: { unacked: 1 << 17 } });
      listener.frame(HELLO);
      backlog = (1 << 17) + 1;
      assert.isTrue(await peer.root.put("waits" as never));
      await turn();
      assert.lengthOf(heard, 1, "a hello");
      backlog = 0;
      await until(
        () => "the rest is said",
        () => heard.length > 1,
      );
      assert.include(heard[1], '"waits"');
      peer.close();
    });

    it("DI-9 does not wait for a peer that asks for ever more and reads nothing", async () => {
      const peer = new ScriptedPeer({ limits: { backlog: 1_000, unacked: 1 << 17 } });
      await peer.say(HELLO);
      void peer.victim.root.put({ channel: chan() } as never);
      await turn();
      const guid = /"~#chan-guid",\["([0-9a-f]{32})"/.exec(peer.heard.at(-1) ?? "")?.[1] as string;
      const many = firstNumbers(1_000).map(() => message("untake", guid, ',"~:count",1'));
      await peer.say(...firstNumbers(4).map((i) => batch(i + 1, ...many)));
      assert.include(peer.victim.lost()?.message, "more than 1000 messages wait to be read");
      assert.include(peer.heard.at(-1), '"~:code","overloaded"');
    });
  });
}
