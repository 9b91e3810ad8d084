import { assert } from "chai";
import {
  ask,
  chan,
  CodecException,
  connect,
  fixed,
  Peer,
  Root,
  setUncaughtHandler,
  Tagged,
  type LinkListener,
} from "circulate";
import { toData } from "../../../main/ts/service/call-error.js";
import { firstNumbers, rejection, turn, until } from "../laws/until.js";
import { batch, HELLO, holding, message, ScriptedPeer, SHORT_FRAMES } from "./scripted.js";

const MEGABYTE = "x".repeat(1 << 20);

/** Runs something; answers what was reported to nobody in particular meanwhile. */
async function reported(what: () => Promise<void>): Promise<string[]> {
  const told: string[] = [];
  const former = setUncaughtHandler((where, thrown) => told.push(`${where}: ${thrown}`));
  try {
    await what();
  } finally {
    setUncaughtHandler(former);
  }
  return told;
}

/** A function that fails when it is called for the first time after this. */
function failOnce<O extends object, K extends keyof O>(object: O, name: K): void {
  const sound = object[name];
  object[name] = (() => {
    object[name] = sound;
    throw new Error("out of order");
  }) as O[K];
}

/** What goes wrong within a page while it hears its peer, or has something to say. */
export function failureLaws(): void {
  describe("what fails in the page", () => {
    it("DI-9 while a frame is heard ends the session in words, and is reported", async () => {
      const peer = new ScriptedPeer();
      await peer.say(HELLO);
      const told = await reported(async () => {
        failOnce(performance, "now");
        await peer.say(batch(1, message("credit", "root", ',"~:count",1')));
      });
      assert.deepEqual(told, ["the session with a scripted peer: Error: out of order"]);
      assert.include(peer.victim.lost()?.message, "failed here: out of order");
      assert.include(peer.heard.at(-1), '"~:code","internal","~:sentence","this side failed"');
    });

    it("DI-9 while a frame is written ends the session in words, and is reported", async () => {
      const undelivered: unknown[] = [];
      const peer = new ScriptedPeer({ onUndelivered: (value) => undelivered.push(value) });
      await peer.say(HELLO);
      const told = await reported(async () => {
        assert.isTrue(await peer.victim.root.put(1 as never));
        await turn();
        void peer.victim.root.put(2 as never);
        failOnce(JSON, "stringify");
        await turn();
      });
      assert.deepEqual(undelivered, [1, 2]);
      assert.lengthOf(told, 1);
      assert.include(told[0], "out of order");
      assert.include(peer.heard.at(-1), '"~:code","internal"');
    });

    it("DI-8 a link that fails when it is given a frame counts as broken", async () => {
      const undelivered: unknown[] = [];
      let listener: LinkListener | null = null;
      let isSound = true;
      const send = (): void => {
        if (!isSound) {
          throw new Error("out of paper");
        }
      };
      const peer = Peer.over(
        (told) => {
          listener = told;
          return { peer: "somebody", send, backlog: () => 0, close: () => {} };
        },
        { onUndelivered: (value) => undelivered.push(value) },
      );
      (listener as LinkListener | null)?.frame(HELLO);
      isSound = false;
      assert.isTrue(await peer.root.put(1 as never));
      await turn();
      assert.include(peer.lost()?.message, "broke: out of paper");
      assert.deepEqual(undelivered, [1]);
    });

    it("DI-9 a value that fails when it is read ends its channel, and neither who put it nor the session", async () => {
      const undelivered: unknown[] = [];
      const channel = chan<object>({ kind: "rendezvous" }, { onUndelivered: (value) => undelivered.push(value) });
      const peer = new ScriptedPeer();
      await peer.say(HELLO);
      void peer.victim.root.put({ channel } as never);
      await turn();
      const guid = /"~#chan-guid",\["([0-9a-f]{32})"/.exec(peer.heard.at(-1) ?? "")?.[1] as string;
      await peer.say(batch(1, message("take", guid, ',"~:count",2')));
      const value = {
        get wrong(): never {
          throw new Error("not today");
        },
      };
      assert.isTrue(await channel.put(value));
      await turn();
      assert.deepEqual(undelivered, [value]);
      const [closed] = peer.told("closed");
      assert.include(closed?.cause?.message, "not today");
      assert.isNull(peer.victim.lost());
    });

    it("DI-9 a value that fails when it is read, or is longer than a frame, is refused when it is put", async () => {
      const { peer, proxy } = await holding("ptc");
      const value = {
        get wrong(): never {
          throw new Error("not today");
        },
      };
      for (const [put, words] of [
        [value, "not today"],
        [{ MEGABYTE }, "the limit is 1048576"],
        ['"'.repeat(1 << 19), "the limit is 1048576"],
      ] as const) {
        const refused = await rejection(proxy.put(put));
        assert.instanceOf(refused, CodecException);
        assert.include(refused.message, words);
      }
      const longest = MEGABYTE.slice(500);
      assert.isTrue(await proxy.put(longest));
      await turn();
      assert.deepEqual(
        peer.told("forward").map(({ body }) => body === longest),
        [true],
      );
      assert.isNull(peer.victim.lost());
    });

    it("DI-9 a collection that is larger than a server reads is refused when it is put", async () => {
      const { peer, proxy } = await holding("ptc");
      const many = firstNumbers(100_001);
      for (const [put, words] of [
        [many, "a collection of 100001; the limit is 100000"],
        [new Set(many), "a collection of 100001"],
        [{ deep: [Object.fromEntries(many.map((i) => [i.toString(36), 1]))] }, "a collection of 100001"],
        [new Map(many.slice(50_000).map((i) => [i, 1])), "a collection of 100002"], // each counts twice
        [new Tagged("rows", many), "a collection of 100001"],
      ] as const) {
        const refused = await rejection(proxy.put(put));
        assert.instanceOf(refused, CodecException);
        assert.include(refused.message, words);
      }
      assert.isTrue(await proxy.put(many.slice(1)));
      assert.isNull(peer.victim.lost());
      const other = await holding("ptc", { limits: { collection: 100_001 } });
      assert.isTrue(await other.proxy.put(many));
    });

    it("DI-9 a value whose tag is for another kind of value is refused when it is put", async () => {
      const { peer, proxy } = await holding("ptc");
      for (const [tag, wrong, right] of [
        ["short", 70_000, 7],
        ["byte", 128, -128],
        ["long", 2 ** 63, 7],
        ["float", 1e300, 0.1],
        ["list", "text", [1]],
        ["set", 1, [1]],
        ["cmap", [1], [[1], 2]],
        ["u", "no UUID", "00000000-0000-0001-0000-000000000002"],
        ["f", "1.x", "1.50"],
        ["n", "1.5", "15"],
        ["m", "today", "0"],
      ] as const) {
        for (const value of [new Tagged(tag, wrong), { deep: [new Tagged("unknown", [new Tagged(tag, wrong)])] }]) {
          const refused = await rejection(proxy.put(value));
          assert.instanceOf(refused, CodecException, tag);
          assert.include(refused.message, `cannot send a value with tag '${tag}'`);
        }
        assert.isTrue(await proxy.put(new Tagged(tag, right)), tag);
      }
      assert.instanceOf(await rejection(proxy.put(new Tagged("half\ud83d", [1]))), CodecException);
      assert.isTrue(await proxy.put(new Tagged("constructor", [1])));
      assert.isNull(peer.victim.lost());
    });

    it("DI-7 a moment is said, and may be said again, as it was when it was put", async () => {
      const { peer, proxy } = await holding("ptc");
      const moment = new Date(1);
      const put = proxy.put({ moment });
      moment.setTime(2);
      assert.isTrue(await put);
      await turn();
      const [{ body } = { body: null }] = peer.told("forward");
      assert.deepEqual(body, new Map([["moment", new Date(1)]]));
    });

    it("DI-9 an answer that is longer than a frame becomes an error, as does one with a long name in it", async () => {
      const root = Root.named("page")
        .handler("long", () => MEGABYTE)
        .handler("wrong", () => ({ [MEGABYTE]: () => {} }));
      const peer = new ScriptedPeer({ root });
      const asks = (command: string): string => {
        const reply = `["~#chan-guid",["${command}","p",true]]`;
        return message("forward", "root", `,"~:body",["^ ","~:_cmd","${command}","~:_return",${reply}]`);
      };
      await peer.say(HELLO, batch(1, asks("long"), asks("wrong")));
      await until(
        () => "both are answered",
        () => peer.told("forward").length === 2,
      );
      for (const { body } of peer.told("forward")) {
        const error = (body as Map<string, Map<string, string>>).get("error");
        assert.equal(error?.get("code"), "internal");
        assert.isAtMost(error?.get("message")?.length ?? 0, 4096);
      }
      assert.isNull(peer.victim.lost());
    });

    it("DI-6 a value that goes home and cannot be sent is undelivered, and its proxy is let go all the same", async () => {
      const undelivered: unknown[] = [];
      const onUndelivered = (value: unknown): void => void undelivered.push(value);
      const { peer, proxy } = await holding("ptc", { ...SHORT_FRAMES, onUndelivered });
      await proxy.poll(1);
      await turn();
      const long = "x".repeat(800); // it fits with a name as short as its own only
      const value = message("value", "theirs", `,"~:body","${long}"`);
      await peer.say(batch(2, value, message("untaken", "theirs", ',"~:count",0')));
      const told = await reported(async () => {
        proxy.cancel();
        await peer.say(batch(3, message("closed", "theirs", ',"~:drained",true')));
      });
      assert.deepEqual(undelivered, [long]);
      assert.include(told.join(), "the limit is 1024");
      assert.deepEqual(peer.victim.held(), { exports: 0, imports: 0 });
    });

    it("SV-6 a caller that waits for ever tells a deadline that can be read", async () => {
      const peer = new ScriptedPeer();
      await peer.say(HELLO);
      ask(peer.victim.root, "wait", {}, { timeout: Number.MAX_VALUE }).catch(() => {});
      await turn();
      assert.deepEqual(
        peer.told("forward").map(({ deadline }) => deadline),
        [Number.MAX_SAFE_INTEGER],
      );
      peer.victim.close();
    });

    it("DI-6 a session that cannot begin as it was told to leaves no link", async () => {
      let closed = 0;
      const link = { peer: "", send: () => {}, backlog: () => 0, close: () => void closed++ };
      const transport = { connect: () => Promise.resolve(link) };
      assert.instanceOf(await rejection(connect("mute://nobody", { transport, limits: { window: 0 } })), RangeError);
      assert.instanceOf(await rejection(connect("mute://nobody", { transport, root: 42 as never })), TypeError);
      assert.equal(closed, 2);
      assert.throws(() => Peer.over(() => link, { limits: { window: 0 } }), RangeError);
      assert.equal(closed, 3, "one that the program made");
    });

    it("DI-9 SV-4 a reason, or an error, is told in whole characters, which a peer demands of every text", async () => {
      const words = "half a pair: \ud800";
      const peer = new ScriptedPeer({
        root: Root.named("page").handler("fail", () => {
          throw new Error(words);
        }),
      });
      const channel = chan<unknown>(fixed(1));
      await peer.say(HELLO);
      void peer.victim.root.put({ channel } as never);
      await turn();
      await channel.put(new Error(words));
      channel.close(new Error(words));
      const guid = /"~#chan-guid",\["([0-9a-f]{32})"/.exec(peer.heard.join())?.[1] as string;
      const reply = '["~#chan-guid",["reply","p",true]]';
      const asked = `,"~:body",["^ ","~:_cmd","fail","~:_return",${reply}]`;
      await peer.say(batch(1, message("take", guid, ',"~:count",1'), message("forward", "root", asked)));
      await until(
        () => `all is told: ${peer.heard.join("\n")}`,
        () => peer.told("closed").length > 0 && peer.told("value").length > 0 && peer.told("forward").length > 1,
      );
      const failed = new Map([
        ["code", "failed"],
        ["type", "Error"],
        ["message", "half a pair: ?"],
      ]);
      assert.deepEqual(peer.told("closed")[0]?.cause, { type: "Error", message: "half a pair: ?" });
      assert.deepEqual(peer.told("value")[0]?.body, failed);
      assert.deepEqual(peer.told("forward")[1]?.body, new Map([["error", new Map(failed)]]));
    });

    it("SV-4 a limit that has passed is told with no more digits than Java reads", () => {
      for (const [after, told] of [
        [0, "PT0S"],
        [100_000, "PT100S"],
        [1_500, "PT1.5S"],
        [1_000 / 3, "PT0.333333333S"],
        [1e-4, "PT0.0000001S"],
      ] as const) {
        assert.equal(toData({ code: "timeout", message: "late", after })["after"], told);
      }
    });

    it("DI-9 a reason that is longer than a frame is cut", async () => {
      const { peer, proxy } = await holding("ptc");
      proxy.close(new Error(`${MEGABYTE}${MEGABYTE}`));
      await turn();
      const [close] = peer.told("close");
      assert.equal(close?.cause?.message, `${MEGABYTE.slice(0, 4095)}…`);
      assert.isNull(peer.victim.lost());
    });
  });
}
