import { assert } from "chai";
import type { Buffer } from "circulate";
import { channelContract } from "./channel-contract.js";
import { firstNumbers } from "./until.js";
import { capacityOf, takeAll, tries, type Wiring } from "./wiring.js";

/** What a channel promises whose buffer loses values rather than making putters wait. */
export function lossyContract(buffer: Buffer & { kind: "dropping" | "sliding" }, wiring: Wiring): void {
  const capacity = capacityOf(buffer);
  channelContract(buffer, wiring);

  it("CH-9 a dropping buffer keeps the oldest values, a sliding one the newest; no put waits", async () => {
    const ends = await wiring.connect<number>(buffer);
    const values = 10 * (capacity + wiring.slack);
    for (let i = 0; i < values; i++) {
      assert.isTrue(await ends.putting.put(i));
    }
    ends.putting.close();
    const kept = await takeAll(ends);
    assert.isAtLeast(kept.length, capacity);
    assert.deepEqual(
      kept,
      [...kept].sort((a, b) => a - b),
    );
    if (buffer.kind === "sliding") {
      assert.deepEqual(
        kept.slice(-capacity),
        firstNumbers(capacity).map((i) => values - capacity + i),
      );
    } else {
      assert.deepEqual(kept.slice(0, capacity), firstNumbers(capacity));
    }
    if (wiring.slack === 0) {
      assert.equal(kept.length, capacity);
    }
  });

  if (wiring.knowsUndelivered) {
    it("CH-5 CH-13 each value is taken, or was lost and went to the hook; none twice", async () => {
      const ends = await wiring.connect<number>(buffer);
      const values = tries(wiring, 1_000);
      const taker = takeAll(ends);
      for (let i = 0; i < values; i++) {
        assert.isTrue(await ends.putting.put(i));
      }
      ends.putting.close();
      const all = [...(await taker), ...ends.undelivered];
      assert.deepEqual(
        all.sort((a, b) => a - b),
        firstNumbers(values),
      );
    });
  }
}
