import { assert } from "chai";
import {
  ask,
  chan,
  Root,
  setUncaughtHandler,
  type Channel,
  type PeerOptions,
  type ReadPort,
  type Request,
} from "circulate";
import { turn, until } from "../laws/until.js";
import { batch, HELLO, helloWith, holding, message, ScriptedPeer, SHORT_FRAMES } from "./scripted.js";

/** A request of the caller's, who gives a reply channel of that name with it. */
function asks(command: string, reply: string, more = ""): string {
  const channel = `["~#chan-guid",["${reply}","p",true]]`;
  return message(
    "forward",
    "root",
    `,"~:body",["^ ","~:_cmd","${command}","~:_return",${channel}${more}],"~:request",true`,
  );
}

/** The codes of the errors that a caller was answered with, by the name of its reply channel. */
function errors(caller: ScriptedPeer): Record<string, string> {
  return Object.fromEntries(
    caller.told("forward").map(({ target, body }) => [target, /code => '([a-z-]+)'/.exec(shown(body))?.[1] ?? ""]),
  );
}

function shown(body: unknown): string {
  return body instanceof Map ? [...body].map(([key, value]) => `${key} => '${shown(value)}'`).join() : String(body);
}

/** Each of the two has a session with the page only, and knows nothing of the other. */
async function twoPeers(
  options: { rootOf?: (behind: ScriptedPeer) => Root; towardsCaller?: PeerOptions; beyond?: PeerOptions } = {},
): Promise<{
  caller: ScriptedPeer;
  behind: ScriptedPeer;
  undelivered: unknown[];
}> {
  const undelivered: unknown[] = [];
  const behind = new ScriptedPeer({ ...options.beyond, onUndelivered: (value) => undelivered.push(value) });
  await behind.say(helloWith(1));
  const caller = new ScriptedPeer({ ...options.towardsCaller, root: options.rootOf?.(behind) ?? behind.victim.root });
  await caller.say(HELLO);
  return { caller, behind, undelivered };
}

/** What a page passes on between two peers: what goes wrong with one of them is no fault towards the other. */
export function passedOnLaws(): void {
  describe("what is passed on", () => {
    for (const [how, rootOf] of [
      ["as its root", undefined],
      ["by a delegate", (behind: ScriptedPeer) => Root.named("middle").delegate(behind.victim.root)],
    ] as const) {
      it(`DI-8 DI-9 a call fails with the peer that it was passed on to, ${how}, and no other session does`, async () => {
        const { caller, behind } = await twoPeers(rootOf === undefined ? {} : { rootOf });
        await caller.say(batch(1, asks("x", "on-its-way"), asks("x", "waits")));
        assert.lengthOf(behind.told("forward"), 1);
        await behind.cut();
        await turn();
        assert.deepEqual(errors(caller), { "on-its-way": "peer-lost", waits: "peer-lost" });
        assert.deepEqual([caller.told("close"), caller.told("cancel")], [[], []]);
        assert.isNull(caller.victim.lost());
        assert.deepEqual(caller.victim.held(), { exports: 0, imports: 0 });
      });
    }

    it("DI-9 a call that cannot be passed on is answered at once", async () => {
      const rootOf = (behind: ScriptedPeer): Root => Root.named("middle").delegate(behind.victim.root);
      const { caller, behind } = await twoPeers({ rootOf, beyond: SHORT_FRAMES });
      await caller.say(batch(1, asks("x", "reply", `,"~:text","${"x".repeat(1_000)}"`)));
      await turn();
      assert.deepEqual(errors(caller), { reply: "failed" });
      assert.deepEqual([caller.victim.lost(), behind.victim.lost()], [null, null]);
    });

    it("DI-8 a value that waits for a peer that is lost is undelivered, as are those on their way", async () => {
      const { caller, behind, undelivered } = await twoPeers();
      await caller.say(batch(1, ...[1, 2, 3].map((body) => message("forward", "root", `,"~:body",${body}`))));
      await behind.cut();
      assert.sameMembers(undelivered, [1, 2, 3]);
      assert.isNull(caller.victim.lost());
    });

    it("CH-13 DI-8 a value on its way from one peer to another is the hook's of the first when the other is lost", async () => {
      const undelivered: unknown[] = [];
      const { peer: owner, proxy } = await holding("t", { onUndelivered: (value) => undelivered.push(value) });
      const taker = new ScriptedPeer();
      await taker.say(HELLO);
      void taker.victim.root.put({ from: proxy } as never);
      await turn();
      const guid = /"([0-9a-f]{32})","t",false/.exec(taker.heard.at(-1) ?? "")?.[1] as string;
      await taker.say(batch(1, message("take", guid, ',"~:count",1')));
      await owner.say(batch(2, message("value", "theirs", ',"~:body",7')));
      assert.deepEqual(
        taker.told("value").map(({ body }) => body),
        [7],
      );
      await taker.cut();
      assert.deepEqual(undelivered, [7]);
      assert.isNull(owner.victim.lost());
    });

    for (const [what, body] of [
      ["names a channel that its reader never gave", '[["~##","chan-guid"],["forged","ptc",false]]'],
      ["has a letter before what is no text", '["~#x",[1]]'],
      ["has the same in another value", '["~#unknown",["~#x",[1]]]'],
      ["has a map's tag before what is none", '["~#unknown",["~#map",5]]'],
    ] as const) {
      it(`DI-2 DI-9 a value that ${what} goes no further, and ends no session`, async () => {
        const { caller, behind, undelivered } = await twoPeers();
        const before = behind.heard.length;
        const former = setUncaughtHandler(() => {});
        try {
          await caller.say(batch(1, message("forward", "root", `,"~:body",${body}`)));
          await turn();
        } finally {
          setUncaughtHandler(former);
        }
        assert.deepEqual(behind.heard.slice(before), []);
        assert.lengthOf(undelivered, 1);
        assert.deepEqual([caller.victim.lost(), behind.victim.lost()], [null, null]);
      });
    }

    it("DI-9 a number that is none ends the session of who said it, wherever it stands", async () => {
      const { caller, behind } = await twoPeers();
      const before = behind.heard.length;
      await caller.say(batch(1, message("forward", "root", ',"~:body",["~#unknown","~nabc"]')));
      assert.include(caller.victim.lost()?.message, "a number of many digits is not written 'abc'");
      assert.deepEqual(behind.heard.slice(before), []);
      assert.isNull(behind.victim.lost());
    });

    it("DI-2 numbers that are keys in a value of an unknown kind go on as what they are", async () => {
      const { caller, behind } = await twoPeers();
      const keyed = '["~#unknown",["^ ","~d1.5","a","~i2","b"]]';
      await caller.say(batch(1, message("forward", "root", `,"~:body",${keyed}`)));
      assert.include(behind.heard.at(-1), '["~#unknown",["~#cmap",[1.5,"a",2,"b"]]]');
    });

    it("DI-2 a link may hold what has a tag", async () => {
      const { caller, behind } = await twoPeers();
      const link = '["~#link",["~#cmap",[[1],"a"]]]';
      await caller.say(batch(1, message("forward", "root", `,"~:body",${link}`)));
      assert.include(behind.heard.at(-1), link);
    });

    it("DI-8 DI-9 words of one peer's that nobody can be told keep no other session from its end", async () => {
      const { caller, behind } = await twoPeers({ towardsCaller: SHORT_FRAMES });
      const asked = `["^ ","~:_cmd","${"x".repeat(700)}","~:_return",["~#chan-guid",["open","p",false]]]`;
      await caller.say(batch(1, asks("x", "on-its-way")), batch(2, message("forward", "root", `,"~:body",${asked}`)));
      const ended = behind.victim.ended.take().catch(() => "ended");
      const former = setUncaughtHandler(() => {});
      try {
        await behind.cut();
      } finally {
        setUncaughtHandler(former);
      }
      assert.equal(await Promise.race([ended, turn().then(() => "goes on for ever")]), "ended");
      assert.isNull(caller.victim.lost());
    });

    it("DI-2 a moment that no Date can be goes on as it came", async () => {
      const { caller, behind } = await twoPeers();
      await caller.say(batch(1, message("forward", "root", ',"~:body",["~m9000000000000000"]')));
      assert.include(behind.heard.at(-1), '["~m9000000000000000"]');
    });

    it("DI-2 a value whose tag is a name that all objects have goes on as it came", async () => {
      const { caller, behind } = await twoPeers();
      for (const [i, tag] of ["constructor", "toString", "valueOf", "__proto__"].entries()) {
        const value = `["~#${tag}",["x"]]`;
        await caller.say(batch(i + 1, message("forward", "root", `,"~:body",["^ ","of",${value}]`)));
        assert.isNull(caller.victim.lost(), tag);
        assert.include(behind.heard.at(-1), value);
        await behind.say(batch(i + 1, message("credit", "root", ',"~:count",1')));
      }
    });

    it("DI-2 DI-9 what has a tag before a text or a number goes on from as deep as anything may be", async () => {
      const { caller, behind } = await twoPeers();
      const deepest = '"~u00000000-0000-0001-0000-000000000002",["~#long",5],"~f1.50"';
      const body = `${"[".repeat(100)}${deepest}${"]".repeat(100)}`;
      await caller.say(batch(1, message("forward", "root", `,"~:body",${body}`)));
      assert.isNull(caller.victim.lost());
      assert.include(behind.heard.at(-1), '["~u00000000-0000-0001-0000-000000000002",5,"~f1.50"]');
    });

    it("DI-9 DI-12 a value that cannot be passed on ends what was passed on, and no session", async () => {
      let face: ReadPort<unknown> | null = null;
      const rootOf = (): Root =>
        Root.named("middle").handler("keep", (request) => {
          face = request.argument("from") as ReadPort<unknown>;
          return true;
        });
      const { caller, behind } = await twoPeers({ rootOf, beyond: SHORT_FRAMES });
      await caller.say(batch(1, asks("keep", "kept", ',"~:from",["~#chan-guid",["theirs","t",false]]')));
      const call = ask(behind.victim.root, "take this", { from: face as ReadPort<unknown> | null });
      call.catch(() => {});
      await turn();
      const guid = /"([0-9a-f]{32})","t",false/.exec(behind.heard.at(-1) ?? "")?.[1] as string;
      await behind.say(batch(1, message("take", guid, ',"~:count",1')));
      assert.deepEqual(
        caller.told("take").map(({ target }) => target),
        ["theirs"],
      );
      await caller.say(batch(2, message("value", "theirs", `,"~:body","${"x".repeat(1_000)}"`)));
      await until(
        () => `it is closed: ${behind.heard.join("\n")}`,
        () => behind.told("closed").some(({ target }) => target === guid),
      );
      assert.deepEqual([caller.told("close"), caller.told("cancel")], [[], []]);
      assert.isNull(caller.victim.lost());
      assert.isNull(behind.victim.lost());
    });

    it("DI-6 an answer is passed on, and who gave it is told of nothing that it has forgotten", async () => {
      const { caller, behind } = await twoPeers();
      await caller.say(batch(1, asks("x", "reply")));
      const guid = /"([0-9a-f]{32})","p",true/.exec(behind.heard.at(-1) ?? "")?.[1] as string;
      await behind.say(batch(1, message("forward", guid, ',"~:body",["^ ","answer",7],"~:released",1')));
      assert.deepEqual(
        caller.told("forward").map(({ target, body }) => [target, shown(body)]),
        [["reply", "answer => '7'"]],
      );
      assert.deepEqual(behind.told("closed"), []);
      assert.deepEqual(behind.victim.held(), { exports: 0, imports: 0 });
    });

    it("CH-1 of two who answer at the same moment one is told that the other was first", async () => {
      const requests = chan<Request>();
      const caller = new ScriptedPeer({ root: requests.writePort() });
      await caller.say(HELLO, batch(1, asks("x", "reply")));
      const reply = requests.poll()?.replyTo();
      let second: Promise<boolean> | undefined;
      const first = {
        get answer() {
          second ??= reply?.put({ answer: 2 });
          return 1;
        },
      };
      assert.isTrue(await reply?.put(first));
      assert.isFalse(await Promise.race([second, turn().then(() => "it waits")]));
      assert.deepEqual(
        caller.told("forward").map(({ body }) => shown(body)),
        ["answer => '1'"],
      );
    });

    it("CH-8 CH-10 why a channel has ended is told, though nothing was said of it when it was closed", async () => {
      let proxy: Channel<unknown> | null = null;
      const rootOf = (behind: ScriptedPeer): Root =>
        Root.named("middle").handler("pass", (request) => {
          proxy = request.argument("channel") as Channel<unknown>;
          void ask(behind.victim.root, "take this", { channel: proxy }).catch(() => {});
        });
      const { caller, behind } = await twoPeers({ rootOf });
      await caller.say(batch(1, asks("pass", "reply", ',"~:channel",["~#chan-guid",["theirs","ptc",false]]')));
      await turn();
      const cause = ',"~:cause",["^ ","~:type","Wrong","~:message","no end"],"~:drained",true';
      await caller.say(batch(2, message("closed", "theirs")), batch(3, message("closed", "theirs", cause)));
      await turn();
      assert.include(String((proxy as Channel<unknown> | null)?.closeCause()), "no end");
      assert.deepEqual(
        behind.told("closed").map(({ cause: told, drained }) => [told?.message ?? null, drained === true]),
        [
          [null, false],
          ["no end", true],
        ],
      );
    });

    it("DI-9 DI-12 a channel that is not ours to close is closed here only", async () => {
      const given: Channel<unknown>[] = [];
      const root = Root.named("middle").handler("keep", (request) => {
        given.push(request.argument("channel") as Channel<unknown>);
      });
      const { caller } = await twoPeers({ rootOf: () => root });
      const channel = (name: string): string => `,"~:channel",["~#chan-guid",["${name}","pt",false]]`;
      await caller.say(batch(1, asks("keep", "a", channel("one")), asks("keep", "b", channel("other"))));
      given[0]?.close();
      given[1]?.cancel();
      await turn();
      assert.deepEqual(
        given.map((proxy) => proxy.isClosed()),
        [true, true],
      );
      assert.deepEqual([caller.told("close"), caller.told("cancel")], [[], []]);
    });

    it("DI-12 a proxy goes home with the rights that it was given with", async () => {
      const root = Root.named("middle").handler("back", (request) => request.argument("channel"));
      const { caller } = await twoPeers({ rootOf: () => root });
      const rights = ["ptc", "pt", "pc", "tc", "p", "t"];
      const given = (each: string): string => `,"~:channel",["~#chan-guid",["theirs-${each}","${each}",false]]`;
      await caller.say(batch(1, ...rights.map((each) => asks("back", `reply-${each}`, given(each)))));
      await turn();
      const home = caller.heard.join("\n").match(/"theirs-\w+","\w+"/g);
      assert.sameMembers(
        home ?? [],
        rights.map((each) => `"theirs-${each}","${each}"`),
      );
    });

    it("DI-12 a proxy is passed on with the rights that it was given with, and no more", async () => {
      const rootOf = (behind: ScriptedPeer): Root =>
        Root.named("middle").handler("pass", (request) => {
          void ask(behind.victim.root, "take this", { channel: request.argument("channel") }).catch(() => {});
        });
      for (const [given, passedOn] of [
        ["ptc", "ptc"],
        ["pt", "pt"],
        ["p", "p"],
        ["t", "t"],
      ] as const) {
        const { caller, behind } = await twoPeers({ rootOf });
        const channel = `,"~:channel",["~#chan-guid",["theirs","${given}",false]]`;
        await caller.say(batch(1, asks("pass", "reply", channel)));
        await turn();
        const [, guid, rights] = /"~:channel",\["~#chan-guid",\["([0-9a-f]{32})","(\w+)"/.exec(
          behind.heard.at(-1) ?? "",
        )!;
        assert.equal(rights, passedOn);
        if (!passedOn.includes("c")) {
          await behind.say(batch(1, message("close", guid as string)));
          assert.include(behind.victim.lost()?.message, `to close is beyond the rights '${given}'`);
          assert.deepEqual(caller.told("close"), []);
        }
      }
    });

    it("DI-12 a proxy that was passed on without the right to close comes back as it is, or as one of its faces", async () => {
      const back: Channel<unknown>[] = [];
      let mine: Channel<unknown> | null = null;
      const rootOf = (behind: ScriptedPeer): Root =>
        Root.named("middle").handler("pass", (request) => {
          mine = request.argument("channel") as Channel<unknown>;
          void ask(behind.victim.root, "take this", { channel: mine }).catch(() => {});
        });
      const root = Root.named("behind").handler("back", (request) => {
        back.push(request.argument("channel") as Channel<unknown>);
      });
      const behind = new ScriptedPeer({ root });
      await behind.say(helloWith(64));
      const caller = new ScriptedPeer({ root: rootOf(behind) });
      await caller.say(HELLO, batch(1, asks("pass", "reply", ',"~:channel",["~#chan-guid",["theirs","pt",false]]')));
      await turn();
      const guid = /"~:channel",\["~#chan-guid",\["([0-9a-f]{32})","pt"/.exec(behind.heard.at(-1) ?? "")?.[1] as string;
      const home = (rights: string): string => `,"~:channel",["~#chan-guid",["${guid}","${rights}",false]]`;
      await behind.say(batch(1, ...["pt", "p", "t"].map((rights) => asks("back", `reply-${rights}`, home(rights)))));
      await turn();
      const whole = mine as Channel<unknown> | null;
      assert.lengthOf(back, 3);
      [whole, whole?.writePort(), whole?.readPort()].forEach((face, i) => assert.strictEqual(back[i], face));
      assert.isNull(behind.victim.lost());
    });
  });
}
