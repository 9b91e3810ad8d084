import { assert } from "chai";
import { ask, connect, Tagged, type Peer } from "circulate";
import type { Site } from "./site.js";
import { firstNumbers } from "./until.js";

/** DI-2: what values are on the other side, and what they come back as. */
export function serverValueLaws(site: Site): void {
  describe("values that go to a Java server", () => {
    let peer: Peer;
    before(async () => {
      peer = await connect(site.uri, site.options);
    });
    after(() => peer.close());

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
      const longs = [5n, -(2n ** 31n), 2n ** 63n - 1n];
      const value = [1, 2 ** 40, ...longs, 2n ** 70n, 1.5, 1e300, 2 ** 60, NaN, -Infinity, true, null];
      assert.equal(
        await ask(peer.root, "describe", { value }),
        "[Integer 1, Long 1099511627776, Long 5, Long -2147483648, Long 9223372036854775807, BigInteger 1180591620717411303424, " +
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
