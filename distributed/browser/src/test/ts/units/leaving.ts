import { assert } from "chai";
import { connect, Peer, type Link, type LinkListener, type PeerOptions, type Transport } from "circulate";
import { readPacket, type Packet } from "../../../main/ts/runtime/packet.js";
import { rejection, turn } from "../laws/until.js";
import { bye, HeldLink } from "./held.js";
import { HELLO } from "./scripted.js";

/** A page that has heard a hello over a link. */
function greeted(options: PeerOptions = {}): { peer: Peer; link: HeldLink } {
  let link!: HeldLink;
  const peer = Peer.over((listener: LinkListener): Link => (link = new HeldLink(listener)), options);
  link.listener.frame(HELLO);
  return { peer, link };
}

function packets({ heard }: HeldLink): Packet[] {
  return heard.map((text) => readPacket(text, 1 << 20));
}

function types(link: HeldLink): string[] {
  return packets(link).map(({ type }) => type);
}

/** How a session ends in order, and where that is not possible. */
export function leavingLaws(): void {
  describe("a page that leaves", () => {
    it("DI-8b says what was put before, then its last word, and closes the link when that is answered", () => {
      const { peer, link } = greeted();
      void peer.root.put({ number: 1 } as never);
      peer.close();
      assert.deepEqual(types(link), ["hello", "batch", "bye"]);
      assert.isFalse(link.isClosed);
      link.listener.frame(bye("leaving"));
      assert.isTrue(link.isClosed);
    });

    it("DI-8b closes the link though nobody answers, after two seconds", () => {
      const { peer, link } = greeted();
      const late: (() => void)[] = [];
      const { setTimeout: set } = globalThis;
      globalThis.setTimeout = ((task: () => void, millis: number) => {
        if (millis > 1_900 && millis <= 2_000) {
          late.push(task);
        }
        return set(task, millis);
      }) as typeof set;
      try {
        peer.close();
      } finally {
        globalThis.setTimeout = set;
      }
      assert.isFalse(link.isClosed);
      late.forEach((task) => task());
      assert.isTrue(link.isClosed);
    });

    it("DI-8b answers the last word of the other side with one of its own", () => {
      const { peer, link } = greeted();
      link.listener.frame(bye("leaving"));
      assert.include(packets(link).at(-1), { type: "bye", code: "leaving" });
      assert.isTrue(link.isClosed);
      assert.include(peer.lost()?.message, "has left: so it is");
    });

    it("DI-9 waits for no answer of one that broke the protocol", () => {
      const { link } = greeted();
      link.listener.frame("{");
      assert.include(packets(link).at(-1), { type: "bye", code: "protocol-violation" });
      assert.isTrue(link.isClosed);
    });

    it("CH-13 DI-8 tells what may not have arrived at once when the link breaks after its last word", async () => {
      const undelivered: unknown[] = [];
      const { peer, link } = greeted({ onUndelivered: (value) => undelivered.push(value) });
      await peer.root.put("not confirmed" as never);
      peer.close();
      assert.deepEqual(undelivered, []);
      link.listener.ended("cut");
      assert.deepEqual(undelivered, ["not confirmed"]);
    });

    it("DI-6 leaves no link where nobody said hello in time", async () => {
      const links: HeldLink[] = [];
      const transport: Transport = {
        connect(_uri: string, listener: LinkListener): Promise<Link> {
          const link = new HeldLink(listener);
          links.push(link);
          return Promise.resolve(link);
        },
      };
      const failure = await rejection(connect("mute://nobody", { transport, limits: { hello: 20 } }));
      assert.equal(failure.message, "whoever is at mute://nobody said nothing for 20 ms");
      await turn();
      assert.deepEqual(
        links.map((link) => types(link)),
        [["hello", "bye"]],
      );
    });
  });
}
