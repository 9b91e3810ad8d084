import { assert } from "chai";
import { promise } from "circulate";
import { untilTakersWait } from "./channel-contract.js";
import { until } from "./until.js";
import type { Wiring } from "./wiring.js";

/** What a channel promises that keeps its first value. */
export function promiseContract(wiring: Wiring): void {
  it("CH-9 a promise gives its first value to everyone, for ever", async () => {
    const ends = await wiring.connect<string>(promise());
    const early = [ends.taking.take(), ends.taking.take()];
    await untilTakersWait(ends, 2);
    assert.isTrue(await ends.putting.put("first"));
    assert.deepEqual(await Promise.all(early), ["first", "first"]);
    assert.isTrue(await ends.putting.put("second"));
    for (let i = 0; i < 3; i++) {
      assert.equal(await ends.taking.take(), "first");
    }
  });

  it("CH-9 CH-13 a promise keeps no other value, and tells of each", async () => {
    const ends = await wiring.connect<string>(promise());
    for (const value of ["first", "second", "third"]) {
      assert.isTrue(await ends.putting.put(value));
    }
    assert.equal(await ends.taking.take(), "first");
    if (wiring.knowsUndelivered) {
      await until(
        () => `both others are told of, not ${ends.undelivered}`,
        () => ends.undelivered.length === 2,
      );
      assert.deepEqual(ends.undelivered, ["second", "third"]);
    }
  });

  it("CH-9 CH-7 a promise that was kept gives its value after close, too", async () => {
    const ends = await wiring.connect<string>(promise());
    assert.isTrue(await ends.putting.put("first"));
    ends.putting.close();
    assert.isFalse(await ends.putting.put("late"));
    assert.equal(await ends.taking.take(), "first");
    assert.equal(await ends.taking.take(), "first");
  });

  it("CH-9 CH-7 a promise that was never kept ends its takers at close", async () => {
    const ends = await wiring.connect<string>(promise());
    const early = ends.taking.take();
    await untilTakersWait(ends, 1);
    ends.putting.close();
    assert.isNull(await early);
    assert.isNull(await ends.taking.take());
  });
}
