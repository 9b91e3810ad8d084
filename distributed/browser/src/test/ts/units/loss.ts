import { assert } from "chai";
import { chan, connect, Peer, type Link, type LinkListener, type Transport } from "circulate";
import { rejection, turn, until } from "../laws/until.js";
import { HELLO } from "./scripted.js";

const RESUMABLE = HELLO.replace(/]$/, ',"~:session","a secret"]');

/** A link that keeps what it is given, and whose other end the test is. */
class HeldLink implements Link {
  readonly peer = "a scripted server";
  readonly heard: string[] = [];
  isClosed = false;

  constructor(readonly listener: LinkListener) {}

  send(frame: string): void {
    this.heard.push(frame);
  }

  backlog(): number {
    return 0;
  }

  close(): void {
    this.isClosed = true;
  }
}

/** Makes links of which the first says hello and the others nothing. */
class MuteAfterwards implements Transport {
  readonly links: HeldLink[] = [];

  connect(_uri: string, listener: LinkListener): Promise<Link> {
    const link = new HeldLink(listener);
    this.links.push(link);
    if (this.links.length === 1) {
      setTimeout(() => listener.frame(RESUMABLE));
    }
    return Promise.resolve(link);
  }
}

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

    it("DI-8 a value that is too large ends it at once, and it and all after it are undelivered", async () => {
      let link: HeldLink | undefined;
      const undelivered: unknown[] = [];
      const peer = Peer.over((listener) => (link = new HeldLink(listener)), {
        limits: { frame: 1_000 },
        onUndelivered: (value) => undelivered.push(value),
      });
      link?.listener.frame(HELLO);
      const large = { _cmd: "note", text: "x".repeat(2_000) };
      assert.isTrue(await peer.root.put(large as never));
      await turn();
      assert.include(peer.lost()?.message, "the limit is 1000");
      assert.isTrue(link?.isClosed);
      assert.deepEqual(undelivered, [large]);
      assert.isFalse(await peer.root.put(chan() as never));
    });
  });
}
