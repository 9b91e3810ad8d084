import { assert } from "chai";
import {
  ask,
  callException,
  CallException,
  chan,
  client,
  Deadline,
  Request,
  service,
  setUncaughtHandler,
  timeout,
  type CallError,
  type Channel,
  type Context,
} from "circulate";
import { formLaws } from "./service-forms.js";
import { byHand, inEachPlace, type Place, type Reply } from "./places.js";
import { errorOf, firstNumbers, turn, until } from "./until.js";

/** SV: services that are written in JavaScript, for callers here and elsewhere. */
export function serviceLaws(): void {
  inEachPlace("a service of the page's", (place) => {
    formLaws(place);
    failureLaws(place);
    statsLaws(place);
    limitLaws(place);
    cancelLaws(place);
    answerLaws(place);
  });
}

function statsLaws(place: Place): void {
  it("SV-7 _stats counts calls, errors and how long they took; _ping and _health answer", async () => {
    const reached = await place.reach(
      service({
        wait: () => timeout(2).take(),
        fail: () => Promise.reject(new Error("no")),
      }),
    );
    assert.equal(await ask(reached, "_ping"), "pong");
    assert.deepEqual(await ask(reached, "_health"), { status: "up" });
    await ask(reached, "wait");
    await errorOf(ask(reached, "fail"));
    const stats = await ask<Record<string, number>>(reached, "_stats");
    assert.isAbove(stats["latency-us-mean"] as number, 0);
    assert.isAtLeast(stats["latency-us-max"] as number, stats["latency-us-mean"] as number);
    assert.deepInclude(stats, { calls: 4, errors: 1, "under-way": 1, overloaded: 0, malformed: 0 });
  });
}

const FAMILY: readonly CallError[] = [
  { code: "timeout", message: "late", after: 90_500 },
  { code: "peer-lost", message: "gone", peer: "somebody" },
  { code: "failed", message: "broken", type: "OwnError" },
  ...(
    [
      "deadline-exceeded",
      "cancelled",
      "unknown-service",
      "unknown-command",
      "invalid-argument",
      "refused",
      "unauthenticated",
      "overloaded",
      "internal",
    ] as const
  ).map((code) => ({ code, message: `it is ${code}` })),
];

function failureLaws(place: Place): void {
  const cause = new TypeError("not like this");
  const failing = service({
    error: () => Promise.reject(cause),
    text: () => Promise.reject("just words"),
    family: ({ index }) => Promise.reject(new CallException(FAMILY[index as number] as CallError)),
    refuse: () => {
      throw callException("refused", "not for you");
    },
  });

  it("SV-4 what a command throws is answered with its type and message, and its cause here only", async () => {
    const reached = await place.reach(failing);
    const plain = { code: "failed", type: "TypeError", message: "not like this" };
    const error = await errorOf(ask(reached, "error"));
    assert.deepEqual(error, (place.far ? plain : { ...plain, cause }) as CallError);
    const thrown = await ask(reached, "error").catch((e: unknown) => e as CallException);
    assert.strictEqual((thrown as CallException).cause, place.far ? undefined : cause);
    assert.deepInclude(await errorOf(ask(reached, "text")), { code: "failed", type: "string", message: "just words" });
  });

  it("SV-4 what has no words of its own is answered all the same", async () => {
    const wordless = Object.assign(new Error("unread"), { name: 42, message: { not: "a text" } });
    const silent = new Error("unread");
    Object.defineProperty(silent, "message", {
      get() {
        throw silent;
      },
    });
    const reached = await place.reach(
      service({
        bare: () => Promise.reject(Object.create(null)),
        wordless: () => Promise.reject(wordless),
        silent: () => Promise.reject(silent),
      }),
    );
    for (const command of ["bare", "wordless", "silent"]) {
      const error = await errorOf(ask(reached, command, {}, { timeout: 5_000 }));
      assert.equal(error.code, "failed");
      assert.isString((error as CallError & { code: "failed" }).type);
      assert.isString(error.message);
    }
    assert.deepInclude(await ask<object>(reached, "_stats"), { errors: 3, "under-way": 1 });
  });

  it("SV-4 each error of the family comes out as it went in", async () => {
    const reached = await place.reach(failing);
    assert.deepEqual(await errorOf(ask(reached, "refuse")), { code: "refused", message: "not for you" });
    const deadline = Deadline.after(60_000); // so that one that passed there is not this call's own limit
    for (const [index, error] of FAMILY.entries()) {
      assert.deepEqual(await errorOf(ask(reached, "family", { index }, { timeout: 70_000, deadline })), error);
    }
  });

  it("SV-4 a failure that nobody waits for goes to the uncaught handler", async () => {
    const reached = await place.reach(failing);
    const told: [string, unknown][] = [];
    const former = setUncaughtHandler((where, thrown) => told.push([where, thrown]));
    try {
      await reached.put(Request.of({ _cmd: "error" }));
      await reached.put(Request.of({ _cmd: "refuse" }));
      await reached.put(Request.of({ _cmd: "error", _return: chan().readPort() }));
      await until(
        () => `it is told twice: ${told}`,
        () => told.length === 2,
      );
      const where = "request 'error' with no argument, which wants no answer";
      assert.deepEqual(told, [[where, cause], [where, cause]]); // prettier-ignore
    } finally {
      setUncaughtHandler(former);
    }
  });
}

/** A command that goes on until it is let. */
class Held {
  private readonly gates: (() => void)[] = [];
  readonly contexts: Context[] = [];

  readonly run = (_: unknown, context: Context): Promise<string> => {
    this.contexts.push(context);
    return new Promise((resolve) => this.gates.push(() => resolve("done")));
  };

  /** Returns when so many have begun. */
  begun(count: number): Promise<void> {
    return until(
      () => `${count} have begun, not ${this.contexts.length}`,
      () => this.contexts.length === count,
    );
  }

  letGo(): void {
    this.gates.splice(0).forEach((gate) => gate());
  }
}

function limitLaws(place: Place): void {
  it("SV-1 a slow command holds up no other", async () => {
    const held = new Held();
    const reached = await place.reach(service({ wait: held.run, quick: () => "quick" }));
    const calls = firstNumbers(3).map(() => ask(reached, "wait"));
    assert.equal(await ask(reached, "quick"), "quick");
    await held.begun(3);
    held.letGo();
    assert.deepEqual(await Promise.all(calls), ["done", "done", "done"]);
  });

  it("SV-1 whoever has the answer may ask again at once", async () => {
    const fail = (): never => {
      throw callException("refused", "no");
    };
    const reached = await place.reach(service({ answer: () => 42, fail }, { limit: 1 }));
    for (const _cmd of ["answer", "fail", "answer", "fail"]) {
      const reply = await byHand(reached, { _cmd });
      let told = reply.poll();
      for (const end = performance.now() + 1_000; told === null && performance.now() < end; told = reply.poll()) {
        await (place.far ? turn() : null); // not a task later
      }
      assert.deepEqual(told?.error?.code ?? told?.answer, _cmd === "answer" ? 42 : "refused");
    }
  });

  it("SV-1 beyond its limit a service says at once that it is overloaded, and serves again afterwards", async () => {
    const held = new Held();
    const reached = await place.reach(service({ wait: held.run }, { name: "small", limit: 2 }));
    for (let round = 1; round < 3; round++) {
      const calls = [ask(reached, "wait"), ask(reached, "wait")];
      await held.begun(2 * round);
      assert.deepEqual(await errorOf(ask(reached, "wait")), {
        code: "overloaded",
        message: "small has 2 requests under way, which is its limit",
      });
      held.letGo();
      await Promise.all(calls);
    }
    assert.equal((await ask<{ overloaded: number }>(reached, "_stats")).overloaded, 2);
  });
}

function cancelLaws(place: Place): void {
  it("SV-6 a caller that gives up is told to the command, whose place is free again", async () => {
    const held = new Held();
    const reached = await place.reach(service({ wait: held.run }, { limit: 1 }));
    const abort = new AbortController();
    const call = ask(reached, "wait", {}, { signal: abort.signal });
    await held.begun(1);
    abort.abort(new Error("enough"));
    assert.equal(await call.catch((e: Error) => e.message), "enough");
    const signal = held.contexts[0]?.signal as AbortSignal;
    await until(
      () => "the command is told",
      () => signal.aborted,
    );
    assert.deepEqual((signal.reason as CallException).error, {
      code: "cancelled",
      message: "the caller of 'wait' closed its reply channel",
    });
    await until(
      () => "there is room again",
      async () => (await ask(reached, "_ping").catch(() => null)) === "pong",
    );
  });

  it("SV-6 when the deadline passes the command is told, and the caller answered though it goes on", async () => {
    const held = new Held();
    const reached = await place.reach(service({ wait: held.run }, { limit: 1 }));
    const reply = await byHand(reached, { _cmd: "wait" }, { deadline: Deadline.after(10) });
    const error = { code: "deadline-exceeded", message: "the deadline passed while 'wait' was under way" };
    assert.deepEqual(await reply.take(), { error });
    assert.deepEqual((held.contexts[0]?.signal.reason as CallException).error, error as CallError);
    await until(
      () => "its place is free",
      async () => (await ask(reached, "_ping").catch(() => null)) === "pong",
    );
  });

  it("SV-6 a command that was answered is told nothing more", async () => {
    let signal: AbortSignal | undefined;
    const quick = (_: unknown, context: Context): void => void (signal = context.signal);
    const reached = await place.reach(service({ quick, wait: new Held().run }));
    await ask(reached, "quick"); // which closes its reply channel
    await ask(reached, "_ping");
    assert.isFalse(signal?.aborted, "when the reply channel closes");
    if (!place.far) {
      await ask(reached, "quick", {}, { timeout: 200 }); // answered before any timer can end
      await errorOf(ask(reached, "wait", {}, { timeout: 210 }));
      assert.isFalse(signal?.aborted, "when the deadline passes");
    }
  });

  it("SV-6 the deadline travels: a command sees what is left, 30 s unless told otherwise, and passes it on", async () => {
    const left = service({ left: (_, { request }) => request.deadline.remaining() });
    const reached = await place.reach(
      service({
        pass: (_, { request }) => ask(left, "left", {}, { deadline: request.deadline, timeout: 100_000 }),
        left: (_, { request }) => request.deadline.remaining(),
      }),
    );
    for (const command of ["left", "pass"]) {
      const unlessTold = await ask<number>(reached, command);
      assert.isTrue(unlessTold > 10_000 && unlessTold <= 30_000, String(unlessTold));
      const told = await ask<number>(reached, command, {}, { timeout: 90_000 });
      assert.isTrue(told > 50_000 && told <= 90_000, String(told));
      const inherited = await ask<number>(reached, command, {}, { deadline: Deadline.after(9_000) });
      assert.isTrue(inherited > 0 && inherited <= 9_000, String(inherited));
    }
  });
}

function answerLaws(place: Place): void {
  it("SV-5 a client is no promise, names commands as methods, and has options for all", async () => {
    interface Own {
      plusOne(args: { x: number }): number;
      get42(): number;
      waitForEver(): void;
    }
    const own = service({ plusOne: ({ x }) => x + 1, get42: () => 42, waitForEver: new Held().run });
    const typed = await Promise.resolve(client<Own>(await place.reach(own), { timeout: 500 }));
    assert.equal(await typed.plusOne({ x: await typed.get42() }), 43);
    assert.deepInclude(await errorOf(typed.waitForEver()), { code: "timeout", after: 500 });
  });

  it("SV-1 an argument that is undefined is one that is not there", async () => {
    const forms = service({
      greet: [
        { run: () => "nobody", parameters: {} },
        { run: ({ name }) => `hello, ${name}`, parameters: { name: { type: "String" } } },
      ],
    });
    const reached = await place.reach(forms);
    assert.equal(await ask(reached, "greet", { name: undefined }), "nobody");
    assert.equal(await ask(reached, "greet", { name: "Ann" }), "hello, Ann");
  });

  it("a command that answers nothing is answered with null", async () => {
    const reached = await place.reach(service({ nothing: () => undefined }));
    assert.isNull(await ask(reached, "nothing"));
  });

  it("a command may answer a channel: a stream, which its caller can end", async () => {
    const accepted: boolean[] = [];
    const stream = (): Channel<number> => {
      const to = chan<number>();
      void (async () => {
        for (let i = 0; accepted.at(-1) !== false; i++) {
          accepted.push(await to.put(i));
        }
      })();
      return to;
    };
    const reached = await place.reach(service({ stream }));
    const from = await ask<Channel<number>>(reached, "stream");
    assert.deepEqual([await from.take(), await from.take(), await from.take()], [0, 1, 2]);
    from.cancel();
    await until(
      () => "whoever puts is told",
      () => accepted.at(-1) === false,
    );
  });

  it("an answer waits for a reply channel that has no room", async () => {
    const reached = await place.reach(service({ answer: () => 42 }));
    const reply = await byHand(reached, { _cmd: "answer" }, { reply: chan<Reply>() });
    await until(
      () => "it waits",
      () => reply.waitingPutters() === 1,
    );
    await turn();
    assert.deepEqual(await reply.take(), { answer: 42 });
  });
}
