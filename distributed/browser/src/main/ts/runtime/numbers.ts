import transit from "transit-js";
import { CodecException } from "./exceptions.js";
import { Double } from "./transit-codec.js";

/** What transit-js makes of an integer that is no exact number. */
export const LONG = transit.integer("9007199254740993").constructor;

/** How many bits a number has under a tag of its own, which Java reads as one of that many, or not at all. */
const BITS: ReadonlyMap<string, number> = new Map([
  ["byte", 8],
  ["short", 16],
  ["float", 32],
  ["long", 64],
]);

/** Whether a tag is for numbers of one kind. */
export function isOfNumbers(tag: string): boolean {
  return BITS.has(tag);
}

/**
 * Holds what stands under a tag that is for numbers, as transit has it, against what Java reads there.
 *
 * @throws CodecException if it does not fit
 */
export function requireFit(tag: string, value: unknown): void {
  const fits = tag === "float" ? isFloat(value) : isInteger(value, BITS.get(tag) as number);
  if (!fits) {
    throw new CodecException(`a ${tag} is a number of ${BITS.get(tag)} bits`);
  }
}

function isInteger(value: unknown, bits: number): boolean {
  if (!(value instanceof LONG || Number.isSafeInteger(value))) {
    return false;
  }
  const exact = BigInt(String(value));
  return BigInt.asIntN(bits, exact) === exact;
}

function isFloat(value: unknown): boolean {
  const number = value instanceof Double ? value.value : value;
  if (typeof number !== "number") {
    return number instanceof LONG;
  }
  return Number.isFinite(Math.fround(number)) || !Number.isFinite(number);
}
