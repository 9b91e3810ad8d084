import { assert } from "chai";
import { ask, chan, service, type Request, type WritePort } from "circulate";
import { byHand, type Place, type Reply } from "./places.js";
import { errorOf } from "./until.js";

const two = { x: { type: "int" }, y: { type: "int", default: 5 } };

/** SV: the forms of a command: which is chosen, with what arguments, and what is told of them. */
export function formLaws(place: Place): void {
  argumentLaws(place);
  docLaws(place);
}

function argumentLaws(place: Place): void {
  describe("arguments", () => {
    let reached: WritePort<Request>;
    before(async () => {
      reached = await place.reach(
        service(
          {
            form: [
              { run: () => "none", parameters: {} },
              { run: () => "x", parameters: { x: {} } },
              { run: ({ x, y }) => `${x} and ${y}`, parameters: two },
              { run: () => "z", parameters: { z: { required: false } } },
            ],
            even: {
              run: ({ x }) => x,
              parameters: { x: { type: "even", accepts: (x) => typeof x === "number" && x % 2 === 0 } },
            },
            any: (args) => Object.keys(args),
            get42: () => 42,
          },
          { name: "forms" },
        ),
      );
    });

    it("SV-1 of the forms that fit, the one with most parameters is chosen", async () => {
      assert.equal(await ask(reached, "form", { x: 1, y: 2 }), "1 and 2");
      assert.equal(await ask(reached, "form", { x: 1 }), "1 and 5", "with its default");
      assert.equal(await ask(reached, "form", { z: 1 }), "z");
      assert.equal(await ask(reached, "form"), "z", "which need not come");
    });

    it("SV-4 an argument that will not do is told as far as people read it, whatever it is", async () => {
      for (const [x, came] of [
        [1, "1"],
        ["x".repeat(1_048_000), `${"x".repeat(79)}…`],
        [{ toString: 1 }, "it has no words"],
      ] as const) {
        assert.deepEqual(await errorOf(ask(reached, "even", { x })), {
          code: "invalid-argument",
          message: `argument 'x' of 'even': expected even, but came ${came}`,
        });
      }
    });

    it("SV-4 arguments that no form has, and such as are missing, are told with all forms", async () => {
      for (const [args, came] of [
        [{ w: 1 }, "w"],
        [{ x: 1, w: 1 }, "x, w"],
        [{ y: 1 }, "y"],
      ] as const) {
        assert.deepEqual(await errorOf(ask(reached, "form", args)), {
          code: "invalid-argument",
          message: `'form' takes (x: int, y: int) or (x: any) or (z: any) or (), but came with ${came}`,
        });
      }
      const { message } = await errorOf(ask(reached, "even"));
      assert.equal(message, "'even' takes (x: even), but came with no argument");
    });

    it("SV-2 a value that will not do is told with what was expected and what came", async () => {
      assert.equal(await ask(reached, "even", { x: 4 }), 4);
      assert.deepEqual(await errorOf(ask(reached, "even", { x: 3 })), {
        code: "invalid-argument",
        message: "argument 'x' of 'even': expected even, but came 3",
      });
    });

    it("SV-1 a command without parameters takes any; what is the library's is none", async () => {
      assert.deepEqual(await ask(reached, "any", { x: 1, y: 2 }), ["x", "y"]);
      assert.equal(await ask(reached, "get-42"), 42);
    });

    it("SV-4 an unknown command is answered with those that there are", async () => {
      const told = "forms has no command 'get42', only any, even, form, get-42";
      assert.deepEqual(await errorOf(ask(reached, "get42")), { code: "unknown-command", message: told });
      for (const message of [{}, { _cmd: 42 }]) {
        const { error } = (await (await byHand(reached, message)).take()) as Reply;
        assert.deepEqual(
          { ...error },
          {
            code: "unknown-command",
            message: "forms was sent no command: expected a name under _cmd",
          },
        );
      }
    });

    it("SV-1 a map with other keys than texts is a request, too; what is none harms nothing", async () => {
      const reply = chan<Reply>(1);
      const put = (value: unknown): Promise<boolean> => reached.put(value as Request);
      await put(42);
      await put([]);
      await put(new Map<unknown, unknown>([["_cmd", "any"], [1, "one"], ["_return", reply]])); // prettier-ignore
      assert.deepEqual(await reply.take(), { answer: ["1"] });
      assert.equal((await ask<{ malformed: number }>(reached, "_stats")).malformed, 2);
    });
  });
}

function docLaws(place: Place): void {
  it("SV-3 _commands tells the forms, shortest first, what they need, and what only reads", async () => {
    const reached = await place.reach(
      service({
        take: [
          { run: () => 1, doc: "Takes two.", parameters: two, readOnly: true, returns: "int" },
          { run: () => 2, doc: "Takes none.", parameters: {} },
        ],
        look: { run: () => 3, readOnly: true, parameters: { at: { required: false } } },
        any: () => 4,
      }),
    );
    const docs = await ask<Record<string, unknown>>(reached, "_commands");
    assert.deepEqual(Object.keys(docs), ["any", "look", "take"]);
    assert.deepEqual(docs, {
      any: { doc: "", "read-only": false, forms: [{ parameters: [], returns: "any", open: true }] },
      look: {
        doc: "",
        "read-only": true,
        forms: [{ parameters: [{ name: "at", type: "any", required: false }], returns: "any" }],
      },
      take: {
        doc: "Takes two.\nTakes none.",
        "read-only": false,
        forms: [
          { parameters: [], returns: "any" },
          {
            parameters: [
              { name: "x", type: "int", required: true },
              { name: "y", type: "int", required: false, default: "5" },
            ],
            returns: "int",
          },
        ],
      },
    });
  });
}
