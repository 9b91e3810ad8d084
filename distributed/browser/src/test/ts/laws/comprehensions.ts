import { assert } from "chai";
import { CallException, chan, Deadline, GoFor, service, type Request, type Steps, type WritePort } from "circulate";
import { inEachPlace } from "./places.js";
import { errorOf, rejection, turn, until } from "./until.js";

/** GF: comprehensions over services here and elsewhere. */
export function comprehensionLaws(): void {
  inEachPlace("a comprehension", (place) => {
    const signals: AbortSignal[] = [];
    const asked: string[] = [];
    let reached: WritePort<Request>;
    before(async () => {
      reached = await place.reach(
        service({
          echo: ({ value }) => {
            asked.push(value as string);
            return value;
          },
          fail: () => Promise.reject(new Error("no")),
          left: (_, { request }) => request.deadline.remaining(),
          waitForEver: (_, { signal }) => {
            signals.push(signal);
            return new Promise(() => {});
          },
        }),
      );
    });
    beforeEach(() => {
      signals.length = 0;
      asked.length = 0;
    });

    /** Returns when so many commands that wait have begun. */
    function begun(count: number): Promise<void> {
      return until(
        () => `${count} wait, not ${signals.length}`,
        () => signals.length === count,
      );
    }

    function allToldToStop(): Promise<void> {
      return until(
        () => "all commands are told that their caller is gone",
        () => signals.length > 0 && signals.every((signal) => signal.aborted),
      );
    }

    orderLaws();
    failureLaws();
    limitLaws();
    leavingLaws();

    function orderLaws(): void {
      it("GF-1 steps run one after the other, and nothing before the start", async () => {
        const gofor = GoFor.of(async (g) => {
          const a = await g.ask<string>("a", reached, "echo", { value: "a" });
          const b = g.begin<string>("b", reached, "echo", { value: `${a}b` });
          const c = g.begin<string>("c", reached, "echo", { value: `${a}c` });
          assert.throws(() => b.get(), TypeError, "'b' has no answer before its step was joined");
          await g.join();
          return g.ask<string>("d", reached, "echo", { value: b.get() + c.get() });
        });
        await turn();
        assert.deepEqual(asked, []);
        const result = gofor.start();
        assert.equal(await result.take(), "abac");
        assert.isNull(await result.take());
        assert.sameMembers(asked.slice(1, 3), ["ab", "ac"]);
        assert.deepEqual([asked[0], asked[3]], ["a", "abac"]);
      });

      it("GF-1 the requests of a step run side by side", async () => {
        const g = GoFor.of(async (steps) => {
          steps.begin("a", reached, "wait-for-ever");
          steps.begin("b", reached, "wait-for-ever");
          await steps.join();
        }).start();
        await begun(2);
        g.cancel();
      });

      it("GO-1 a comprehension that answers nothing only closes", async () => {
        assert.isNull(await GoFor.of(async (g) => void (await g.ask("a", reached, "echo", { value: "a" }))).start().take()); // prettier-ignore
      });
    }

    /** The words of a comprehension's error handler. */
    function failing(body: (g: Steps) => Promise<unknown>): Promise<string | null> {
      return GoFor.of(body as (g: Steps) => Promise<string>)
        .onError(async (error, variable) => {
          await turn();
          return `${variable}: ${error.code}`;
        })
        .start()
        .take();
    }

    function failureLaws(): void {
      it("GF-3 the first failure ends it: what comes after is not asked", async () => {
        const outcome = await failing(async (g) => {
          await g.ask("fine", reached, "echo", { value: "before" });
          await g.ask("bad", reached, "fail");
          await g.ask("never", reached, "echo", { value: "after" });
        });
        assert.equal(outcome, "bad: failed");
        assert.deepEqual(asked, ["before"]);
      });

      it("GF-3 GF-5 the first failure of a parallel step ends that, and its other requests", async () => {
        const outcome = await failing(async (g) => {
          g.begin("slow", reached, "wait-for-ever");
          await begun(1);
          g.begin("bad", reached, "fail");
          await g.join();
        });
        assert.equal(outcome, "bad: failed");
        await allToldToStop();
      });

      it("GF-3 a failure that the body catches does no harm to the steps after it", async () => {
        const outcome = await failing(async (g) => {
          g.begin("bad", reached, "fail");
          assert.equal((await errorOf(g.join())).code, "failed");
          const fine = g.begin<string>("fine", reached, "echo", { value: "fine" });
          await g.join();
          return fine.get();
        });
        assert.equal(outcome, "fine");
      });

      it("GF-3 an error that is of no step has no variable; what is no CallException is not the handler's", async () => {
        const own = new CallException({ code: "refused", message: "not today" });
        assert.equal(await failing(() => Promise.reject(own)), ": refused");
        const bug = new TypeError("a mistake");
        assert.strictEqual((await rejection(failing(() => Promise.reject(bug)))).cause, bug);
      });

      it("GF-3 what the handler throws closes the result with it, and so does a failure without one", async () => {
        const body = (g: Steps): Promise<string> => g.ask("bad", reached, "fail");
        const bug = new Error("handler");
        const handled = GoFor.of(body).onError(() => Promise.reject(bug));
        assert.strictEqual((await rejection(handled.start().take())).cause, bug);
        const { cause } = await rejection(GoFor.of(body).start().take());
        assert.equal((cause as CallException).error.code, "failed");
      });
    }

    function leavingLaws(): void {
      it("GF-5 a result that is not wanted any more gives up what is under way, without the handler", async () => {
        let handled = false;
        for (const parallel of [false, true]) {
          const result = GoFor.of(async (g) => {
            if (parallel) {
              g.begin("a", reached, "wait-for-ever");
              await g.join();
            } else {
              await g.ask("a", reached, "wait-for-ever");
            }
          })
            .onError(() => void (handled = true))
            .start();
          await begun(parallel ? 2 : 1);
          result.cancel();
          await allToldToStop();
        }
        assert.isFalse(handled);
      });

      it("GF-5 what was begun is given up before the handler runs, which may take its time", async () => {
        const outcome = await GoFor.of<string>(async (g) => {
          g.begin("slow", reached, "wait-for-ever");
          await begun(1);
          return g.ask("bad", reached, "fail");
        })
          .onError(async (_, variable) => {
            await allToldToStop();
            return variable;
          })
          .start()
          .take();
        assert.equal(outcome, "bad");
      });

      it("GF-5 what was begun and not joined is given up when the body ends", async () => {
        const result = GoFor.of(async (g) => {
          g.begin("a", reached, "wait-for-ever");
          await begun(1);
          return "done";
        }).start();
        assert.equal(await result.take(), "done");
        await allToldToStop();
      });
    }

    function limitLaws(): void {
      it("GF-2 a request, and a parallel step, has a limit of its own", async () => {
        const options = { timeout: 20 };
        assert.equal(await failing((g) => g.ask("a", reached, "wait-for-ever", {}, options)), "a: timeout");
        const one = failing(async (g) => {
          g.begin("hasty", reached, "wait-for-ever", {}, options);
          g.begin("patient", reached, "wait-for-ever");
          await g.join();
        });
        assert.equal(await one, "hasty: timeout");
        const all = failing(async (g) => {
          g.begin("fine", reached, "echo", { value: "fine" });
          await g.ask("after", reached, "echo", { value: "after" }); // whose answer comes after that
          g.begin("a", reached, "wait-for-ever");
          g.begin("b", reached, "wait-for-ever");
          await g.join(20);
        });
        assert.equal(await all, "a, b: timeout");
        await allToldToStop();
      });

      it("GF-2 a request of a parallel step may take as long as its join", async () => {
        const result = GoFor.of(async (g) => {
          const left = g.begin<number>("left", reached, "left");
          await g.join(45_000);
          return left.get();
        });
        assert.isAbove((await result.start().take()) as number, 30_000);
      });

      it("GF-2 unless told otherwise a parallel step waits 30 s", async () => {
        const delays: number[] = [];
        const { setTimeout: original } = globalThis;
        globalThis.setTimeout = ((task: () => void, millis = 0) => {
          delays.push(Math.round(millis));
          return original(task, millis);
        }) as typeof setTimeout;
        try {
          const result = GoFor.of((g) => g.join().then(() => "done"));
          assert.equal(await result.start().take(), "done");
        } finally {
          globalThis.setTimeout = original;
        }
        const longest = Math.max(...delays); // less what has passed since the step began
        assert.isTrue(longest > 20_000 && longest <= 30_000, String(longest));
      });

      it("GF-2 all steps together have a limit, and a step has its caller's deadline and signal", async () => {
        const within = GoFor.of((g) => g.ask<string>("a", reached, "wait-for-ever"))
          .within(30)
          .onError((error, variable) => `${variable}: ${error.code}`);
        assert.equal(await within.start().take(), "a: deadline-exceeded");
        const deadline = Deadline.after(20);
        const inherited = failing((g) => g.ask("b", reached, "wait-for-ever", {}, { deadline }));
        assert.equal(await inherited, "b: deadline-exceeded");
        const abort = new AbortController();
        const signalled = rejection(failing((g) => g.ask("c", reached, "wait-for-ever", {}, { signal: abort.signal })));
        await begun(3);
        abort.abort(new Error("enough"));
        assert.equal(((await signalled).cause as Error).message, "enough");
        await allToldToStop();
      });
    }
  });

  describe("a comprehension over a channel that nobody takes from", () => {
    it("GF-5 a request that was not accepted is withdrawn", async () => {
      const full = chan<Request>();
      const outcome = await GoFor.of((g) => g.ask<string>("a", full, "c", {}, { timeout: 10 }))
        .onError((error) => error.message)
        .start()
        .take();
      assert.equal(outcome, "'c' was not answered within 10 ms: the service's channel did not accept the request");
      assert.equal(full.waitingPutters(), 0);
    });
  });
}
