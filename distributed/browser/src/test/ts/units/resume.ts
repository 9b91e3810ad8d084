import { assert } from "chai";
import { connect, type WebSocketLike } from "circulate";
import { turn, until } from "../laws/until.js";
import { HeldLink, MuteAfterwards, RESUMABLE, resumed } from "./held.js";
import { batch, message } from "./scripted.js";

const CREDIT = message("credit", "root", ',"~:count",1');

/** A WebSocket whose server the test is. */
class HeldSocket implements WebSocketLike {
  static readonly all: HeldSocket[] = [];
  readonly bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor() {
    HeldSocket.all.push(this);
    setTimeout(() => this.onopen?.());
  }

  send(): void {}

  close(): void {}
}

function batchNumbers({ heard }: HeldLink): number[] {
  return heard.flatMap((text) => /"~:batch","~:number",(\d+)/.exec(text)?.slice(1).map(Number) ?? []);
}

/** How a session goes on over another link. */
export function resumeLaws(): void {
  describe("a link that follows another", () => {
    it("DI-7 is asked for with how far was heard, and has said again what was not", async () => {
      const transport = new MuteAfterwards();
      const peer = await connect("mute://nobody", { transport });
      transport.links[0]?.listener.frame(batch(1, CREDIT));
      transport.links[0]?.listener.frame(batch(2, CREDIT));
      for (const number of [1, 2, 3]) {
        await peer.root.put({ number } as never);
        await turn(); // a batch each
      }
      transport.links[0]?.listener.ended("cut");
      await turn();
      const second = transport.links[1] as HeldLink;
      assert.lengthOf(second.heard, 1);
      assert.include(second.heard[0], '"~:resume"');
      assert.include(second.heard[0], '"~:received",2');
      second.listener.frame(resumed(1));
      await turn();
      assert.deepEqual(batchNumbers(second), [2, 3]);
      assert.isNull(peer.lost());
      peer.close();
    });

    it("DI-7 may begin with a hello, which is of no session that is resumed", async () => {
      const transport = new MuteAfterwards();
      const peer = await connect("mute://nobody", { transport });
      transport.links[0]?.listener.ended("cut");
      await turn();
      transport.links[1]?.listener.frame(RESUMABLE);
      transport.links[1]?.listener.frame(resumed(0));
      await turn();
      assert.isNull(peer.lost());
      assert.lengthOf(transport.links, 2);
      peer.close();
    });

    it("DI-6 DI-8 is closed when the page leaves at the moment at which the server goes on with it", async () => {
      const transport = new MuteAfterwards();
      const peer = await connect("mute://nobody", { transport });
      transport.links[0]?.listener.ended("cut");
      await turn();
      transport.links[1]?.listener.frame(resumed(0));
      peer.close();
      await turn();
      assert.isTrue(transport.links[1]?.isClosed);
    });

    it("DI-8 is tried for at once, then ever more slowly, and once a second at last", async () => {
      const transport = new MuteAfterwards();
      const peer = await connect("mute://nobody", { transport, limits: { grace: 60_000 } });
      transport.failing = true;
      const pauses: number[] = [];
      const { setTimeout: set } = globalThis;
      globalThis.setTimeout = ((task: () => void, millis: number) => {
        const isPause = millis > 10 && millis < 2_000;
        return isPause ? (pauses.push(Math.round(millis)), set(task, 0)) : set(task, millis);
      }) as typeof set;
      try {
        transport.links[0]?.listener.ended("cut");
        await until(
          () => `nine more are tried, not ${pauses.length}`,
          () => pauses.length >= 9,
        );
      } finally {
        globalThis.setTimeout = set;
      }
      peer.close();
      assert.deepEqual(pauses.slice(0, 9), [20, 40, 80, 160, 320, 640, 1_000, 1_000, 1_000]);
    });

    it("DI-8 counts no silence from before it", async () => {
      const clock = performance.now;
      let passed = 0;
      performance.now = () => clock.call(performance) + passed;
      try {
        const transport = new MuteAfterwards();
        const peer = await connect("mute://nobody", { transport, limits: { beat: 20, silence: 1_000 } });
        transport.links[0]?.listener.ended("cut");
        await turn();
        passed = 1_000;
        const second = transport.links[1] as HeldLink;
        second.listener.frame(resumed(0));
        await until(
          () => "it was looked whether the server is silent",
          () => second.isClosed || second.heard.some((text) => text.includes('"~:beat"')),
        );
        assert.isFalse(second.isClosed);
        peer.close();
      } finally {
        performance.now = clock;
      }
    });

    it("DI-7 DI-10 follows also one that the server has closed in order", async () => {
      const connecting = connect("ws://nobody", { webSocket: HeldSocket });
      await until(
        () => "the first is there",
        () => HeldSocket.all[0]?.onmessage != null,
      );
      await turn();
      HeldSocket.all[0]?.onmessage?.({ data: RESUMABLE });
      const peer = await connecting;
      HeldSocket.all[0]?.onclose?.({ code: 1000, reason: "" });
      await until(
        () => "another is made",
        () => HeldSocket.all.length === 2,
      );
      assert.isNull(peer.lost());
      peer.close();
    });
  });
}
