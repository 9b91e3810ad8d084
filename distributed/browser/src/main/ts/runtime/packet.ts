import transit from "transit-js";
import { RemoteFailureException, messageOf, nameOf } from "../errors.js";
import { CodecException } from "./exceptions.js";
import { shortened } from "./sentence.js";
import { readFrame, writeFrame } from "./transit-codec.js";

/** What crosses a link as one frame; a number that is 0 is not told. */
export type Packet =
  | {
      /** The first thing that either side says. */
      readonly type: "hello";
      readonly version: number;
      readonly name: string;
      /** The session's name, a secret of who accepted the link; empty from who made it and would make it again. */
      readonly session: string | null;
      /** How many milliseconds the speaker is silent at the longest; 0 if it does not tell. */
      readonly beat: number;
      /** How many values the speaker lets be on their way through one proxy; 0 if it does not tell. */
      readonly window: number;
      /** What proves who the speaker is, as in HTTP's header `Authorization`. */
      readonly credentials?: string | undefined;
    }
  | {
      /** Instead of a hello, from whoever made the link: this is another link for a session. */
      readonly type: "resume";
      readonly session: string;
      readonly received: number;
    }
  | {
      /** The answer to a resume; what follows on this link belongs to the session. */
      readonly type: "resumed";
      readonly received: number;
    }
  | {
      /** Messages in order. */
      readonly type: "batch";
      /** One more than the batch before. */
      readonly number: number;
      /** The last batch that was received before. */
      readonly received: number;
      readonly messages: readonly Message[];
    }
  | {
      /** I am here. */
      readonly type: "beat";
      /** The last batch that was said, so that its loss is noticed. */
      readonly said: number;
      readonly received: number;
    }
  | {
      /** The last thing that either side says. Whoever hears it first answers with one of its own. */
      readonly type: "bye";
      readonly code: string;
      readonly sentence: string;
      readonly received: number;
    };

/** The code of an orderly end. */
export const LEAVING = "leaving";

/** The code of an end because the other side broke the protocol. */
export const VIOLATION = "protocol-violation";

/** The code of an end because the other side says more than it reads, or of a link that may be tried again later. */
export const OVERLOADED = "overloaded";

/** The code of an end because something failed on this side. */
export const INTERNAL = "internal";

/**
 * What one peer tells the other about one channel. The *owner* has the channel; the *holder* has a proxy for it.
 * Bodies are transit's types.
 */
export type Message =
  /** Holder to owner: put this. With `released` it is the last that the holder will ever say of the channel. */
  | Of<"forward", { body: unknown; request?: boolean; deadline?: number; released?: number }>
  /** Owner to holder: so many of your puts were accepted; that many more may be on the way. */
  | Of<"credit", { count: number }>
  /** Holder to owner: so many more of my takers wait. */
  | Of<"take", { count: number }>
  /** Holder to owner: so many of my takers gave up. No other follows before its answer. */
  | Of<"untake", { count: number }>
  /** Owner to holder, for every `untake`: so many of your takers were withdrawn. The others have a value each. */
  | Of<"untaken", { count: number }>
  /** Owner to holder: a value for one of your takers. */
  | Of<"value", { body: unknown }>
  /** Holder to owner: a value that nobody wanted comes home, and is next in line. */
  | Of<"home", { body: unknown }>
  /** Holder to owner: close the channel, after what I put before. */
  | Of<"close", { cause?: Cause | null }>
  /** Holder to owner: no more is wanted of this channel. */
  | Of<"cancel", { cause?: Cause | null }>
  /** Owner to holder: the channel is closed; `drained` if nothing more will be sent. */
  | Of<"closed", { cause?: Cause | null; drained?: boolean }>
  /** Holder to owner: I have forgotten the channel, which had been given to me so often. */
  | Of<"release", { count: number }>;

type Of<Type extends string, Fields> = { readonly type: Type; readonly target: string } & Readonly<Fields>;

/** Why a channel was closed, as data. */
export interface Cause {
  readonly type: string;
  readonly message?: string | null;
}

/**
 * The cause in what a channel was closed with, whichever side it comes from; null if there is none. Whoever closes a
 * channel does not know that its reason has to fit into a frame: each of its texts has so many characters `most`.
 */
export function causeOf(thrown: unknown, most: number): Cause | null {
  if (thrown === null || thrown === undefined) {
    return null;
  } else if (thrown instanceof RemoteFailureException) {
    return cut(thrown.type, thrown.original, most);
  }
  return cut(nameOf(thrown), messageOf(thrown), most);
}

function cut(type: string, message: string | null, most: number): Cause {
  return { type: shortened(type, most), message: message === null ? null : shortened(message, most) };
}

/** What stands for a cause here; undefined if there is none. */
export function thrownFor(cause: Cause | null | undefined): RemoteFailureException | undefined {
  return cause ? new RemoteFailureException(cause.type, cause.message ?? null) : undefined;
}

// ---- writing

const keywords = new Map<string, object>();

function keyword(name: string): object {
  let known = keywords.get(name);
  if (known === undefined) {
    known = transit.keyword(name);
    keywords.set(name, known);
  }
  return known;
}

/** A map with keyword keys; fields of which there is nothing to say are left out. */
function fields(of: object): Map<object, unknown> {
  const map = new Map<object, unknown>();
  for (const [name, value] of Object.entries(of) as [string, unknown][]) {
    if (value !== null && value !== undefined && value !== false && value !== 0) {
      map.set(keyword(name), name === "type" ? keyword(value as string) : value);
    }
  }
  return map;
}

function messageFields(message: Message): Map<object, unknown> {
  const map = fields(message);
  if ("cause" in message && message.cause) {
    const { type, message: words } = message.cause;
    const cause = new Map<object, unknown>([[keyword("type"), type]]);
    if (words !== null && words !== undefined) {
      cause.set(keyword("message"), words);
    }
    map.set(keyword("cause"), cause);
  }
  if ("body" in message) {
    map.set(keyword("body"), message.body); // whatever it is, 0 and false as well
  }
  if (message.type === "untaken" || message.type === "forward") {
    const name = message.type === "untaken" ? "count" : "deadline";
    const number = message.type === "untaken" ? message.count : message.deadline;
    if (number !== undefined) {
      map.set(keyword(name), number);
    }
  }
  return map;
}

/** The text of a packet. */
export function writePacket(packet: Packet): string {
  const map = fields(packet);
  if (packet.type === "batch") {
    map.set(keyword("messages"), packet.messages.map(messageFields));
  } else if (packet.type === "resume" || packet.type === "resumed") {
    map.set(keyword("received"), packet.received);
  }
  if ((packet.type === "hello" || packet.type === "resume") && packet.session !== null) {
    map.set(keyword("session"), packet.session);
  }
  return writeFrame(map);
}

// ---- reading

/**
 * The packet in a text; the bodies in it are still transit's types.
 *
 * @throws CodecException if the text is beyond the limit or not a packet
 */
export function readPacket(text: string, longest: number): Packet {
  const frame = new Incomplete(readFrame(text, longest), "a frame");
  const type = frame.keyword("type");
  switch (type) {
    case "hello":
      return {
        type,
        version: frame.number("version"),
        name: frame.text("name"),
        session: frame.has("session") ? frame.text("session") : null,
        beat: frame.numberOr("beat", 0),
        window: frame.has("window") ? frame.count("window") : 0,
      };
    case "resume":
      return { type, session: frame.text("session"), received: frame.number("received") };
    case "resumed":
      return { type, received: frame.number("received") };
    case "batch":
      return {
        type,
        number: frame.number("number"),
        received: frame.numberOr("received", 0),
        messages: frame.list("messages").map((part) => message(new Incomplete(part, "a message"))),
      };
    case "beat":
      return { type, said: frame.numberOr("said", 0), received: frame.numberOr("received", 0) };
    case "bye":
      return {
        type,
        code: frame.text("code"),
        sentence: frame.text("sentence"),
        received: frame.numberOr("received", 0),
      };
    default:
      throw new CodecException(`no frame is of type '${type}'`);
  }
}

function message(parts: Incomplete): Message {
  const type = parts.keyword("type");
  const target = parts.text("target");
  switch (type) {
    case "forward":
      return {
        type,
        target,
        body: parts.value("body"),
        request: parts.flag("request"),
        deadline: parts.numberOr("deadline", -1),
        released: parts.has("released") ? parts.count("released") : 0,
      };
    case "credit":
    case "take":
    case "untake":
    case "release":
      return { type, target, count: parts.count("count") };
    case "untaken":
      return { type, target, count: parts.number("count") };
    case "value":
    case "home":
      return { type, target, body: parts.value("body") };
    case "close":
    case "cancel":
      return { type, target, cause: cause(parts) };
    case "closed":
      return { type, target, cause: cause(parts), drained: parts.flag("drained") };
    default:
      throw new CodecException(`no message is of type '${type}'`);
  }
}

function cause(parts: Incomplete): Cause | null {
  if (!parts.has("cause")) {
    return null;
  }
  const cause = new Incomplete(parts.value("cause"), "a cause");
  return { type: cause.text("type"), message: cause.has("message") ? cause.text("message") : null };
}

/** A map that came in, of which nothing is certain yet. */
class Incomplete {
  private readonly fields = new Map<string, unknown>();

  constructor(
    value: unknown,
    private readonly what: string,
  ) {
    if (!(value instanceof Map)) {
      throw new CodecException(`${what} is a map`);
    }
    for (const [key, field] of value as Map<unknown, unknown>) {
      if (transit.isKeyword(key)) {
        this.fields.set(key._name, field);
      }
    }
  }

  has(name: string): boolean {
    return (this.fields.get(name) ?? null) !== null;
  }

  value(name: string): unknown {
    if (!this.has(name)) {
      throw new CodecException(`${this.what} without :${name}`);
    }
    return this.fields.get(name);
  }

  keyword(name: string): string {
    const value = this.value(name);
    return transit.isKeyword(value) ? value._name : this.wrong(name, "a keyword");
  }

  text(name: string): string {
    const value = this.value(name);
    return typeof value === "string" ? value : this.wrong(name, "a string");
  }

  number(name: string): number {
    const value = this.value(name);
    return Number.isSafeInteger(value) ? (value as number) : this.wrong(name, "a number");
  }

  numberOr(name: string, otherwise: number): number {
    return this.has(name) ? this.number(name) : otherwise;
  }

  count(name: string): number {
    const number = this.number(name);
    return number > 0 && number <= 0x7fff_ffff ? number : this.wrong(name, "a positive number");
  }

  flag(name: string): boolean {
    return this.fields.get(name) === true;
  }

  list(name: string): unknown[] {
    const value = this.value(name);
    return Array.isArray(value) ? (value as unknown[]) : this.wrong(name, "a list");
  }

  private wrong(name: string, expected: string): never {
    throw new CodecException(`:${name} of ${this.what} is ${expected}, not ${shown(this.fields.get(name))}`);
  }
}

function shown(value: unknown): string {
  return typeof value === "object" ? "a value of another kind" : shortened(String(value), 80);
}
