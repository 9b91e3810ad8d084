import transit, { type WriteHandler } from "transit-js";
import { HALF_A_PAIR } from "../errors.js";
import { CodecException } from "./exceptions.js";
import { Reference, PUT, rightsOf, type Rights } from "./reference.js";
import { shortened } from "./sentence.js";

const CHANNEL = "chan-guid";

function writing<T>(tag: string, rep: (value: T) => unknown): WriteHandler<T> {
  return { tag: () => tag, rep, stringRep: () => null };
}

/** A number that must not be written as JSON's, which has no other name for it than an integer's. */
export class Double {
  constructor(readonly value: number) {}
}

const WRITERS = transit.map([
  Map,
  writing<Map<unknown, unknown>>("map", (map) => map),
  Set,
  writing<Set<unknown>>("set", (set) => transit.tagged("array", [...set])),
  Reference,
  writing<Reference>(CHANNEL, ({ guid, rights, reply }) => [guid, rights, reply]),
  Double,
  writing<Double>("d", ({ value }) => `~d${value}`), // a double's representation is written as it is
]);

/** How many digits a number may have; its exponent may be as large. */
export const MOST_DIGITS = 10_000;

/** How a text is to be written. */
interface Form {
  test(text: string): boolean;
}

const INTEGER = /^-?\d{1,10000}$/;

/** What Java reads as well, to which it may be passed on; a sign, a point and an exponent are no digits. */
const DECIMAL: Form = {
  test(text) {
    const [, whole, fraction = "", exponent = 0] =
      /^[-+]?(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([-+]?\d{1,5}))?$/i.exec(text) ?? [];
    return (
      whole !== undefined &&
      text.length < MOST_DIGITS + 10 &&
      (whole + fraction).replace(/^0+/, "").length <= MOST_DIGITS &&
      Math.abs(fraction.length - Number(exponent)) <= MOST_DIGITS
    );
  },
};

/** An integer that has no more bits than that. */
function integerOf(bits: number): Form {
  return { test: (text) => /^-?\d{1,19}$/.test(text) && isOfBits(BigInt(text), bits) };
}

/** A number that is not beyond those of 32 bits, unless it is beyond all. */
const FLOAT: Form = {
  test: (text) => Number.isFinite(Math.fround(Number(text))) || !Number.isFinite(Number(text)),
};

/** Any number, as far as JavaScript reads it. */
const DOUBLE: Form = {
  test: (text) => /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text) && !Number.isNaN(Number(text)),
};

/** The numbers that are written as texts, of which transit-js reads some number whatever stands there. */
const NUMBERS = /(?<!\\)"~([id])([^"]*)"/g;

/** Whether an integer has no more bits than that, one of which is its sign. */
export function isOfBits(value: bigint, bits: number): boolean {
  return BigInt.asIntN(bits, value) === value;
}

/** What integers beyond the exact ones are. */
export const LONG = transit.integer("9007199254740993").constructor;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** How long a name may be: both sides keep it as long as the channel is held, and repeat it. */
const LONGEST_GUID = 64;

/** What is a text of whole characters, and written so. */
export function text(value: unknown, what: string, form: Form = /^/): string {
  if (typeof value !== "string") {
    throw new CodecException(`${what} is a text, not ${value === null ? "null" : `a ${typeof value}`}`);
  }
  if (HALF_A_PAIR.test(value)) {
    throw new CodecException(`${what} with half a surrogate pair`);
  }
  if (!form.test(value)) {
    throw new CodecException(`${what} is not written '${shortened(value, 80)}'`);
  }
  return value;
}

function elements(values: unknown, what: string): unknown[] {
  if (!Array.isArray(values)) {
    throw new CodecException(`${what} is written as a list`);
  }
  return values as unknown[];
}

/** A number that fits its tag, with it: within a value of an unknown kind that goes on as it came. */
function number(tag: string, form: Form): (value: unknown) => unknown {
  return (value) => {
    if (!(typeof value === "number" || value instanceof LONG) || !form.test(String(value))) {
      throw new CodecException(`a ${tag} is a number that fits`);
    }
    return transit.tagged(tag, value);
  };
}

/** One that is out of reach of a `Date` goes on as it came. */
function moment(millis: unknown): unknown {
  const digits = text(typeof millis === "number" ? String(millis) : millis, "a moment", integerOf(64));
  const date = new Date(Number(digits));
  return Number.isNaN(date.getTime()) ? transit.tagged("m", digits) : date;
}

function requireValid(date: Date): Date {
  if (Number.isNaN(date.getTime())) {
    throw new CodecException("a moment that is none");
  }
  return date;
}

function reference(parts: unknown): Reference {
  if (typeof parts === "string") {
    return named(parts, PUT, false);
  }
  if (Array.isArray(parts) && parts.length === 3) {
    const [guid, rights, reply] = parts as unknown[];
    if (typeof guid === "string" && typeof rights === "string" && typeof reply === "boolean") {
      return named(guid, rightsOf(rights), reply);
    }
  }
  throw new CodecException("a channel is written [guid, rights, reply]");
}

function named(guid: string, rights: Rights, reply: boolean): Reference {
  if (guid.length > LONGEST_GUID) {
    throw new CodecException(`the name of a channel of ${guid.length}; the limit is ${LONGEST_GUID}`);
  }
  return new Reference(guid, rights, reply);
}

/** A map of which some keys are no texts: they stand in an array, each before its value. */
function pairs(parts: unknown[]): Map<unknown, unknown> {
  if (!Array.isArray(parts) || parts.length % 2 !== 0) {
    throw new CodecException("a map has a key without a value");
  }
  const map = new Map<unknown, unknown>();
  for (let i = 0; i < parts.length; i += 2) {
    map.set(parts[i], parts[i + 1]);
  }
  return map;
}

const READERS: Record<string, ((rep: never) => unknown) | null> = {
  ["__proto__"]: null, // transit-js would read a tag as what all objects have under that name
  [CHANNEL]: reference,
  ":": (name: unknown) => transit.keyword(text(name, "a name")),
  $: (name: unknown) => transit.symbol(text(name, "a name")),
  set: (values: unknown) => new Set(elements(values, "a set")),
  list: (values: unknown) => transit.tagged("list", elements(values, "a list")),
  cmap: pairs,
  long: number("long", integerOf(64)),
  short: number("short", integerOf(16)),
  byte: number("byte", integerOf(8)),
  float: number("float", FLOAT),
  r: (address: unknown) => transit.tagged("r", text(address, "an address")),
  u: (digits: unknown) => transit.tagged("u", text(digits, "a UUID", UUID)),
  f: (digits: unknown) => transit.tagged("f", text(digits, "a decimal", DECIMAL)),
  n: (digits: unknown) => transit.tagged("n", text(digits, "a number of many digits", INTEGER)),
  m: moment,
  t: (iso: unknown) => requireValid(new Date(text(iso, "a moment"))),
  link: null, // one that is not known: within a known one no tag is read
};

/** @throws CodecException if nobody reads a value that has this tag */
export function requireReadable(tag: string, representation: unknown): void {
  if (Object.hasOwn(READERS, tag)) {
    READERS[tag]?.(representation as never);
  }
}

const MAPS = {
  init: () => new Map<unknown, unknown>(),
  add: (map: unknown, key: unknown, value: unknown) => (map as Map<unknown, unknown>).set(key, value),
  finalize: (map: unknown) => map,
};

/**
 * What was written before in this frame, by a short code. That of transit-js keeps it in a plain object, in which a map
 * key `__proto__` finds, and changes, what all objects share.
 */
class WriteCache {
  private readonly codes = new Map<string, string>();

  write(text: string, asMapKey: boolean): string {
    if (text.length <= 3 || !(asMapKey || /^~[:$#]/.test(text))) {
      return text;
    }
    if (this.codes.size === CODE_DIGITS * CODE_DIGITS) {
      this.codes.clear();
    }
    const known = this.codes.get(text);
    if (known === undefined) {
      this.codes.set(text, codeOf(this.codes.size));
    }
    return known ?? text;
  }

  clear(): void {
    this.codes.clear();
  }
}

const CODE_DIGITS = 44;

function codeOf(index: number): string {
  const digit = (value: number): string => String.fromCharCode("0".charCodeAt(0) + value);
  const high = Math.floor(index / CODE_DIGITS);
  return `^${high === 0 ? "" : digit(high)}${digit(index % CODE_DIGITS)}`;
}

/**
 * The text of a frame. What goes in are transit's own types, native maps and sets, and {@link Reference}s.
 * Each frame has a writer of its own: one that failed has its cache in the middle of a message.
 */
export function writeFrame(frame: unknown): string {
  try {
    return transit.writer("json", { handlers: WRITERS, cache: new WriteCache() }).write(frame);
  } catch (e) {
    throw new CodecException(`cannot write a frame: ${(e as Error).message}`, { cause: e });
  }
}

/**
 * The frame in a text: maps are native ones, and lists arrays.
 *
 * @throws CodecException if it is no text after all, or too long, or not one transit value
 */
export function readFrame(text: string, longest: number): unknown {
  if (typeof text !== "string") {
    throw new CodecException("a frame that is no text, which was not agreed");
  }
  if (text.length > longest) {
    throw new CodecException(`a frame of ${text.length}; the limit is ${longest}`);
  }
  for (const [, kind, digits = ""] of text.matchAll(NUMBERS)) {
    if (!(kind === "i" ? integerOf(64) : DOUBLE).test(digits)) {
      throw new CodecException(`a number is not written '${shortened(digits, 80)}'`);
    }
  }
  try {
    return transit.reader("json", { handlers: READERS, mapBuilder: MAPS, preferBuffers: false }).read(text);
  } catch (e) {
    if (e instanceof CodecException) {
      throw e;
    }
    throw new CodecException(`not transit JSON: ${text.slice(0, 80)}`, { cause: e });
  }
}
