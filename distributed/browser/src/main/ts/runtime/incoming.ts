import transit from "transit-js";
import type { Port } from "../internal/faces.js";
import { CodecException } from "./exceptions.js";
import { Reference } from "./reference.js";
import { Tagged } from "./tagged.js";
import { LONG, text } from "./transit-codec.js";

/**
 * Makes of what transit read what a program expects: names are strings, a map whose keys are all strings is an
 * object, integers are numbers where these are exact and bigints where not, and each {@link Reference} is a channel
 * or a face of one. What has a tag that nobody knows is {@link Tagged}.
 */
export class Incoming {
  /**
   * @param depth how deep values may be nested
   * @param resolve the port that a reference means
   */
  constructor(
    private readonly depth: number,
    private readonly resolve: (reference: Reference) => Port,
  ) {}

  convert(value: unknown, depth = 0): unknown {
    this.requireDepth(depth);
    if (typeof value !== "object" || value === null) {
      return required(value);
    } else if (value instanceof Reference) {
      return this.resolve(value);
    } else if (Array.isArray(value)) {
      return value.map((entry) => this.convert(entry, depth + 1));
    } else if (value instanceof Map) {
      return this.map(value, depth);
    } else if (value instanceof Set) {
      return new Set([...value].map((entry) => this.convert(entry, depth + 1)));
    } else if (transit.isKeyword(value) || transit.isSymbol(value)) {
      return value._name; // one text, however often the name stands in a frame
    } else if (value instanceof LONG) {
      return BigInt(String(value));
    } else if (transit.isTaggedValue(value)) {
      return this.tagged(value.tag, value.rep, depth);
    }
    return required(value);
  }

  private map(map: Map<unknown, unknown>, depth: number): unknown {
    const entries = [...map].map(([key, entry]): [unknown, unknown] => [
      this.convert(key, depth + 1),
      this.convert(entry, depth + 1),
    ]);
    // fromEntries defines what it is given: no key reaches a prototype
    return entries.every(([key]) => typeof key === "string") ? Object.fromEntries(entries) : new Map(entries);
  }

  private tagged(tag: string, representation: unknown, depth: number): unknown {
    switch (tag) {
      case "long":
      case "short":
      case "byte":
      case "float":
      case "list":
        return this.convert(representation, depth);
      case "n":
        return BigInt(representation as string);
      default:
        return new Tagged(text(tag, "a tag"), this.verbatim(representation, within(representation, depth)));
    }
  }

  /** The representation of a tagged value, in which nothing but channels is ours to change. */
  private verbatim(value: unknown, depth: number): unknown {
    this.requireDepth(depth);
    if (value instanceof Reference) {
      return this.resolve(value);
    } else if (Array.isArray(value)) {
      return value.map((entry) => this.verbatim(entry, depth + 1));
    } else if (value instanceof Map) {
      return new Map(
        [...value].map(([key, entry]) => [this.verbatim(key, depth + 1), this.verbatim(entry, depth + 1)]),
      );
    } else if (value instanceof Set) {
      return new Set([...value].map((entry) => this.verbatim(entry, depth + 1)));
    } else if (transit.isTaggedValue(value)) {
      return transit.tagged(text(value.tag, "a tag"), this.verbatim(value.rep, within(value.rep, depth)));
    }
    return isOfTransit(value) ? value : required(value);
  }

  private requireDepth(depth: number): void {
    if (depth > this.depth) {
      throw new CodecException(`a value nested deeper than ${this.depth} levels is refused`);
    }
  }
}

/** How deep a representation is: a tag before a text or a number is no level of its own. */
export function within(representation: unknown, depth: number): number {
  return typeof representation === "object" && !(representation instanceof LONG) ? depth + 1 : depth;
}

/** A name or a large integer in a value of an unknown kind, which goes on as it came. */
export function isOfTransit(value: unknown): boolean {
  return transit.isKeyword(value) || transit.isSymbol(value) || value instanceof LONG;
}

/** Codes and tags that mean nothing are read as what is no value; half a pair could be said to nobody else. */
function required(value: unknown): unknown {
  if (typeof value === "string") {
    return text(value, "a text");
  }
  if (typeof value !== "object" ? value !== undefined : value === null || isAtom(value)) {
    return value;
  }
  throw new CodecException("a code or a tag that stands for nothing");
}

function isAtom(value: object): boolean {
  return value instanceof Date || value instanceof Uint8Array;
}
