import transit from "transit-js";
import { HALF_A_PAIR, messageOf, RemoteFailureException, whole } from "../errors.js";
import { isPort, type Port } from "../internal/faces.js";
import { failureOf, toData } from "../service/call-error.js";
import { CodecException } from "./exceptions.js";
import { isOfTransit, within } from "./incoming.js";
import type { Reference } from "./reference.js";
import { Tagged } from "./tagged.js";
import { Double, isOfBits, MOST_DIGITS, requireReadable } from "./transit-codec.js";

/** Transit itself is made of these, and of what its texts begin with: they are no tags for a value. */
const GROUND = /^([_s?idb'#~^`]?|map|array)$/;

/** Gives the reference for a channel or a face of one. */
export type Exporter = (port: Port) => Reference;

/**
 * Makes of a value what transit can write: plain data, with a {@link Reference} for each channel. A value of any
 * other type is refused with its kind and the place where it stands; nothing is ever written as null that was not.
 */
export class Outgoing {
  constructor(
    private readonly depth: number,
    private readonly exporter: Exporter,
  ) {}

  /** The body for a value that a channel is to hold. */
  body(value: unknown): unknown {
    return this.convert(value, [], 0);
  }

  /** The body for a message whose names are the library's: its keys become keywords. */
  message(message: ReadonlyMap<string, unknown>): unknown {
    const converted = new Map<unknown, unknown>();
    for (const [name, value] of message) {
      converted.set(transit.keyword(text(name, [name])), this.convert(value, [name], 1));
    }
    return converted;
  }

  private convert(value: unknown, place: unknown[], depth: number): unknown {
    if (depth > this.depth) {
      throw refused(`a value nested deeper than ${this.depth} levels`, place);
    }
    switch (typeof value) {
      case "string":
        return text(value, place);
      case "boolean":
        return value;
      case "number":
        return number(value);
      case "bigint":
        return bigint(value, place);
      case "object":
        return value === null ? null : this.convertObject(value, place, depth);
      default:
        throw refused(`a ${typeof value}`, place);
    }
  }

  private convertObject(value: object, place: unknown[], depth: number): unknown {
    if (isPort(value)) {
      return this.exporter(value);
    } else if (Array.isArray(value)) {
      return Array.from(value, (entry, i) => this.convert(entry, [...place, i], depth + 1));
    } else if (value instanceof Map) {
      return this.map(value, place, depth);
    } else if (value instanceof Set) {
      return this.set(value, place, depth);
    } else if (value instanceof Date) {
      return date(value, place);
    } else if (value instanceof Uint8Array) {
      return new Uint8Array(value); // not a subclass, and not shared
    } else if (value instanceof URL) {
      return transit.tagged("r", value.href);
    } else if (value instanceof Tagged) {
      return this.tagged(value.tag, value.representation, place, depth);
    } else if (value instanceof Error) {
      return this.convert(failure(value), place, depth);
    }
    const prototype = Object.getPrototypeOf(value) as { constructor: { name: string } } | null;
    if (prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null) {
      return this.map(new Map(Object.entries(value).filter(([, entry]) => entry !== undefined)), place, depth);
    }
    throw refused(`a ${prototype.constructor.name}`, place);
  }

  private map(map: ReadonlyMap<unknown, unknown>, place: unknown[], depth: number): unknown {
    const converted = new Map<unknown, unknown>();
    for (const [key, value] of map) {
      const at = [...place, key];
      converted.set(this.convert(key, at, depth + 1), this.convert(value, at, depth + 1));
    }
    return written(converted);
  }

  private set(set: ReadonlySet<unknown>, place: unknown[], depth: number): Set<unknown> {
    const converted = new Set<unknown>();
    for (const value of set) {
      converted.add(this.convert(value, [...place, converted.size], depth + 1));
    }
    return converted;
  }

  private tagged(tag: string, representation: unknown, place: unknown[], depth: number): unknown {
    // one letter stands before a text
    if (GROUND.test(tag) || (tag.length === 1 && typeof representation !== "string")) {
      throw refused(`a value with tag '${tag}', of which transit itself is made`, place);
    }
    try {
      requireReadable(tag, representation);
    } catch (e) {
      throw refused(`a value with tag '${tag}': ${messageOf(e)}`, place);
    }
    return transit.tagged(text(tag, place), this.verbatim(representation, place, within(representation, depth)));
  }

  /** The representation of a tagged value, in which nothing but channels is ours to change. */
  private verbatim(value: unknown, place: unknown[], depth: number): unknown {
    if (depth > this.depth || value === null || typeof value !== "object") {
      return this.convert(value, place, depth);
    } else if (Array.isArray(value)) {
      return value.map((entry) => this.verbatim(entry, place, depth + 1));
    } else if (value instanceof Map) {
      return written(
        new Map(
          [...value].map(([key, entry]) => [
            this.verbatim(key, place, depth + 1),
            this.verbatim(entry, place, depth + 1),
          ]),
        ),
      );
    } else if (value instanceof Set) {
      return new Set([...value].map((entry) => this.verbatim(entry, place, depth + 1)));
    } else if (transit.isTaggedValue(value)) {
      return this.tagged(value.tag, value.rep, place, depth);
    }
    return isOfTransit(value) ? value : this.convert(value, place, depth);
  }
}

/** Any map can have names for keys; with others, of which transit-js would write some wrong, it has another form. */
function written(map: Map<unknown, unknown>): unknown {
  const named = [...map.keys()].every((key) => typeof key === "string" || isOfTransit(key));
  return named ? map : transit.tagged("cmap", [...map].flat(1));
}

/** JSON has one kind of number; an integer beyond the exact ones would be read as something else. */
function number(value: number): unknown {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? new Double(value) : value;
}

function bigint(value: bigint, place: unknown[]): unknown {
  if (isOfBits(value, 64)) {
    return isOfBits(value, 32) ? transit.tagged("long", Number(value)) : transit.integer(String(value));
  }
  const written = String(value);
  const digits = written.replace("-", "").length;
  if (digits > MOST_DIGITS) {
    throw refused(`a number of ${digits} digits, where the limit is ${MOST_DIGITS}`, place);
  }
  return transit.tagged("n", written);
}

function date(value: Date, place: unknown[]): Date {
  if (Number.isNaN(value.getTime())) {
    throw refused("an invalid date", place);
  }
  return new Date(value); // not shared
}

function text(value: string, place: unknown[]): string {
  if (HALF_A_PAIR.test(value)) {
    throw refused("a text with half a surrogate pair", place);
  }
  return value;
}

function failure(thrown: Error): unknown {
  if (!(thrown instanceof RemoteFailureException)) {
    return toData(failureOf(thrown));
  }
  const { type, original } = thrown;
  return { code: "failed", type: whole(type), message: original === null ? null : whole(original) };
}

function refused(what: string, place: unknown[]): CodecException {
  const at = place.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  const where = place.length === 0 ? "" : `, at ${at.replace(/^\./, "")}`;
  return new CodecException(`cannot send ${what}${where}: send plain data or channels`);
}
