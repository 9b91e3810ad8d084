import type { WritePort } from "../channel.js";
import { PeerLostException } from "../errors.js";
import { putSide } from "../internal/faces.js";
import { open } from "../internal/local-channel.js";
import type { Pending } from "../internal/traits.js";
import { after, now } from "../internal/time.js";
import { reportUncaught } from "../internal/uncaught.js";
import { callException, CallException, failureOf, tellError, toData, type CallError } from "./call-error.js";
import { Request, type Origin } from "./request.js";

/** How long what is told waits for a channel that has no room, such as an answer, if there is no deadline. */
export const PATIENCE = 30_000;

/** Who put a message bare: it has no right of a local caller. */
const STRANGER: Origin = { local: false, peer: "unknown" };

/** What a service or root does with a request; the signal tells when that has become pointless. */
export type Responder = (request: Request, signal: AbortSignal) => unknown;

/** Says that somebody else answers, and what that is asked. */
export class Forward {
  constructor(
    readonly port: WritePort<Request>,
    readonly request: Request,
  ) {}
}

/** What a service or root counts, for `_stats`. */
export class Stats {
  calls = 0;
  errors = 0;
  underWay = 0;
  overloaded = 0;
  malformed = 0;
  private longest = 0;
  private total = 0;

  served(millis: number, failed: boolean): void {
    this.calls++;
    this.errors += failed ? 1 : 0;
    this.total += millis;
    this.longest = Math.max(this.longest, millis);
  }

  toData(): Record<string, number> {
    return {
      calls: this.calls,
      errors: this.errors,
      "under-way": this.underWay,
      overloaded: this.overloaded,
      malformed: this.malformed,
      "latency-us-mean": this.calls === 0 ? 0 : (this.total / this.calls) * 1000,
      "latency-us-max": this.longest * 1000,
    };
  }
}

/**
 * What stands behind the channel of a service or a root: takes each request as it comes and serves it beside the
 * others, so that a slow command holds up none.
 */
export function receive(name: string, limit: number, docs: () => unknown, respond: Responder): WritePort<Request> {
  const requests = open<unknown>(undefined, { name });
  const receiver = new Receiver(name, limit, docs, respond);
  const listen = (): void => {
    requests.takeAsync(
      (value) => {
        listen();
        receiver.receive(value);
      },
      () => {},
    );
  };
  listen();
  return requests.writePort() as WritePort<Request>;
}

class Receiver {
  private readonly stats = new Stats();

  constructor(
    private readonly name: string,
    private readonly limit: number,
    private readonly docs: () => unknown,
    private readonly respond: Responder,
  ) {}

  receive(value: unknown): void {
    if (value instanceof Request) {
      this.admit(value);
    } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      this.admit(Request.received(value, STRANGER, Request.of({}).deadline));
    } else {
      this.stats.malformed++;
    }
  }

  private admit(request: Request): void {
    if (this.stats.underWay >= this.limit) {
      this.stats.overloaded++;
      const message = `${this.name} has ${this.limit} requests under way, which is its limit`;
      tellError(request, { code: "overloaded", message });
      return;
    }
    this.stats.underWay++;
    queueMicrotask(() => this.serve(request));
  }

  private async serve(request: Request): Promise<void> {
    const began = now();
    const watchdog = new Watchdog(request);
    let failure: CallError | null = null;
    let answer: unknown = null;
    try {
      answer = await Promise.race([this.introspectOr(request, watchdog.signal), watchdog.cut]);
    } catch (e) {
      failure = failureOf(e);
    }
    watchdog.end();
    this.stats.served(now() - began, failure !== null);
    try {
      if (failure !== null) {
        await this.fail(request, failure);
      } else if (answer instanceof Forward) {
        await this.forward(answer);
      } else {
        await this.give(request, { answer: answer ?? null });
      }
    } catch (e) {
      reportUncaught(`the answer to ${request}`, e);
    }
  }

  /** What every service answers beside its own commands. */
  private async introspectOr(request: Request, signal: AbortSignal): Promise<unknown> {
    switch (request.command()) {
      case "_commands":
        return this.docs();
      case "_ping":
        return "pong";
      case "_stats":
        return this.stats.toData();
      case "_health":
        return { status: "up" };
      default:
        return this.respond(request, signal);
    }
  }

  private async forward({ port, request }: Forward): Promise<void> {
    let failure: CallError | null = null;
    try {
      const isTaken = await port.offer(request, Math.min(request.deadline.remaining(), PATIENCE));
      failure = isTaken ? null : this.notTaken(request, port);
    } catch (e) {
      failure = failureOf(e); // it cannot be passed on
    }
    if (failure === null) {
      this.stats.underWay--;
    } else {
      await this.fail(request, failure);
    }
  }

  private notTaken(request: Request, port: WritePort<Request>): CallError {
    const what = `${this.name} passed '${request.command()}' on to ${port}`;
    const cause = putSide(port).ending()?.cause;
    return cause instanceof PeerLostException
      ? { code: "peer-lost", peer: cause.peer, message: `${what}: ${cause.message}` }
      : { code: "unknown-service", message: `${what}, which did not take it` };
  }

  private async fail(request: Request, error: CallError): Promise<void> {
    if (request.replyTo() === null && error.code === "failed" && error.cause !== undefined) {
      reportUncaught(`${request}, which wants no answer`, error.cause);
    }
    await this.give(request, { error: written(request, error) });
  }

  /** Answers a request, which is under way no more, for who has the answer may ask again at once; unless it waits. */
  private async give(request: Request, answer: Record<string, unknown>): Promise<void> {
    const port = request.replyTo();
    this.stats.underWay--;
    if (port === null || port.offer(answer) || port.isClosed()) {
      return;
    }
    this.stats.underWay++;
    try {
      await port.offer(answer, Math.min(request.deadline.remaining(), PATIENCE));
    } finally {
      this.stats.underWay--;
    }
  }
}

/** What leaves this address space is plain data; a local caller gets what was thrown as well. */
function written(request: Request, error: CallError): unknown {
  return request.origin.local ? error : toData(error);
}

/** Tells a command when it has become pointless: its deadline passed, or its caller closed the reply channel. */
class Watchdog {
  private readonly controller = new AbortController();
  private readonly cancelTimer: () => void;
  private readonly unwatch: Pending;

  /** Rejects when the command was told. */
  readonly cut: Promise<never>;

  constructor(request: Request) {
    const { signal } = this.controller;
    this.cut = new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    this.cut.catch(() => {}); // whoever races with it is told
    const { deadline } = request;
    const message = `the deadline passed while '${request.command()}' was under way`;
    this.cancelTimer = deadline.exists()
      ? after(deadline.remaining(), () => this.tell(callException("deadline-exceeded", message)))
      : () => {};
    const port = request.replyTo();
    const left = `the caller of '${request.command()}' closed its reply channel`;
    this.unwatch =
      port === null ? () => false : putSide(port).onClose(() => this.tell(callException("cancelled", left)));
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  private tell(why: CallException): void {
    this.controller.abort(why);
  }

  end(): void {
    this.cancelTimer();
    this.unwatch();
  }
}
