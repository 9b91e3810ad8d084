import type { WritePort } from "../channel.js";
import { isPort, PUT_SIDE } from "../internal/faces.js";
import { momentAfter, now } from "../internal/time.js";

/** The name under which the command stands in a message. */
export const COMMAND = "_cmd";

/** The name under which the channel for the answer stands in a message. */
export const RETURN = "_return";

/** Where a request came from: a fact of how it arrived, which no content of a message can forge. */
export type Origin = { readonly local: true } | { readonly local: false; readonly peer: string };

/** Where a request that code makes comes from. */
export const LOCAL: Origin = { local: true };

/** Until when a caller waits. */
export class Deadline {
  /** No deadline. */
  static readonly NONE = new Deadline(Infinity);

  private constructor(private readonly moment: number) {}

  /** So many milliseconds from now. */
  static after(millis: number): Deadline {
    return new Deadline(momentAfter(millis));
  }

  exists(): boolean {
    return this.moment !== Infinity;
  }

  /** How many milliseconds are left, zero at least; `Infinity` if there is no deadline. */
  remaining(): number {
    return Math.max(0, this.moment - now());
  }

  hasPassed(): boolean {
    return this.remaining() === 0;
  }

  earlier(other: Deadline): Deadline {
    return this.moment <= other.moment ? this : other;
  }
}

/** The arguments of a request, by name: plain data and channels. */
export type Arguments = Readonly<Record<string, unknown>>;

/**
 * A message that asks a service or a root to do something: the command's name, the channel for the answer, and the
 * arguments by name. {@link ask} is how to ask.
 */
export class Request {
  private constructor(
    private readonly content: ReadonlyMap<string, unknown>,

    /** Where it came from. */
    readonly origin: Origin,

    /** Until when its caller waits. */
    readonly deadline: Deadline,
  ) {}

  /** A local request from its message, for who puts it, and takes the answer, by hand. */
  static of(message: Readonly<Record<string, unknown>>, deadline = Deadline.NONE): Request {
    const there = Object.entries(message).filter(([, value]) => value !== undefined);
    return new Request(new Map(there), LOCAL, deadline);
  }

  /** The request that came in from a peer. */
  static received(message: object, origin: Origin, deadline: Deadline): Request {
    const entries = message instanceof Map ? [...message] : Object.entries(message);
    return new Request(new Map(entries.map(([name, value]) => [String(name), value])), origin, deadline);
  }

  /** The same with something more in the message. */
  with(name: string, value: unknown): Request {
    return new Request(new Map(this.content).set(name, value), this.origin, this.deadline);
  }

  /** What is to be done; null if the message has no command that is text. */
  command(): string | null {
    const name = this.content.get(COMMAND);
    return typeof name === "string" ? name : null;
  }

  /** Where the answer goes; null if nobody waits for one. */
  replyTo(): WritePort<unknown> | null {
    const port = this.content.get(RETURN);
    return isPort(port) && port[PUT_SIDE] !== undefined ? (port as unknown as WritePort<unknown>) : null;
  }

  /** An argument; undefined if it is not there. */
  argument(name: string): unknown {
    return this.content.get(name);
  }

  /** The arguments by name: the message without the names that begin with an underscore. */
  arguments(): Record<string, unknown> {
    return Object.fromEntries([...this.content].filter(([name]) => !name.startsWith("_")));
  }

  /** The whole message, as it travels. */
  message(): ReadonlyMap<string, unknown> {
    return this.content;
  }

  toString(): string {
    return `request '${this.command()}' with ${Object.keys(this.arguments()).join(", ") || "no argument"}`;
  }
}
