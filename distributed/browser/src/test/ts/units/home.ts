import { assert } from "chai";
import { Root, type Channel } from "circulate";
import { until } from "../laws/until.js";
import { batch, HELLO, message, ScriptedPeer } from "./scripted.js";

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
  });
}
