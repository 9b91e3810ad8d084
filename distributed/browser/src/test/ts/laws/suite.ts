import { dropping, fixed, sliding, type Buffer } from "circulate";
import { altsContract } from "./alts-contract.js";
import { blockingContract } from "./blocking-contract.js";
import { lossyContract } from "./lossy-contract.js";
import { promiseContract } from "./promise-contract.js";
import type { Wiring } from "./wiring.js";

const RENDEZVOUS: Buffer = { kind: "rendezvous" };

/** The contract's laws that can hold in JavaScript, for the channels of one wiring. */
export function suite(wiring: Wiring): void {
  describe(wiring.name, () => {
    after(() => wiring.close());

    describe("rendezvous", () => blockingContract(RENDEZVOUS, wiring));
    describe("fixed(16)", () => blockingContract(fixed(16), wiring));
    describe("sliding(4)", () => lossyContract(sliding(4) as never, wiring));
    describe("dropping(4)", () => lossyContract(dropping(4) as never, wiring));
    describe("promise", () => promiseContract(wiring));
    describe("alts over rendezvous", () => altsContract(RENDEZVOUS, wiring));
    describe("alts over fixed(4)", () => altsContract(fixed(4), wiring));
  });
}
