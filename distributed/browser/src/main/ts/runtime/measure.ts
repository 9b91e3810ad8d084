import transit from "transit-js";
import { CodecException } from "./exceptions.js";
import type { Limits } from "./limits.js";
import { writePacket, type Message } from "./packet.js";
import { Reference } from "./reference.js";

/** What stands around a value, with a tag of the library's. */
const EACH = 12;
const NUMBER = 32;
const REFERENCE = 64;

/** A message with a name of the longest, and without what it is about. */
const MESSAGE = 256;

/** What a frame has beside one body, at most. */
const ENVELOPE = 512;

/** A character that has to be escaped is six of JSON; so is half a pair. */
const MOST_FOR_A_CHARACTER = 6;

const ESCAPED = /["\\\p{Cc}\p{Surrogate}]/gu;

/** How many characters each of two texts in a frame may have, whatever they are. */
export function longestIn(frame: number): number {
  return Math.floor((frame - ENVELOPE) / 2 / MOST_FOR_A_CHARACTER);
}

/**
 * Holds a body, of transit's types, against the limits for collections and for a frame; answers how long it becomes,
 * which is an estimate and not too low.
 *
 * @throws CodecException if no frame can have it
 */
export function measured(body: unknown, { frame, collection }: Limits): number {
  const length = lengthOf(body, collection);
  if (length > frame - ENVELOPE) {
    const written = writePacket(longestWith(body)).length;
    if (written > frame) {
      throw new CodecException(`a value, in its frame, of ${written}; the limit is ${frame}`);
    }
  }
  return length;
}

function longestWith(body: unknown): Parameters<typeof writePacket>[0] {
  const most = Number.MAX_SAFE_INTEGER;
  const target = "-".repeat(64);
  const message = { type: "forward", target, body, request: true, deadline: most, released: most } as const;
  return { type: "batch", number: most, received: most, messages: [message] };
}

/** How long a message becomes beside its body: an estimate, not too low. */
export function besideBody(message: Message): number {
  const cause = "cause" in message ? message.cause : null;
  return MESSAGE + (cause ? textLength(cause.type) + textLength(cause.message ?? "") : 0);
}

function lengthOf(value: unknown, most: number): number {
  if (typeof value === "string") {
    return EACH + textLength(value);
  } else if (typeof value !== "object" || value === null) {
    return NUMBER;
  } else if (value instanceof Map) {
    return counted(value, most).reduce((sum, [key, entry]) => sum + lengthOf(key, most) + lengthOf(entry, most), EACH);
  } else if (Array.isArray(value) || value instanceof Set) {
    return counted(value as Iterable<unknown>, most).reduce(
      (sum: number, entry) => sum + lengthOf(entry, most),
      2 * EACH,
    );
  } else if (value instanceof Uint8Array) {
    return EACH + 2 * value.length;
  } else if (value instanceof Reference) {
    return REFERENCE + value.guid.length;
  } else if (transit.isTaggedValue(value)) {
    return EACH + textLength(value.tag) + lengthOf(value.rep, most);
  } else if (transit.isKeyword(value) || transit.isSymbol(value)) {
    return EACH + textLength(String(value));
  }
  return NUMBER;
}

function counted<T>(collection: Iterable<T>, most: number): T[] {
  const all = [...collection];
  if (all.length > most) {
    throw new CodecException(`a collection of ${all.length}; the limit is ${most}`);
  }
  return all;
}

function textLength(text: string): number {
  return text.length + (MOST_FOR_A_CHARACTER - 1) * (text.match(ESCAPED)?.length ?? 0);
}
