import type { WritePort } from "../channel.js";
import { ChannelFailedException, PeerLostException } from "../errors.js";
import { putSide } from "../internal/faces.js";
import { open, type LocalChannel } from "../internal/local-channel.js";
import type { Pending } from "../internal/traits.js";
import { CallException, failureOf, fromData, peerLost, type CallError } from "./call-error.js";
import { COMMAND, Deadline, Request, RETURN, type Arguments } from "./request.js";

/** How long a call waits for its answer unless it is told otherwise, in milliseconds. */
export const DEFAULT_LIMIT = 30_000;

/** What can be said of a call beside its arguments. */
export interface AskOptions {
  /** How many milliseconds to wait for the answer: 30,000 unless told otherwise. */
  readonly timeout?: number;

  /** Gives the call up, which tells the service to stop. */
  readonly signal?: AbortSignal;

  /** Until when the caller's own caller waits: a command passes on that of its request. */
  readonly deadline?: Deadline;
}

/**
 * Asks a service or a root, near or far, and waits for the answer.
 *
 * @param service whom to ask
 * @param command what to do
 * @param args the arguments by name: data and channels
 * @throws CallException if there is an error instead of an answer; its `error` says which
 *
 * @example
 * const ticks = chan<Tick>(sliding(1));
 * await ask(peer.root, "subscribe", { to: ticks });
 * for await (const tick of ticks) plot(tick);
 */
export async function ask<T = unknown>(
  service: WritePort<Request>,
  command: string,
  args: Arguments = {},
  options: AskOptions = {},
): Promise<T> {
  return (await new Call(service, command, args, options).answer()) as T;
}

/** A service whose commands are methods: see {@link client}. */
export type Client<T> = {
  readonly [M in keyof T]: T[M] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

/**
 * A service as an object: each method of it is a request with the method's name in kebab-case (`plusOne`:
 * `plus-one`), and with the arguments of the object that the method is given.
 *
 * @example
 * interface Calculator { plusOne(args: { x: number }): number; }
 * const calculator = client<Calculator>(service);
 * const b = await calculator.plusOne({ x: 41 });
 */
export function client<T extends object>(service: WritePort<Request>, options: AskOptions = {}): Client<T> {
  return new Proxy(Object.create(null), {
    get: (_, name) =>
      typeof name === "symbol" || name === "then" // no promise
        ? undefined
        : (args?: Arguments) => ask(service, kebabCase(name), args, options),
  }) as Client<T>;
}

/** A name as commands are named: `plusOne` is `plus-one`, `get42` is `get-42`. */
export function kebabCase(name: string): string {
  return name.replace(/(?<=[\p{Ll}\d])(?=\p{Lu})|(?<=\p{L})(?=\d)/gu, "-").toLowerCase();
}

/** One request and the wait for its answer. However it ends, neither a waiting put nor an open reply channel stays. */
export class Call {
  private readonly reply: LocalChannel<unknown> = open<unknown>(1, { name: "reply" });
  private readonly limit: number;
  private readonly deadline: Deadline;
  private readonly inherited: boolean;
  private readonly signal: AbortSignal | undefined;
  private readonly withdrawPut: Pending;

  constructor(
    service: WritePort<Request>,
    private readonly command: string,
    args: Arguments,
    options: AskOptions,
  ) {
    this.limit = options.timeout ?? DEFAULT_LIMIT;
    if (!(this.limit > 0)) {
      throw new RangeError(`a call waits longer than zero, not ${this.limit}`);
    }
    const reserved = Object.keys(args).find((name) => name.startsWith("_"));
    if (reserved !== undefined) {
      throw new RangeError(`argument '${reserved}': names that begin with an underscore are the library's`);
    }
    const own = Deadline.after(this.limit);
    this.deadline = own.earlier(options.deadline ?? Deadline.NONE);
    this.inherited = this.deadline !== own;
    this.signal = options.signal;
    this.signal?.throwIfAborted();
    this.withdrawPut = this.begin(putSide(service), args);
  }

  private begin(service: LocalChannel<Request>, args: Arguments): Pending {
    const request = Request.of({ ...args, [COMMAND]: this.command, [RETURN]: this.reply }, this.deadline);
    service.requireValue(request);
    return service.putAsync(
      request,
      () => {},
      () => this.reply.close(new CallException(this.gone(service))),
    );
  }

  private gone(service: LocalChannel<Request>): CallError {
    const cause = service.closeCause();
    return cause instanceof PeerLostException
      ? this.lost(cause)
      : { code: "unknown-service", message: `'${this.command}' was not accepted: ${service} is closed` };
  }

  private lost(cause: PeerLostException): CallError {
    return peerLost(`'${this.command}'`, cause);
  }

  /** Waits for the answer. */
  async answer(): Promise<unknown> {
    try {
      const taken = await this.reply.poll(this.deadline.remaining(), this.signal);
      if (taken !== null) {
        return this.unwrap(taken);
      }
      throw new CallException(this.reply.isClosed() ? this.unanswered(null) : this.late());
    } catch (e) {
      throw e instanceof ChannelFailedException ? new CallException(this.unanswered(e.cause)) : e;
    } finally {
      this.giveUp();
    }
  }

  /** Gives the call up, if its answer is not there. */
  giveUp(): void {
    this.withdrawPut();
    this.reply.cancel();
  }

  private unwrap(taken: unknown): unknown {
    const map = (typeof taken === "object" && taken !== null ? taken : {}) as Record<string, unknown>;
    if (map["error"] !== null && map["error"] !== undefined) {
      throw new CallException(this.told(fromData(map["error"])));
    }
    if (!("answer" in map)) {
      const message = `'${this.command}' was answered with neither an answer nor an error`;
      throw new CallException({ code: "internal", message });
    }
    return map["answer"];
  }

  /** That the deadline passed may be seen there first: when it was this call's own limit, it is late. */
  private told(error: CallError): CallError {
    return error.code === "deadline-exceeded" && !this.inherited ? this.late() : error;
  }

  private unanswered(cause: unknown): CallError {
    if (cause instanceof CallException) {
      return cause.error;
    } else if (cause instanceof PeerLostException) {
      return this.lost(cause);
    } else if (cause === null || cause === undefined) {
      const message = `the reply channel of '${this.command}' was closed without an answer`;
      return { code: "internal", message };
    }
    return failureOf(cause);
  }

  private late(): CallError {
    const where = this.withdrawPut() ? ": the service's channel did not accept the request" : "";
    if (this.inherited) {
      const message = `the deadline passed before '${this.command}' was answered${where}`;
      return { code: "deadline-exceeded", message };
    }
    const message = `'${this.command}' was not answered within ${this.limit} ms${where}`;
    return { code: "timeout", after: this.limit, message };
  }
}
