import { assert } from "chai";
import { chan, Root, type Channel } from "circulate";
import { turn, until } from "../laws/until.js";
import { batch, giving, HELLO, holding, message, ScriptedPeer } from "./scripted.js";

const CHANNEL = '["~#chan-guid",["theirs","ptc",false]]';
const REPLY = '["~#chan-guid",["reply","p",true]]';

/** Channels that are sent home. */
export function homeLaws(): void {
  describe("a channel that goes home", () => {
    it("DI-6 is not released while the message that names it is being written", async () => {
      let proxy: Channel<number> | null = null;
      // is read when the channel before it is named; with the last of it the channel's end is noticed
      const rest = (): object => ({
        get left() {
          return proxy?.drain(9);
        },
      });
      const root = Root.named("page")
        .handler("keep", (request) => {
          proxy = request.argument("channel") as Channel<number>;
          return true;
        })
        .handler("give-back", () => ({ channel: proxy, rest: rest() }));
      const peer = new ScriptedPeer({ root });
      const asks = (command: string, more: string): string =>
        message(
          "forward",
          "root",
          `,"~:body",["^ ","~:_cmd","${command}","~:_return",${REPLY}${more}],"~:request",true`,
        );
      await peer.say(HELLO, batch(1, asks("keep", `,"~:channel",${CHANNEL}`)));
      await (proxy as Channel<number> | null)?.poll(1);
      await peer.say(
        batch(2, message("value", "theirs", ',"~:body",7'), message("untaken", "theirs", ',"~:count",0')),
        batch(3, message("closed", "theirs", ',"~:drained",true'), asks("give-back", "")),
      );
      await until(
        () => `the channel is released: ${peer.heard.join("\n")}`,
        () => peer.heard.some((text) => text.includes('~:release"')),
      );
      const all = peer.heard.join("\n");
      assert.include(all, '"theirs","ptc"');
      assert.isBelow(all.indexOf('"theirs","ptc"'), all.indexOf('~:release"'), all);
      assert.include(all, '"left",[7]');
    });

    it("CH-14 DI-3 a value that came home counts as one that is there, and is the next", async () => {
      const own = chan<string>(2);
      own.offer("first");
      const { peer, guid } = await giving(own);
      await peer.say(batch(1, message("take", guid, ',"~:count",1')));
      assert.equal(own.buffered(), 0);
      own.offer("second");
      await peer.say(
        batch(2, message("home", guid, ',"~:body","first"')),
        batch(3, message("release", guid, ',"~:count",1')),
      );
      assert.equal(own.buffered(), 2);
      assert.deepEqual(own.drain(2), ["first", "second"]);
    });

    it("DI-5 CH-8b its holder is told that nothing is left of a closed channel, also when that was cancelled", async () => {
      const own = chan<number>(1);
      own.offer(1);
      const { peer } = await giving(own);
      own.close();
      own.cancel();
      await turn();
      assert.deepEqual(
        peer.told("closed").map(({ drained }) => drained === true),
        [false, true],
      );
    });

    it("DI-2 DI-6 a reply channel that is answered while it is sent home is released after that", async () => {
      const root = Root.named("page").handler("subscribe", async (request) => {
        const reply = request.replyTo();
        let read = 0;
        // is looked at when it is put, and read again when it is written, after the channel before it was named
        const rest = {
          get count() {
            if (++read === 2) {
              reply?.offer("answer");
            }
            return read;
          },
        };
        await (request.argument("to") as Channel<unknown>).put({ reply, rest });
        return "too late";
      });
      const peer = new ScriptedPeer({ root });
      const body = `["^ ","~:_cmd","subscribe","~:_return",${REPLY},"~:to",${CHANNEL}]`;
      await peer.say(HELLO, batch(1, message("forward", "root", `,"~:body",${body},"~:request",true`)));
      await until(
        () => `it is released: ${peer.heard.join("\n")}`,
        () => peer.told("release").length > 0 || peer.told("forward").some(({ released = 0 }) => released > 0),
      );
      const answers = peer.told("forward").filter(({ target }) => target === "reply");
      assert.deepEqual(
        answers.map(({ body, released = 0 }) => [body, released]),
        [["answer", 0]],
      );
      const all = peer.heard.join("\n");
      assert.isBelow(all.indexOf('"reply","p"'), all.indexOf('~:release"'), all);
    });
  });

  describe("a proxy that is cancelled", () => {
    const value = (body: number): string => message("value", "theirs", `,"~:body",${body}`);

    for (const [rights, home] of [
      ["pt", [2, 1]],
      ["ptc", [1, 2]],
    ] satisfies [string, number[]][]) {
      it(`DI-3 with '${rights}' sends home what came too late in the order ${home.join()}`, async () => {
        const { peer, proxy } = await holding(rights);
        assert.deepEqual(await Promise.all([proxy.poll(1), proxy.poll(1)]), [null, null]);
        await peer.say(batch(2, value(1), value(2), message("untaken", "theirs", ',"~:count",0')));
        proxy.cancel();
        await turn();
        assert.deepEqual(
          peer.told("home").map(({ body }) => body),
          home,
        );
      });
    }

    it("DI-3 DI-6 withdraws its takers, also where it is not ours to close", async () => {
      const { peer, proxy } = await holding("pt");
      const taken = Promise.all([proxy.take(), proxy.take()]);
      await turn();
      proxy.cancel();
      assert.deepEqual(await taken, [null, null]);
      await turn();
      assert.deepEqual(
        peer.told("untake").map(({ count }) => count),
        [2],
      );
      assert.deepEqual(peer.told("cancel"), []);
      peer.victim.close();
    });

    it("CH-8b where it is ours to close its takers end there, without more words", async () => {
      const { peer, proxy } = await holding("ptc");
      const taken = proxy.take();
      await turn();
      proxy.cancel();
      assert.isNull(await taken);
      await turn();
      assert.deepEqual([peer.told("cancel").length, peer.told("untake").length], [1, 0]);
      peer.victim.close();
    });
  });
}
