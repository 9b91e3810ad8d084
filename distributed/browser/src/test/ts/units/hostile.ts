import { assert } from "chai";
import { chan, connect, PeerLostException, Root, type WebSocketLike } from "circulate";
import { turn, until } from "../laws/until.js";
import { batch, giving, HELLO, message, ScriptedPeer } from "./scripted.js";

function deep(levels: number): string {
  return `${"[".repeat(levels)}1${"]".repeat(levels)}`;
}

/** DI-9: each of these is said after a hello, and ends the session with a sentence that has these words. */
const VIOLATIONS: readonly [what: string, frame: string, words: string][] = [
  ["no JSON", "{", "not transit JSON"],
  ["a frame that is no map", "[1,2]", "a frame is a map"],
  ["a frame of an unknown type", '["^ ","~:type","~:nonsense"]', "no frame is of type 'nonsense'"],
  ["a frame with strings for keywords", '["^ ","type","hello"]', "a frame without :type"],
  ["a second hello", HELLO, "a second hello"],
  ["a batch out of order", batch(2, message("take", "root", ',"~:count",1')), "where batch 1 was expected"],
  ["a message without a target", batch(1, '["^ ","~:type","~:take","~:count",1]'), "without :target"],
  ["a name that was never given", batch(1, message("take", "guessed", ',"~:count",1')), "no channel was ever given"],
  ["a take from the root", batch(1, message("take", "root", ',"~:count",1')), "beyond the rights 'p' of root"],
  ["a close of the root", batch(1, message("close", "root")), "to close is beyond the rights"],
  ["a release of the root", batch(1, message("release", "root", ',"~:count",1')), "a release of 1"],
  ["a value that nobody asked for", batch(1, message("value", "root", ',"~:body",1')), "nobody asked for"],
  ["an answer to no withdrawal", batch(1, message("untaken", "root", ',"~:count",1')), "told to withdraw 0"],
  [
    "a withdrawal of less than nothing",
    batch(1, message("untaken", "root", ',"~:count",-1')),
    "-1 takes of root withdrawn, where it was told to withdraw 0",
  ],
  ["a count of nothing", batch(1, message("credit", "root", ',"~:count",0')), "a positive number"],
  ["a beat after a batch that did not come", '["^ ","~:type","~:beat","~:said",3]', "a beat after batch 3"],
  ["a confirmation of what was not said", '["^ ","~:type","~:beat","~:received",9]', "batch 9 was confirmed"],
  ["a frame that is too long", `"${"x".repeat(1 << 20)}"`, "the limit is 1048576"],
  [
    "a body that is nested too deep",
    batch(1, message("forward", "root", `,"~:body",${deep(150)}`)),
    "nested deeper than 100 levels",
  ],
  ["a frame that is nested as deep as it is long", deep(100_000), "not transit JSON"],
  [
    "rights that are none",
    batch(1, message("forward", "root", ',"~:body",["~#chan-guid",["g","x",false]]')),
    "letters of 'ptc'",
  ],
  ["a type that is null", '["^ ","~:type",["~#:",null]]', "a name is a text, not null"],
  ["a type that is long", `["^ ","~:type","~:${"x".repeat(100_000)}"]`, "no frame is of type 'xxx"],
  [
    "a count that is long",
    batch(1, message("take", "root", `,"~:count",[${"1,".repeat(50_000)}1]`)),
    "is a number, not",
  ],
  ...(
    [
      ["a name that is null", '["~#:",null]', "a name is a text, not null"],
      ["a symbol that is null", '["~#$",null]', "a name is a text, not null"],
      ["an address that is null", '["~#r",null]', "an address is a text, not null"],
      ["a decimal that is null", '["~#f",null]', "a decimal is a text, not null"],
      ["a decimal that is none", '"~f1.x"', "a decimal is not written '1.x'"],
      ["a decimal of too many digits", `"~f${"9".repeat(10_001)}"`, "a decimal is not written"],
      ["a decimal with a large exponent", '"~f1e10001"', "a decimal is not written"],
      ["a decimal of many zeros", `"~f${"0".repeat(10_010)}"`, "a decimal is not written"],
      ["an integer of too many digits", `"~n${"9".repeat(10_001)}"`, "a number of many digits is not written"],
      ["a moment beyond 64 bits", '"~m9223372036854775808"', "a moment is not written '9223372036854775808'"],
      ["a UUID that is none", '"~uxyz"', "a UUID is not written 'xyz'"],
      ["a moment that is null", '["~#m",null]', "a moment is a text, not null"],
      ["a moment that is none", '"~mfoo"', "a moment is not written 'foo'"],
      ["a moment in words", '"~tfoo"', "a moment that is none"],
      ["a set that is null", '["~#set",null]', "a set is written as a list"],
      ["a list that is null", '["~#list",null]', "a list is written as a list"],
      ["an integer that is none", '"~iabc"', "a number is not written 'abc'"],
      ["an integer beyond 64 bits", '"~i9223372036854775808"', "a number is not written '9223372036854775808'"],
      ["an integer with a fraction", '["^ ","~i1.5",1]', "a number is not written '1.5'"],
      ["a floating point number that is none", '"~d1.x"', "a number is not written '1.x'"],
      ["a short that does not fit", '["~#short",70000]', "a short is a number that fits"],
      ["a byte that does not fit", '["~#byte",-129]', "a byte is a number that fits"],
      ["a long with a fraction", '["~#long",5.5]', "a long is a number that fits"],
      ["a long that is a text", '["~#long","5"]', "a long is a number that fits"],
      ["a float that does not fit", '["~#float",1e300]', "a float is a number that fits"],
      ["a number that does not fit in a value of an unknown kind", '["~#x",[["~#short",70000]]]', "that fits"],
      ["a list that is null in one", '["~#x",[["~#list",null]]]', "a list is written as a list"],
      ["half a surrogate pair in a tag", '["~#x\\ud83d",[1]]', "a tag with half a surrogate pair"],
      ["the same within a value of an unknown kind", '["~#x",[["~#x\\ud83d",1]]]', "a tag with half"],
      ["half a surrogate pair", '"\\ud800"', "a text with half a surrogate pair"],
      ["the same in a key", '["^ ","\\ud83d",1]', "a text with half a surrogate pair"],
      ["the same in a name", '["^ ","~:\\ud83d",1]', "a name with half a surrogate pair"],
      ["the same in an address", '"~rx:\\ude00"', "an address with half a surrogate pair"],
      ["the same in a value of an unknown kind", '["~#unknown",["x\\ud83d"]]', "a text with half a surrogate pair"],
      ["a code that stands for nothing", '["^9"]', "stands for nothing"],
      ["a tag that stands for nothing", '[1,"~#tag"]', "stands for nothing"],
      ["the same in a value of an unknown kind", '["~#unknown",[1,"^9"]]', "stands for nothing"],
      ["a channel that is null", '["~#chan-guid",null]', "a channel is written"],
      ["a channel of two parts", '["~#chan-guid",["a","p"]]', "a channel is written"],
      ["a channel with a number for a name", '["~#chan-guid",[1,"p",false]]', "a channel is written"],
      [
        "a channel with a long name",
        `["~#chan-guid",["${"x".repeat(65)}","p",false]]`,
        "the name of a channel of 65; the limit is 64",
      ],
    ] as const
  ).map(([what, body, words]): [string, string, string] => [
    what,
    batch(1, message("forward", "root", `,"~:body",${body}`)),
    words,
  ]),
];

/** What a peer does that must not. */
export function hostileLaws(): void {
  describe("a hostile peer", () => {
    for (const [what, frame, words] of VIOLATIONS) {
      it(`DI-9 ${what} ends the session with a clear error`, async () => {
        const peer = new ScriptedPeer();
        await peer.say(HELLO, frame);
        assert.instanceOf(peer.victim.lost(), PeerLostException);
        assert.include(peer.victim.lost()?.message, words);
        const last = peer.heard.at(-1) ?? "";
        assert.include(last, "protocol-violation");
        assert.isBelow(last.length, 5_000);
        assert.deepEqual(peer.victim.held(), { exports: 0, imports: 0 });
      });
    }

    it("DI-9 more values on their way than the window", async () => {
      const peer = new ScriptedPeer();
      const channel = chan<number>();
      await peer.say(HELLO);
      void peer.victim.root.put({ _cmd: "take this", channel } as never);
      await turn();
      const guid = /"~#chan-guid",\["([0-9a-f]{32})","ptc"/.exec(peer.heard.at(-1) ?? "")?.[1] as string;
      const put = message("forward", guid, ',"~:body",1');
      await peer.say(batch(1, ...Array.from({ length: 64 }, () => put)));
      assert.isNull(peer.victim.lost());
      assert.equal(channel.waitingPutters(), 64);
      await peer.say(batch(2, put));
      assert.include(peer.victim.lost()?.message, "more than 64 values");
    });

    it("DI-3 DI-9 more values come home than were sent", async () => {
      const own = chan<string>(1);
      own.offer("a");
      const { peer, guid } = await giving(own);
      await peer.say(batch(1, message("take", guid, ',"~:count",1')));
      const home = message("home", guid, ',"~:body","a"');
      await peer.say(batch(2, home));
      assert.isNull(peer.victim.lost());
      await peer.say(batch(3, home));
      assert.include(peer.victim.lost()?.message, "a value came home that was not sent");
      assert.deepEqual(own.drain(2), ["a"]);
    });

    it("DI-9 more takers than the window", async () => {
      const peer = new ScriptedPeer();
      const channel = chan<number>();
      await peer.say(HELLO);
      void peer.victim.root.put({ _cmd: "take this", channel } as never);
      await turn();
      const guid = /"~#chan-guid",\["([0-9a-f]{32})","ptc"/.exec(peer.heard.at(-1) ?? "")?.[1] as string;
      await peer.say(batch(1, message("take", guid, ',"~:count",2147483647')));
      assert.include(peer.victim.lost()?.message, "asked for at once");
      assert.equal(channel.waitingTakers(), 0);
    });

    it("DI-9 other sessions go on", async () => {
      const root = Root.named("victim");
      const [hostile, honest] = [new ScriptedPeer({ root }), new ScriptedPeer({ root })];
      await honest.say(HELLO);
      await hostile.say(HELLO, "{");
      assert.isNotNull(hostile.victim.lost());
      const asked = `["^ ","~:_cmd","name","~:_return",["~#chan-guid",["reply","p",true]]]`;
      await honest.say(batch(1, message("forward", "root", `,"~:body",${asked},"~:request",true`)));
      await until(
        () => `the other is answered: ${honest.heard.join("\n")}`,
        () => honest.heard.some((text) => text.includes('"reply"') && text.includes('"victim"')),
      );
      assert.isNull(honest.victim.lost());
    });

    it("DI-9 a binary frame, which was not agreed, ends the session with a clear error", async () => {
      const sockets: FakeSocket[] = [];
      class FakeSocket implements WebSocketLike {
        readonly bufferedAmount = 0;
        readonly heard: string[] = [];
        onopen: (() => void) | null = null;
        onmessage: ((event: { data: unknown }) => void) | null = null;
        onerror = null;
        onclose = null;

        constructor() {
          sockets.push(this);
          setTimeout(() => {
            this.onopen?.();
            setTimeout(() => this.onmessage?.({ data: HELLO.replace(/]$/, ',"~:session","a secret"]') }));
          });
        }

        send(text: string): void {
          this.heard.push(text);
        }

        close(): void {}
      }
      const peer = await connect("ws://nobody", { webSocket: FakeSocket });
      sockets[0]?.onmessage?.({ data: new ArrayBuffer(1) });
      await turn();
      assert.include(peer.lost()?.message, "a frame that is no text");
      assert.include(sockets[0]?.heard.at(-1), "protocol-violation");
    });

    it("DI-9 a last word that is long is not repeated at its length", async () => {
      const peer = new ScriptedPeer();
      await peer.say(HELLO, `["^ ","~:type","~:bye","~:code","leaving","~:sentence","${"x".repeat(100_000)}"]`);
      assert.match(peer.victim.lost()?.message ?? "", /x{4095}…$/);
      assert.isBelow(peer.victim.lost()?.message.length ?? 0, 5_000);
    });

    it("DI-9 a hello of another version is refused", async () => {
      const peer = new ScriptedPeer();
      await peer.say(HELLO.replace('"~:version",1', '"~:version",2'));
      assert.include(peer.victim.lost()?.message, "this peer speaks version 1");
    });
  });
}
