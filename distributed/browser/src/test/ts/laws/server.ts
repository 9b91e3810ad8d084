import { assert } from "chai";
import {
  ask,
  CallException,
  type CallError,
  chan,
  client,
  connect,
  DEFAULT_LIMITS,
  fixed,
  GoFor,
  PeerLostException,
  Root,
  service,
  sliding,
  Tagged,
  type Buffer,
  type Channel,
  type ConnectOptions,
  type Peer,
  type Request,
  type WritePort,
} from "circulate";
import { suite } from "./suite.js";
import { firstNumbers, isSettled, rejection, turn, until } from "./until.js";
import type { Ends, Wiring } from "./wiring.js";

/** Where the Java server is. */
export interface Site {
  /** Where links are accepted. */
  readonly uri: string;

  /** The same by way of a relay that can be told to cut. */
  readonly relay: string;

  /** Where only who shows the token is let in. */
  readonly guarded: string;

  /** What connections need here. */
  readonly options: ConnectOptions;
}

let keys = 0;

async function exchange(peer: Peer | null): Promise<void> {
  if (peer !== null) {
    await ask(peer.root, "list");
  }
}

/** A channel of the server's, of which both parties hold the same proxy. */
class TheirWiring implements Wiring {
  readonly name = "a channel of a Java server";
  readonly slack = DEFAULT_LIMITS.window;
  readonly knowsUndelivered = false;
  private peer: Promise<Peer> | null = null;

  constructor(private readonly site: Site) {}

  async connect<T>(buffer: Buffer): Promise<Ends<T>> {
    this.peer ??= connect(this.site.uri, this.site.options);
    const { root } = await this.peer;
    const channel = await ask<Channel<T>>(root, "open", { ...buffer });
    return { putting: channel, taking: channel, undelivered: [] };
  }

  async exchange(): Promise<void> {
    await exchange(await this.peer);
  }

  async close(): Promise<void> {
    (await this.peer)?.close();
  }
}

/** A channel of one page's, and another page's proxy for it, with the server between them. */
class OursWiring implements Wiring {
  readonly slack = 2 * DEFAULT_LIMITS.window;
  readonly knowsUndelivered = true;
  private peers: Promise<[Peer, Peer]> | null = null;

  constructor(
    private readonly site: Site,
    private readonly far: "putting" | "taking",
  ) {}

  get name(): string {
    return `another page's proxy for ${this.far}, through a Java server`;
  }

  async connect<T>(buffer: Buffer): Promise<Ends<T>> {
    const { uri, options } = this.site;
    this.peers ??= Promise.all([connect(uri, options), connect(uri, options)]);
    const [one, other] = await this.peers;
    const undelivered: T[] = [];
    const channel = chan<T>(buffer, { onUndelivered: (value) => undelivered.push(value) });
    const key = `${this.far} ${keys++}`;
    await ask(one.root, "leave", { key, channel });
    const proxy = await ask<Channel<T>>(other.root, "fetch", { key });
    return this.far === "putting"
      ? { putting: proxy, taking: channel, undelivered }
      : { putting: channel, taking: proxy, undelivered };
  }

  async exchange(): Promise<void> {
    for (const peer of (await this.peers) ?? []) {
      await exchange(peer);
    }
  }

  async close(): Promise<void> {
    (await this.peers)?.forEach((peer) => peer.close());
  }
}

async function errorOf(call: Promise<unknown>): Promise<CallError> {
  const failure = await rejection(call);
  assert.instanceOf(failure, CallException, String(failure));
  return (failure as CallException).error;
}

/** DI-1 over a real server, and what only two address spaces can show. */
export function serverLaws(site: Site): void {
  suite(new TheirWiring(site));
  suite(new OursWiring(site, "putting"));
  suite(new OursWiring(site, "taking"));
  callLaws(site);
  travelLaws(site);
  resumeLaws(site);
}

function callLaws(site: Site): void {
  describe("calls to a Java server", () => {
    const pageRoot = Root.named("page")
      .handler("now", () => new Date(0))
      .handler("throws", () => {
        throw new TypeError("not like this");
      })
      .handler("slow", (_, { signal }) => new Promise((resolve) => signal.addEventListener("abort", resolve)))
      .add("open", service({ plusOne: { run: ({ x }) => x + 1, parameters: { x: { type: "int" } } } }), "public")
      .add("safe", service({ open: () => "opened" }), "private");
    let peer: Peer;
    let calculator: WritePort<Request>;
    before(async () => {
      peer = await connect(site.uri, { ...site.options, root: pageRoot });
      calculator = await ask(peer.root, "get-service", { service: "calculator" });
    });
    after(() => peer.close());

    /** What the server gets when it asks the page. */
    async function askedBack(command: string, args: object = {}, more: object = {}): Promise<any> {
      return ask(peer.root, "ask-back", { root: pageRoot.port, command, arguments: args, ...more });
    }

    it("SV-1 a command is answered; arguments choose the form", async () => {
      assert.equal(await ask(calculator, "get-42"), 42);
      assert.equal(await ask(calculator, "get-42", { x: 8 }), 50);
      assert.equal(await ask(calculator, "_ping"), "pong");
    });

    it("SV-4 every failure has an answer with its code", async () => {
      assert.equal((await errorOf(ask(calculator, "nothing"))).code, "unknown-command");
      assert.equal((await errorOf(ask(calculator, "plus-one", { x: "one" }))).code, "invalid-argument");
      assert.equal((await errorOf(ask(calculator, "plus-one", { y: 1 }))).code, "invalid-argument");
      const failed = await errorOf(ask(calculator, "fail"));
      assert.deepEqual(failed, {
        code: "failed",
        type: "java.lang.IllegalStateException",
        message: "it went wrong",
      });
      assert.equal((await errorOf(ask(peer.root, "get-service", { service: "none" }))).code, "unknown-service");
    });

    it("SV-5 a service is an object whose methods are requests", async () => {
      interface Calculator {
        get42(args?: { x: number }): number;
        plusOne(args: { x: number }): number;
      }
      const typed = client<Calculator>(calculator);
      const b: number = await typed.plusOne({ x: await typed.get42() });
      assert.equal(b, 43);
    });

    it("SV-6 a caller that gives up interrupts the method", async () => {
      const streams = await ask<WritePort<Request>>(peer.root, "get-service", { service: "streams" });
      const abort = new AbortController();
      const call = rejection(ask(streams, "wait-for-ever", {}, { signal: abort.signal }));
      await turn();
      abort.abort(new Error("enough"));
      assert.equal((await call).message, "enough");
      assert.equal(await ask(peer.root, "interrupted"), "interrupted");
      assert.equal((await errorOf(ask(streams, "wait-for-ever", {}, { timeout: 50 }))).code, "timeout");
      assert.equal(await ask(peer.root, "interrupted"), "interrupted");
    });

    it("SV-4 an argument that cannot be sent is refused where it stands, and costs nothing", async () => {
      const failure = await rejection(ask(calculator, "plus-one", { x: { deep: [() => 1] } }));
      assert.include(failure.message, "a function, at x.deep[0]");
      assert.equal(await ask(calculator, "plus-one", { x: 1 }), 2);
    });

    it("GF-1 GF-4 the article's program, with a parallel step in the middle", async () => {
      const result = GoFor.of(async (g) => {
        const name = await g.ask<string>("name", peer.root, "name");
        const services = g.begin<string[]>("services", peer.root, "list");
        const found = g.begin<WritePort<Request>>("service", peer.root, "get-service", { service: "calculator" });
        await g.join(45_000);
        const answer = await g.ask<number>("answer", found.get(), "get-42");
        return { name, services: services.get(), answer };
      })
        .onError((error, variable) => assert.fail(`${variable}: ${error.message}`))
        .start();
      assert.deepEqual(await result.take(), {
        name: "laws",
        services: ["root", "calculator", "streams"],
        answer: 42,
      });
      assert.isNull(await result.take());
    });

    it("GF-3 the first failure ends the comprehension and names its variable", async () => {
      const single = GoFor.of<string>((g) => g.ask("x", calculator, "nothing")).onError(
        (error, variable) => `${variable} ${error.code}`,
      );
      assert.equal(await single.start().take(), "x unknown-command");
      const parallel = GoFor.of<string>(async (g) => {
        g.begin("fine", calculator, "get-42");
        g.begin("late", chan<Request>().writePort(), "anything");
        g.begin("later", chan<Request>().writePort(), "anything");
        await g.join(50);
        return "never";
      }).onError((error, variable) => `${variable} ${error.code}`);
      assert.equal(await parallel.start().take(), "late, later timeout");
      const unhandled = GoFor.of((g) => g.ask("x", calculator, "nothing")).start();
      assert.instanceOf((await rejection(unhandled.take())).cause, CallException);
    });

    it("RT-1 the page has a root, and its services are found and called from Java", async () => {
      assert.deepEqual(await askedBack("list"), { answer: ["root", "open"] });
      assert.deepEqual(await askedBack("name"), { answer: "page" });
      assert.deepEqual(await askedBack("now"), { answer: new Date(0) });
      const { answer: open } = await askedBack("get-service", { service: "open" });
      const asked = await ask(peer.root, "ask-back", { root: open, command: "plus-one", arguments: { x: 41 } });
      assert.deepEqual(asked, { answer: 42 });
    });

    it("RT-2 RT-3 what is for local callers is refused, and what is private is not there", async () => {
      const { port } = pageRoot;
      assert.equal((await askedBack("add", { service: "evil", channel: port, public: true })).code, "refused");
      assert.equal((await askedBack("remove", { service: "open" })).code, "refused");
      assert.equal((await askedBack("get-service", { service: "safe" })).code, "unknown-service");
      assert.equal((await askedBack("locate-service", { service: "safe" })).code, "unknown-service");
      assert.equal(
        await ask(await ask<WritePort<Request>>(port, "get-service", { service: "safe" }), "open"),
        "opened",
      );
    });

    it("SV-4 SV-6 a command of the page's that throws, or is late, is answered", async () => {
      assert.deepEqual(await askedBack("throws"), { code: "failed", message: "not like this" });
      assert.equal((await askedBack("slow", {}, { millis: 50 })).code, "timeout");
      assert.equal((await askedBack("nothing")).code, "unknown-command");
    });

    it("SV-3 SV-7 the page's services tell of themselves", async () => {
      const { answer: open } = await askedBack("get-service", { service: "open" });
      const docs = await ask<Record<string, unknown>>(open, "_commands");
      assert.property(docs, "plus-one");
      assert.equal(await ask(open, "_ping"), "pong");
      assert.deepEqual(await ask(open, "_health"), { status: "up" });
      assert.isAbove((await ask<{ calls: number }>(open, "_stats")).calls, 0);
    });

    it("values arrive from Java as what they are here, and go back as what they were", async () => {
      const values = await ask<Record<string, unknown>>(peer.root, "values");
      assert.deepEqual(values, {
        int: 42,
        long: 42,
        large: 2n ** 63n - 1n,
        double: 1.5,
        nan: NaN,
        text: "~tilde, ^caret, `tick and \u{1F600}",
        moment: new Date("2026-11-23T10:15:30.123Z"),
        nanos: new Tagged("instant", "2026-11-23T10:15:30.123456789Z"),
        duration: new Tagged("duration", "PT1H30M"),
        uuid: new Tagged("u", "d2c1e6c0-7a6e-4b6e-9a3e-1f2e3d4c5b6a"),
        big: 123456789012345678901234567890n,
        decimal: new Tagged("f", "1.10"),
        bytes: new Uint8Array([1, 2, 255]),
        list: [1, "two", 3.5],
        set: new Set(["only"]),
        keyed: new Map([[7, "seven"]]),
        uri: new Tagged("r", "https://example.org/a?b=c"),
        proto: JSON.parse('{"__proto__": "a key like any other"}') as unknown,
      });
      assert.deepEqual(await ask(peer.root, "echo", { value: values }), values);
    });

    it("no key of a map reaches what all objects share, and a thousand different keys come back", async () => {
      const shared = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];
      const keys = [...firstNumbers(3_000).map((i) => `a key of length ${i}`), ...shared, ...shared];
      const value = keys.map((key) => Object.fromEntries([[key, key]]));
      assert.deepEqual(await ask(peer.root, "echo", { value }), value);
      assert.deepEqual(
        Object.getOwnPropertyNames(Object.prototype).filter((name) => /\d/.test(name)),
        [],
      );
    });

    it("values of JavaScript arrive in Java with a type of their own", async () => {
      const value = [1, 2 ** 40, 5n, 2n ** 63n - 1n, 2n ** 70n, 1.5, 1e300, 2 ** 60, NaN, -Infinity, true, null];
      assert.equal(
        await ask(peer.root, "describe", { value }),
        "[Integer 1, Long 1099511627776, Long 5, Long 9223372036854775807, BigInteger 1180591620717411303424, " +
          "Double 1.5, Double 1.0E300, Double 1.152921504606847E18, Double NaN, Double -Infinity, Boolean true, null]",
      );
      const more = [new Date(1), new Map<unknown, string>([[1, "one"]]), new Tagged("u", crypto.randomUUID())];
      assert.match(
        await ask(peer.root, "describe", { value: more }),
        /^\[Instant .*, LinkedHashMap \{1=one\}, UUID .*\]$/,
      );
    });
  });
}

function travelLaws(site: Site): void {
  describe("channels that travel to a Java server", () => {
    let peer: Peer;
    let streams: WritePort<Request>;
    before(async () => {
      peer = await connect(site.uri, site.options);
      streams = await ask(peer.root, "get-service", { service: "streams" });
    });
    after(() => peer.close());

    it("DI-2 the same channel is the same proxy, and one that is sent home is the original", async () => {
      const theirs = await ask<Channel<number>>(peer.root, "open", { kind: "fixed", capacity: 4 });
      assert.strictEqual(await ask(peer.root, "echo", { value: theirs }), theirs);
      const ours = chan<number>();
      const home = await ask<{ deep: unknown[] }>(peer.root, "echo", {
        value: { deep: [ours, ours.readPort(), ours.writePort(), [ours]] },
      });
      assert.strictEqual(home.deep[0], ours);
      assert.strictEqual(home.deep[1], ours.readPort());
      assert.strictEqual(home.deep[2], ours.writePort());
      assert.strictEqual((home.deep[3] as unknown[])[0], ours);
    });

    it("DI-4 a slow taker in the page stops a fast putter in Java", async () => {
      const to = chan<number>();
      const call = ask<number>(streams, "put", { to, count: 1_000 });
      const { window } = DEFAULT_LIMITS;
      await until(
        () => `a window of values waits, not ${to.waitingPutters()}`,
        () => to.waitingPutters() === window,
      );
      assert.isFalse(await isSettled(call));
      assert.equal(to.waitingPutters(), window);
      const taken: number[] = [];
      for await (const value of to) {
        taken.push(value);
      }
      assert.deepEqual(taken, firstNumbers(1_000));
      assert.equal(await call, 1_000);
    });

    it("DI-5 a channel of the page's is read to its end in Java", async () => {
      const from = chan<number>(fixed(8));
      const call = ask(streams, "take", { from });
      for (let i = 0; i < 500; i++) {
        assert.isTrue(await from.put(i));
      }
      from.close();
      assert.deepEqual(await call, { taken: 500, "in-order": true });
    });

    it("CH-9 a slow page with a sliding buffer gets the newest, and holds up nobody", async () => {
      const to = chan<number>(sliding(1));
      const taken: number[] = [];
      const slow = (async () => {
        for await (const value of to) {
          taken.push(value);
          await new Promise((resolve) => setTimeout(resolve, 5)); // that is how slow it is
        }
      })();
      assert.equal(await ask(streams, "put", { to, count: 5_000 }), 5_000);
      await slow;
      assert.equal(taken.at(-1), 4_999);
      assert.isBelow(taken.length, 2_500);
      assert.deepEqual(
        taken,
        [...taken].sort((a, b) => a - b),
      );
    });

    it("DI-6 a thousand calls leave both tables as they were", async () => {
      const other = await connect(site.uri, site.options);
      const calculator = await ask<WritePort<Request>>(other.root, "get-service", { service: "calculator" });
      for (let round = 0; round < 20; round++) {
        const calls = firstNumbers(50).map((x) => ask(calculator, "plus-one", { x }));
        assert.deepEqual(
          await Promise.all(calls),
          firstNumbers(50).map((x) => x + 1),
        );
      }
      assert.deepEqual(other.held(), { exports: 0, imports: 1 });
      other.close();
    });

    it("DI-6 a channel that is closed and drained is forgotten", async () => {
      const before = peer.held();
      const theirs = await ask<Channel<number>>(peer.root, "open", { kind: "fixed", capacity: 4 });
      assert.isTrue(await theirs.put(1));
      theirs.close();
      assert.equal(await theirs.take(), 1);
      assert.isNull(await theirs.take());
      const to = chan<number>(4);
      await ask(streams, "put", { to, count: 2 });
      assert.deepEqual([await to.take(), await to.take(), await to.take()], [0, 1, null]);
      await until(
        () => `${JSON.stringify(peer.held())} is ${JSON.stringify(before)}`,
        () => peer.held().imports <= before.imports && peer.held().exports <= before.exports,
      );
    });

    it("DI-8b a peer that is left knows at once, and so does whoever waits for it", async () => {
      const other = await connect(site.uri, site.options);
      const theirs = await ask<Channel<number>>(other.root, "open", { kind: "rendezvous" });
      const taken = rejection(theirs.take());
      const call = errorOf(ask(other.root, "interrupted"));
      await turn();
      other.close();
      assert.instanceOf((await taken).cause, PeerLostException);
      assert.equal((await call).code, "peer-lost");
      assert.isFalse(await theirs.put(1));
      assert.instanceOf(other.lost(), PeerLostException);
      assert.deepEqual(other.held(), { exports: 0, imports: 0 });
      assert.equal((await errorOf(ask(other.root, "name"))).code, "peer-lost");
    });
  });
}

function resumeLaws(site: Site): void {
  describe("links that are cut", () => {
    let control: Peer;
    before(async () => {
      control = await connect(site.uri, site.options);
    });
    after(() => control.close());

    /** Cuts the links through the relay again and again, until told to end. */
    function cutting(pause: number): () => Promise<number> {
      let over = false;
      let cuts = 0;
      const all = (async () => {
        while (!over) {
          await new Promise((resolve) => setTimeout(resolve, pause)); // that is how often
          await ask(control.root, "cut");
          cuts++;
        }
      })();
      return async () => {
        over = true;
        await all;
        return cuts;
      };
    }

    it("DI-7 streams both ways lose, double and reorder nothing", async () => {
      const peer = await connect(site.relay, site.options);
      const streams = await ask<WritePort<Request>>(peer.root, "get-service", { service: "streams" });
      const stop = cutting(30);
      const values = 500;
      const to = chan<number>(fixed(8));
      const from = chan<number>(fixed(8));
      const put = ask(streams, "put", { to, count: values }, { timeout: 60_000 });
      const take = ask(streams, "take", { from }, { timeout: 60_000 });
      const putting = (async () => {
        for (let i = 0; i < values; i++) {
          assert.isTrue(await from.put(i));
          if (i % 16 === 0) {
            await turn();
          }
        }
        from.close();
      })();
      const taken: number[] = [];
      for await (const value of to) {
        taken.push(value);
      }
      await putting;
      assert.deepEqual(taken, firstNumbers(values));
      assert.equal(await put, values);
      assert.deepEqual(await take, { taken: values, "in-order": true });
      assert.isAbove(await stop(), 2, "cuts");
      assert.isNull(peer.lost());
      peer.close();
    });

    it("DI-7 calls of 64 callers go on", async () => {
      const peer = await connect(site.relay, site.options);
      const calculator = await ask<WritePort<Request>>(peer.root, "get-service", { service: "calculator" });
      const stop = cutting(20);
      const callers = firstNumbers(64).map(async (caller) => {
        for (let i = 0; i < 20; i++) {
          assert.equal(await ask(calculator, "plus-one", { x: caller * 1_000 + i }), caller * 1_000 + i + 1);
          await turn();
        }
      });
      await Promise.all(callers);
      await stop();
      await ask(control.root, "cut");
      assert.equal(await ask(calculator, "plus-one", { x: 1 }), 2);
      assert.deepEqual(peer.held(), { exports: 0, imports: 1 });
      peer.close();
    });

    it("DI-8 who does not come back within the grace is lost, and what may not have arrived is told", async () => {
      const undelivered: unknown[] = [];
      const peer = await connect(site.relay, {
        ...site.options,
        limits: { grace: 200 },
        onUndelivered: (value) => undelivered.push(value),
      });
      const theirs = await ask<Channel<number>>(peer.root, "open", { kind: "fixed", capacity: 4 });
      const call = errorOf(ask(peer.root, "interrupted"));
      await turn();
      await ask(control.root, "shut", { away: true });
      try {
        await ask(control.root, "cut");
        const taken = rejection(theirs.take());
        assert.isTrue(await theirs.put(1));
        assert.instanceOf(await rejection(peer.ended.take()), Error);
        assert.include(peer.lost()?.message, "no other came within 200 ms");
        assert.instanceOf((await taken).cause, PeerLostException);
        assert.equal((await call).code, "peer-lost");
        assert.isFalse(await theirs.put(2));
        assert.deepEqual(undelivered, [1]);
      } finally {
        await ask(control.root, "shut", { away: false });
      }
      const again = await connect(site.relay, site.options);
      assert.equal(await ask(again.root, "name"), "laws");
      again.close();
    });

    it("DI-11 a server that demands proof hears who shows it, and nobody else", async () => {
      const alice = await connect(site.guarded, { ...site.options, credentials: "Bearer a secret" });
      assert.include(await ask<string>(alice.root, "who"), "alice");
      alice.close();
      for (const credentials of [{}, { credentials: "Bearer a guess" }]) {
        const failure = await rejection(connect(site.guarded, { ...site.options, ...credentials }));
        assert.include(failure.message, site.guarded);
      }
    });

    it("who connects to nobody is told who was not there", async () => {
      const nobody = site.uri.replace(/:\d+/, ":9");
      assert.include((await rejection(connect(nobody, site.options))).message, nobody);
      const elsewhere = site.uri.replace("/csp", "/elsewhere");
      assert.include((await rejection(connect(elsewhere, site.options))).message, elsewhere);
    });
  });
}
