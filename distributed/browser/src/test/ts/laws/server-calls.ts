import { assert } from "chai";
import {
  ask,
  CallException,
  chan,
  client,
  connect,
  GoFor,
  Root,
  service,
  type Peer,
  type Request,
  type WritePort,
} from "circulate";
import type { Site } from "./site.js";
import { errorOf, rejection } from "./until.js";

/** SV, GF and RT between a page and Java. */
export function serverCallLaws(site: Site): void {
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
      await ask(streams, "_ping"); // so the method has begun
      abort.abort(new Error("enough"));
      assert.equal((await call).message, "enough");
      assert.equal(await ask(peer.root, "interrupted"), "interrupted");
      assert.equal((await errorOf(ask(streams, "wait-for-ever", {}, { timeout: 500 }))).code, "timeout");
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
        await g.ask("after", calculator, "get-42"); // whose answer comes after that
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
  });
}
