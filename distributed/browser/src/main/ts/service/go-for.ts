import type { Channel, WritePort } from "../channel.js";
import { goWith } from "../csp.js";
import { after } from "../internal/time.js";
import { Call, DEFAULT_LIMIT, type AskOptions } from "./ask.js";
import { CallException, type CallError } from "./call-error.js";
import { Deadline, type Arguments, type Request } from "./request.js";

/** Turns the failure of a step into a result; `variable` is the step's, or several with commas between. */
export type ErrorHandler<T> = (error: CallError, variable: string) => T | Promise<T>;

/** No limit of its own: the parallel step has one. */
const UNLIMITED = 365 * 24 * 3_600_000;

/**
 * A sequence of requests that reads as straight code, with a name for each step's answer and one place for what goes
 * wrong.
 *
 * A step that asks and waits is done before the next begins. Steps that only {@link Steps.begin} run side by side
 * until {@link Steps.join} has all their answers: they are one parallel step. Each step waits 30 seconds unless it
 * says otherwise. When a step ends, however it ends, its reply channels are closed; a late answer is dropped.
 *
 * The first failure of a step ends the comprehension and goes to the error handler with the name of its variable;
 * what the handler returns is the result. Without a handler the result channel is closed with the
 * {@link CallException}. Closing or cancelling the result channel early gives up what is under way.
 *
 * @example
 * const result = GoFor.of(async (g) => {
 *   const b = 44;
 *   const x = await g.ask<number>("x", service, "get-42");
 *   return g.ask<number>("y", service, "plus-one", { x: x + b });
 * })
 *   .onError((error, variable) => -1)
 *   .start();
 */
export class GoFor<T> {
  private handler: ErrorHandler<T> | null = null;
  private limit = Infinity;

  private constructor(private readonly body: (g: Steps) => Promise<T>) {}

  /** A comprehension over some steps; nothing happens before {@link start}. */
  static of<T>(body: (g: Steps) => Promise<T>): GoFor<T> {
    return new GoFor(body);
  }

  /** Says what to do when a step fails. */
  onError(handler: ErrorHandler<T>): this {
    this.handler = handler;
    return this;
  }

  /** Limits how many milliseconds all steps may take together, from the start. */
  within(millis: number): this {
    this.limit = millis;
    return this;
  }

  /** Runs the steps in a go block; answers a channel that gives the result once and closes. */
  start(): Channel<NonNullable<T>> {
    return goWith((signal) => this.run(signal));
  }

  private async run(signal: AbortSignal): Promise<T> {
    const deadline = this.limit === Infinity ? Deadline.NONE : Deadline.after(this.limit);
    const steps = new Steps(signal, deadline);
    try {
      return await this.body(steps);
    } catch (e) {
      if (this.handler === null || !(e instanceof CallException)) {
        throw e;
      }
      steps.giveUp(); // before the handler, which may take its time
      return await this.handler(e.error, steps.variableOf(e));
    } finally {
      steps.giveUp();
    }
  }
}

/** Makes the steps of one run of a body. */
export class Steps {
  private readonly failures = new WeakMap<CallException, string>();
  private begun: Variable<unknown>[] = [];

  /** @internal */
  constructor(
    private readonly signal: AbortSignal,
    private readonly deadline: Deadline,
  ) {}

  /**
   * Asks, and waits for the answer: one step.
   *
   * @param variable the name of its answer, for the error handler
   * @throws CallException if the step fails
   */
  async ask<T = unknown>(
    variable: string,
    service: WritePort<Request>,
    command: string,
    args: Arguments = {},
    options: AskOptions = {},
  ): Promise<T> {
    try {
      return (await this.call(service, command, args, options).answer()) as T;
    } catch (e) {
      throw this.noted(e, variable);
    }
  }

  /** Asks as part of a parallel step, which {@link join} ends. */
  begin<T = unknown>(
    variable: string,
    service: WritePort<Request>,
    command: string,
    args: Arguments = {},
    options: AskOptions = {},
  ): Variable<T> {
    const call = this.call(service, command, args, { timeout: UNLIMITED, ...options });
    const begun = new Variable<T>(variable, call);
    this.begun.push(begun as Variable<unknown>);
    return begun;
  }

  private call(service: WritePort<Request>, command: string, args: Arguments, options: AskOptions): Call {
    const deadline = (options.deadline ?? Deadline.NONE).earlier(this.deadline);
    const signal = options.signal === undefined ? this.signal : AbortSignal.any([this.signal, options.signal]);
    return new Call(service, command, args, { ...options, deadline, signal });
  }

  /**
   * Waits until all answers that were begun are there: one parallel step.
   *
   * @param millis how long to wait, 30,000 unless told otherwise
   * @throws CallException when the first of them fails; the others are given up
   */
  async join(millis: number = DEFAULT_LIMIT): Promise<void> {
    const step = this.begun;
    this.begun = [];
    let cancelTimer = (): void => {};
    const late = new Promise<"late">((resolve) => (cancelTimer = after(millis, () => resolve("late"))));
    try {
      if ((await Promise.race([Promise.all(step.map((one) => one.settled)), late])) === "late") {
        const names = step.filter((one) => !one.isDone()).map((one) => one.name);
        const message = `${names.join(", ")} not answered within ${millis} ms`;
        throw this.noted(new CallException({ code: "timeout", after: millis, message }), names.join(", "));
      }
    } catch (e) {
      step.forEach((one) => one.giveUp());
      throw e instanceof VariableFailed ? this.noted(e.cause, e.variable) : e;
    } finally {
      cancelTimer();
    }
  }

  private noted(thrown: unknown, variable: string): unknown {
    if (thrown instanceof CallException) {
      this.failures.set(thrown, variable);
    }
    return thrown;
  }

  /** @internal */
  variableOf(failure: CallException): string {
    return this.failures.get(failure) ?? "";
  }

  /** Gives up what was begun and not waited for.
   * @internal */
  giveUp(): void {
    this.begun.forEach((one) => one.giveUp());
  }
}

/** Which variable of a parallel step has failed. */
class VariableFailed extends Error {
  constructor(
    readonly variable: string,
    cause: unknown,
  ) {
    super(variable, { cause });
  }
}

/** The answer of one request of a parallel step. */
export class Variable<T> {
  private outcome: { readonly value: T } | null = null;

  /** @internal */
  readonly settled: Promise<void>;

  /** @internal */
  constructor(
    /** The variable's name. */
    readonly name: string,
    private readonly call: Call,
  ) {
    this.settled = call.answer().then(
      (value) => {
        this.outcome = { value: value as T };
      },
      (e: unknown) => {
        throw new VariableFailed(name, e);
      },
    );
    this.settled.catch(() => {}); // whoever joins is told
  }

  /** The answer; there is one when the parallel step was joined. */
  get(): T {
    if (this.outcome === null) {
      throw new TypeError(`'${this.name}' has no answer before its step was joined`);
    }
    return this.outcome.value;
  }

  /** @internal */
  isDone(): boolean {
    return this.outcome !== null;
  }

  /** @internal */
  giveUp(): void {
    this.call.giveUp();
  }
}
