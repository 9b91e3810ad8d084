import { assert } from "chai";
import { ask, chan, Request, Root, service, type Context, type WritePort } from "circulate";
import { inEachPlace, type Place, type Reply } from "./places.js";
import { errorOf, until } from "./until.js";

/** RT: the root of a page, for callers here and elsewhere. */
export function rootLaws(): void {
  inEachPlace("the page's root", (place) => {
    serviceLaws(place);
    localLaws(place);
    removalLaws(place);
    endLaws(place);
    commandLaws(place);
    delegateLaws(place);
  });
}

const answering = (answer: unknown): WritePort<Request> => service({ answer: () => answer });

async function get(root: WritePort<Request>, name: unknown): Promise<unknown> {
  return ask(await ask<WritePort<Request>>(root, "get-service", { service: name }), "answer");
}

function serviceLaws(place: Place): void {
  it("RT-1 RT-3 services are listed in order and found by name, private ones by local callers only", async () => {
    const root = Root.named("mine")
      .add("z", answering("z"), "public")
      .add("a", answering("a"), "public")
      .add("7", answering("seven"), "public")
      .add("secret", answering("s"), "private");
    const reached = await place.reach(root.port);
    root.add("a b", answering("a b"), "public");
    const names = place.far ? ["7", "a", "a b", "z"] : ["7", "a", "a b", "secret", "z"];
    assert.deepEqual(await ask(reached, "list"), ["root", ...names]);
    assert.deepEqual(
      await ask(reached, "list", { details: true }),
      names.map((name) => ({ name, public: name !== "secret" })),
    );
    assert.equal(await get(reached, "a"), "a");
    assert.equal(await get(reached, 7), "seven");
    for (const command of ["get-service", "locate-service"]) {
      const unknown = { code: "unknown-service", message: "root 'mine' has no service 'none'" } as const;
      assert.deepEqual(await errorOf(ask(reached, command, { service: "none" })), unknown);
      const secret = ask(reached, command, { service: "secret" });
      if (place.far) {
        assert.equal((await errorOf(secret)).code, "unknown-service");
      } else {
        assert.isObject(await secret);
      }
      const own = await ask<WritePort<Request>>(reached, command, { service: "root" });
      assert.equal(await ask(own, "name"), "mine", "a root is a service of its own");
    }
  });

  it("SV-4 arguments that are missing, or no names, are told", async () => {
    const reached = await place.reach(Root.named("mine").port);
    for (const args of [{}, { service: null }, { service: ["a"] }]) {
      assert.deepEqual(await errorOf(ask(reached, "get-service", args)), {
        code: "invalid-argument",
        message: "'get-service' needs argument 'service'",
      });
    }
  });

  it("SV-4 arguments that a command does not take are told", async () => {
    const reached = await place.reach(Root.named("mine").port);
    for (const [command, args, message] of [
      ["list", { detials: true }, "'list' takes (details), but came with detials"],
      ["get-service", { servce: "a" }, "'get-service' takes (service), but came with servce"],
      ["name", { x: 1 }, "'name' takes (), but came with x"],
    ] satisfies [string, Record<string, unknown>, string][]) {
      assert.deepEqual(await errorOf(ask(reached, command, args)), { code: "invalid-argument", message });
    }
  });

  it("RT-1 a service cannot have the root's name, or none", async () => {
    for (const name of ["", "root"]) {
      assert.throws(() => Root.named("mine").add(name, answering(1), "public"), RangeError, `'${name}'`);
    }
  });
}

function localLaws(place: Place): void {
  it("RT-1 RT-2 local callers add and remove services and commands; others are refused, and change nothing", async () => {
    const root = Root.named("mine").add("kept", answering("kept"), "public");
    const reached = await place.reach(root.port);
    const channel = answering("added");
    const changes: [string, Record<string, unknown>, unknown][] = [
      ["add", { service: "own", channel }, true],
      ["add", { service: "shared", channel, public: true }, true],
      ["remove", { service: "kept" }, true],
      ["remove", { service: "kept" }, false],
      ["add-handler", { command: "answer", channel }, true],
      ["set-delegate", { channel }, true],
    ];
    for (const [command, args, answer] of changes) {
      if (place.far) {
        const message = `'${command}' of root 'mine' is for local callers`;
        assert.deepEqual(await errorOf(ask(reached, command, args)), { code: "refused", message });
      } else {
        assert.strictEqual(await ask(reached, command, args), answer, command);
      }
    }
    const details = await ask(root.port, "list", { details: true });
    if (place.far) {
      assert.deepEqual(details, [{ name: "kept", public: true }]);
      assert.equal((await errorOf(ask(reached, "remove-handler", { command: "answer" }))).code, "refused");
      assert.equal((await errorOf(ask(reached, "answer"))).code, "unknown-command");
      return;
    }
    assert.deepEqual(details, [{ name: "own", public: false }, { name: "shared", public: true }]); // prettier-ignore
    assert.equal(await ask(reached, "answer"), "added");
    assert.strictEqual(await ask(reached, "delegate"), channel);
    assert.isTrue(await ask(reached, "remove-handler", { command: "answer" }));
    assert.isFalse(await ask(reached, "remove-handler", { command: "answer" }));
    assert.isTrue(await ask(reached, "set-delegate", { channel: null }));
    assert.isNull(await ask(reached, "delegate"));
    assert.equal((await errorOf(ask(reached, "answer"))).code, "unknown-command");
  });

  it("RT-2 a message that is no request of this page's has no right of a local caller", async () => {
    const root = Root.named("mine").add("kept", answering("kept"), "private");
    const reached = await place.reach(root.port);
    const reply = chan<Reply>(1);
    await reached.put({ _cmd: "remove", service: "kept", _return: reply } as unknown as Request);
    assert.equal(((await reply.take()) as Reply).error.code, "refused");
    assert.deepEqual(await ask(root.port, "list"), ["root", "kept"]);
  });

  it("SV-4 what cannot be added is an argument that does not fit", async () => {
    if (place.far) {
      return; // it may not at all
    }
    const { port } = Root.named("mine");
    const channel = answering(1);
    const told: [string, Record<string, unknown>, string][] = [
      ["add", { service: "root", channel }, "a service cannot be called 'root'"],
      ["add", { service: "a" }, "'add' needs argument 'channel', a channel"],
      ["add", { service: "a", channel: 42 }, "'add' needs argument 'channel', a channel"],
      ["add", { service: "a", channel: chan().readPort() }, "'add' needs argument 'channel', a channel"],
      ["add-handler", { command: "list", channel }, "'list' is a command of every root"],
      ["add-handler", { command: "_ping", channel }, "'_ping' is a command of every root"],
      ["set-delegate", { channel: port }, "root 'mine' cannot be its own delegate"],
    ];
    for (const [command, args, message] of told) {
      assert.deepEqual(await errorOf(ask(port, command, args)), { code: "invalid-argument", message });
    }
  });

  it("SV-3 _commands tells what is for local callers, and what only reads", async () => {
    const docs = await documented(place, Root.named("mine"));
    const local = ["add", "remove", "add-handler", "remove-handler", "set-delegate"];
    const all = ["name", "list", "get-service", "locate-service", "delegate"];
    assert.sameMembers(Object.keys(docs), [...local, ...all]);
    for (const [name, doc] of Object.entries(docs)) {
      assert.deepInclude(doc, { "local-only": local.includes(name), "read-only": all.includes(name) });
    }
  });

  it("SV-3 _commands tells what each command takes and answers, and those that were added", async () => {
    const root = Root.named("mine").handler("now", () => new Date());
    const docs = await documented(place, root);
    const form = (of: string): Record<string, any> => (docs[of]?.["forms"] as Record<string, any>[])[0] ?? {};
    const parameters = (of: string): unknown[] =>
      form(of)["parameters"].map((one: any) => `${one.name}: ${one.type}${one.required ? "" : " (optional)"}`);
    assert.deepEqual(parameters("list"), ["details: boolean (optional)"]);
    assert.deepEqual(parameters("get-service"), ["service: String"]);
    const added = ["service: String", "channel: WritePort<Request>", "public: boolean (optional)"];
    assert.deepEqual(parameters("add"), added);
    assert.deepEqual(parameters("name"), []);
    assert.equal(form("name")["returns"], "String");
    assert.isUndefined(form("name")["open"]);
    assert.deepEqual(docs["now"], {
      doc: "",
      "read-only": false,
      forms: [{ parameters: [], returns: "any", open: true }],
    });
  });
}

async function documented(place: Place, root: Root): Promise<Record<string, Record<string, unknown>>> {
  return ask(await place.reach(root.port), "_commands");
}

function removalLaws(place: Place): void {
  it("RT-4 who is replaced or removed is told, and is not there any more; the same again is not", async () => {
    const root = Root.named("mine");
    const reached = await place.reach(root.port);
    const first = chan<Request>(4);
    const second = chan<Request>(4);
    root.add("s", first, "public").add("s", first, "private");
    assert.isNull(first.poll(), "the same with another visibility");
    root.add("s", second, "public");
    const removed = { _cmd: "removed-from-root", root: "mine", service: "s" };
    assert.deepEqual(Object.fromEntries((first.poll() as Request).message()), removed);
    assert.isNull(second.poll());
    assert.isTrue(root.remove("s"));
    assert.deepEqual(Object.fromEntries((second.poll() as Request).message()), removed);
    assert.isFalse(root.remove("s"));
    assert.isNull(first.poll());
    assert.deepEqual(await ask(reached, "list"), ["root"]);
    assert.equal((await errorOf(ask(reached, "get-service", { service: "s" }))).code, "unknown-service");
  });
}

function endLaws(place: Place): void {
  it("RT-4 a service that is busy is told when it takes again", async () => {
    const root = Root.named("mine");
    const busy = chan<Request>(); // nobody takes now
    root.add("s", busy, "public").remove("s");
    await until(
      () => "the word waits",
      () => busy.waitingPutters() === 1,
    );
    assert.equal((await busy.take())?.command(), "removed-from-root");
  });

  it("RT-1 a service whose channel is closed is not there any more, nor to be removed", async () => {
    const root = Root.named("mine");
    const reached = await place.reach(root.port);
    const channel = chan<Request>(1);
    root.add("s", channel, "public");
    assert.deepEqual(await ask(reached, "list"), ["root", "s"]);
    channel.close();
    assert.equal((await errorOf(ask(reached, "get-service", { service: "s" }))).code, "unknown-service");
    assert.deepEqual(await ask(reached, "list"), ["root"]);
    root.add("s", channel, "public");
    assert.isFalse(root.remove("s"));
    root.delegate(Root.named("next").add("s", answering("next"), "public").port).add("s", channel, "public");
    assert.equal(
      await ask(await ask<WritePort<Request>>(reached, "locate-service", { service: "s" }), "answer"),
      "next",
    );
  });
}

function commandLaws(place: Place): void {
  it("RT-1 a root has commands of its own, until they are removed; those of every root stay", async () => {
    const contexts: Context[] = [];
    const root = Root.named("mine")
      .handler("twice", (request) => (request.argument("x") as number) * 2)
      .handler("wait", (_, context) => {
        contexts.push(context);
        return new Promise(() => {});
      });
    const reached = await place.reach(root.port);
    assert.equal(await ask(reached, "twice", { x: 21 }), 42);
    assert.equal((await errorOf(ask(reached, "wait", {}, { timeout: 20 }))).code, "timeout");
    await until(
      () => "the command is told that its caller is gone",
      () => contexts[0]?.signal.aborted === true,
    );
    assert.isTrue(root.removeHandler("twice"));
    assert.isFalse(root.removeHandler("twice"));
    assert.deepEqual(await errorOf(ask(reached, "twice", { x: 1 })), {
      code: "unknown-command",
      message: "root 'mine' has no command 'twice'",
    });
    for (const name of ["list", "_ping", "_own"]) {
      assert.throws(() => root.handler(name, () => 1), RangeError, `'${name}'`);
    }
  });
}

function delegateLaws(place: Place): void {
  it("RT-1 what a root does not know goes to its delegate, and so do names that are located", async () => {
    const next = Root.named("next")
      .add("there", answering("there"), "public")
      .add("secret", answering("secret"), "private")
      .handler("whose", (request) => request.origin.local);
    const root = Root.named("mine").add("here", answering("here"), "public").delegate(next.port);
    const reached = await place.reach(root.port);
    assert.equal(await ask(reached, "whose"), !place.far, "as whose it was asked here");
    for (const name of ["here", "there"]) {
      const located = await ask<WritePort<Request>>(reached, "locate-service", { service: name });
      assert.equal(await ask(located, "answer"), name);
    }
    const { message } = await errorOf(ask(reached, "get-service", { service: "there" }));
    assert.equal(message, "root 'mine' has no service 'there'");
    assert.equal((await errorOf(ask(reached, "locate-service", { service: "none" }))).code, "unknown-service");
    if (place.far) {
      assert.equal((await errorOf(ask(reached, "locate-service", { service: "secret" }))).code, "unknown-service");
    }
    root.delegate(null);
    assert.equal((await errorOf(ask(reached, "whose"))).code, "unknown-command");
    assert.throws(() => root.delegate(root.port), RangeError, "its own delegate");
  });

  it("RT-1 a request that goes round in a circle of delegates is answered with an error", async () => {
    const first = Root.named("first");
    const second = Root.named("second").delegate(first.port).add("there", answering("there"), "public");
    first.delegate(second.port);
    await ask(first.port, "add-handler", { command: "again", channel: first.port });
    const reached = await place.reach(first.port);
    for (const [command, args, code, what] of [
      ["nonsense", {}, "unknown-command", "command 'nonsense'"],
      ["locate-service", { service: "no" }, "unknown-service", "service 'no'"],
      ["again", {}, "unknown-command", "command 'again'"],
    ] satisfies [string, Record<string, unknown>, string, string][]) {
      const error = await errorOf(ask(reached, command, args));
      assert.equal(error.code, code);
      assert.equal(error.message, `root 'first' has no ${what}, in a circle`);
    }
    const located = await ask<WritePort<Request>>(reached, "locate-service", { service: "there" });
    assert.equal(await ask(located, "answer"), "there");
    first.delegate(null);
  });

  it("SV-4 a delegate that is gone is told", async () => {
    const gone = chan<Request>(1, { name: "gone" });
    gone.close();
    const reached = await place.reach(Root.named("mine").delegate(gone).port);
    assert.deepEqual(await errorOf(ask(reached, "anything")), {
      code: "unknown-service",
      message: "root mine passed 'anything' on to channel 'gone', which did not take it",
    });
  });
}
