import { assert } from "chai";
import {
  ask,
  callException,
  chan,
  Deadline,
  PeerLostException,
  service,
  type Arguments,
  type AskOptions,
  type Channel,
  type Request,
  type WritePort,
} from "circulate";
import { inEachPlace, type Reply } from "./places.js";
import { errorOf, rejection, until } from "./until.js";

/** SV: what a caller is told, whatever whoever is asked does; here that takes and answers requests by hand. */
export function callLaws(): void {
  inEachPlace("a call", (place) => {
    let reached: WritePort<Request>;
    const requests = chan<Request>(8, { name: "asked" });
    before(async () => {
      reached = await place.reach(requests.writePort());
    });

    /** A call that is replied to so. */
    async function replied(reply: unknown, options: AskOptions = {}): Promise<unknown> {
      const call = ask(reached, "c", {}, options);
      call.catch(() => {}); // whoever waits for it is told
      const request = (await requests.take()) as Request;
      await request.replyTo()?.put(reply);
      return call;
    }

    it("SV-4 an answer is what it is, also null; what is neither answer nor error is told as such", async () => {
      assert.isNull(await replied({ answer: null }));
      assert.equal(await replied({ answer: 0, error: null }), 0);
      for (const reply of [{}, { error: null }, 42, [], "answer"]) {
        assert.deepEqual(await errorOf(replied(reply)), {
          code: "internal",
          message: "'c' was answered with neither an answer nor an error",
        });
      }
    });

    it("SV-4 an error of another kind than the family's is told as far as it can be read", async () => {
      const told: [unknown, object][] = [
        ["words", { code: "failed", message: "words", type: "" }],
        [5, { code: "failed", message: "5", type: "" }],
        [{ message: "no code" }, { code: "failed", message: "[object Object]", type: "" }],
        [{ toString: 1 }, { code: "failed", message: "it has no words", type: "" }],
        [
          { code: "new-in-2030", message: "what?" },
          { code: "internal", message: "what?" },
        ],
        [{ code: "failed" }, { code: "failed", message: "", type: "" }],
        [
          { code: "peer-lost", message: "gone" },
          { code: "peer-lost", message: "gone", peer: "" },
        ],
        ...[
          ["PT1H2M3.5S", 3_723_500],
          ["PT2M", 120_000],
          ["PT0.05S", 50],
          ["soon", 0],
          [70, 70],
        ].map(([after, millis]): [unknown, object] => [
          { code: "timeout", message: "late", after },
          { code: "timeout", message: "late", after: millis },
        ]),
      ];
      for (const [error, expected] of told) {
        assert.deepEqual({ ...(await errorOf(replied({ error }))) }, expected);
      }
    });

    it("SV-6 a deadline that passed there was this call's own limit, unless it was its caller's", async () => {
      const passed = { error: { code: "deadline-exceeded", message: "it passed" } };
      assert.deepEqual(await errorOf(replied(passed, { timeout: 10_000 })), {
        code: "timeout",
        message: "'c' was not answered within 10000 ms",
        after: 10_000,
      });
      const { code } = await errorOf(replied(passed, { deadline: Deadline.after(10_000) }));
      assert.equal(code, "deadline-exceeded");
    });

    it("SV-6 who waits no longer has closed the reply channel, whichever way the call ended", async () => {
      const abort = new AbortController();
      const ways: [AskOptions, (reply: WritePort<Reply>) => unknown][] = [
        [{ timeout: 20 }, () => {}],
        [{ signal: abort.signal }, () => abort.abort(new Error("enough"))],
        [{}, (reply) => reply.put({ answer: 1 })],
        [{}, (reply) => reply.put({ error: "no" })],
      ];
      for (const [options, end] of ways) {
        const call = ask(reached, "c", {}, options).catch((e: Error) => e);
        const reply = ((await requests.take()) as Request).replyTo() as WritePort<Reply>;
        await end(reply);
        await call;
        await until(
          () => "it is closed",
          () => reply.isClosed(),
        );
      }
    });
  });

  describe("a call that cannot be made", () => {
    const asked = chan<Request>(1, { name: "asked" });

    async function refused(args: Arguments, options: AskOptions): Promise<string> {
      const { message } = await rejection(ask(asked, "c", args, options));
      assert.isNull(asked.poll(), "nothing was asked");
      return message;
    }

    it("SV-1 is refused where it stands: arguments of the library's, no time, a signal that is aborted", async () => {
      assert.equal(
        await refused({ _return: 1 }, {}),
        "argument '_return': names that begin with an underscore are the library's",
      );
      for (const limit of [0, -1, NaN]) {
        assert.equal(await refused({}, { timeout: limit }), `a call waits longer than zero, not ${limit}`);
      }
      assert.equal(await refused({}, { signal: AbortSignal.abort(new Error("too late")) }), "too late");
    });

    it("SV-4 to a service that is closed, or takes nothing, is told as such, and leaves nothing there", async () => {
      const waiting = chan<Request>(undefined, { name: "busy" });
      assert.deepEqual(await errorOf(ask(waiting, "c", {}, { timeout: 10 })), {
        code: "timeout",
        message: "'c' was not answered within 10 ms: the service's channel did not accept the request",
        after: 10,
      });
      assert.deepEqual(await errorOf(ask(waiting, "c", {}, { deadline: Deadline.after(10) })), {
        code: "deadline-exceeded",
        message: "the deadline passed before 'c' was answered: the service's channel did not accept the request",
      });
      const abort = new AbortController();
      const given = rejection(ask(waiting, "c", {}, { signal: abort.signal }));
      assert.equal(waiting.waitingPutters(), 1);
      abort.abort(new Error("enough"));
      assert.equal((await given).message, "enough");
      assert.equal(waiting.waitingPutters(), 0);
      const cut = errorOf(ask(waiting, "c"));
      waiting.cancel();
      const message = "'c' was not accepted: channel 'busy' is closed";
      assert.deepEqual(await cut, { code: "unknown-service", message });
      assert.deepEqual(await errorOf(ask(waiting, "c")), { code: "unknown-service", message });
      const lost = chan<Request>();
      lost.close(new PeerLostException("somebody", "gone"));
      assert.deepEqual(await errorOf(ask(lost, "c")), {
        code: "peer-lost",
        peer: "somebody",
        message: "'c' was not answered: gone",
      });
    });

    it("SV-4 whose reply channel is closed without an answer is told with the cause, if there is one", async () => {
      const closed = async (cause?: unknown): Promise<object> => {
        const call = errorOf(ask(asked, "c"));
        const reply = ((await asked.take()) as Request).replyTo() as Channel<unknown>;
        reply.close(cause);
        return call;
      };
      const message = "the reply channel of 'c' was closed without an answer";
      assert.deepEqual(await closed(), { code: "internal", message });
      const cause = new TypeError("out of tea");
      assert.deepEqual(await closed(cause), { code: "failed", type: "TypeError", message: "out of tea", cause });
      const refused = callException("refused", "not today");
      assert.strictEqual(await closed(refused), refused.error);
      const lost = { code: "peer-lost", peer: "somebody", message: "'c' was not answered: gone" };
      assert.deepEqual(await closed(new PeerLostException("somebody", "gone")), lost);
    });

    it("SV-1 a service has a command, none with an underscore, and room for a request", () => {
      assert.throws(() => service({}), RangeError, "service has no command");
      assert.throws(() => service({ _own: () => 1 }), RangeError, "command '_own'");
      for (const limit of [0, NaN]) {
        assert.throws(() => service({ own: () => 1 }, { limit }), RangeError, `not ${limit}`);
      }
    });

    it("SV-6 a deadline that has passed leaves no time, and the earlier of two counts", () => {
      const past = Deadline.after(-10);
      assert.equal(past.remaining(), 0);
      assert.isTrue(past.hasPassed());
      assert.isFalse(Deadline.NONE.exists());
      assert.strictEqual(past.earlier(Deadline.NONE), past);
      assert.strictEqual(Deadline.NONE.earlier(past), past);
    });
  });
}
