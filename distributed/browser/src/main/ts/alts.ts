import type { ReadPort, WritePort } from "./channel.js";
import { ChannelClosedException } from "./errors.js";
import { putSide, takeSide } from "./internal/faces.js";
import { first } from "./internal/first.js";
import { EMPTY, ENDED, FULL, type LocalChannel } from "./internal/local-channel.js";
import type { Pending } from "./internal/traits.js";
import { Putting, Taking, type Waiter } from "./internal/wait-queue.js";

/** An operation of an {@link alts}; {@link take} and {@link put} make one. */
export type Operation<T> =
  | { readonly kind: "take"; readonly port: ReadPort<T> }
  | { readonly kind: "put"; readonly port: WritePort<T>; readonly value: T };

/** The operation of an {@link alts} that takes from a port. */
export function take<T>(port: ReadPort<T>): Operation<T> {
  return { kind: "take", port };
}

/** The operation of an {@link alts} that puts a value. */
export function put<T>(port: WritePort<T>, value: T): Operation<T> {
  return { kind: "put", port, value };
}

/** What was chosen: which arm, and what it took or put; `ENDED` if it found its channel closed. */
interface Chosen {
  readonly arm: number;
  readonly value: unknown;
}

const NOTHING: Chosen = { arm: -1, value: undefined };

/** Chooses one of several operations and does it; the others have no effect. */
class Selection {
  private readonly operations: Operation<unknown>[] = [];
  private readonly waiters: Waiter[] = [];
  private inOrder = false;

  get size(): number {
    return this.operations.length;
  }

  add(operation: Operation<never> | Operation<unknown>): void {
    const added = operation as Operation<unknown>;
    if (added.kind === "take") {
      takeSide(added.port);
    } else {
      putSide(added.port).requireValue(added.value);
    }
    this.operations.push(added);
  }

  prioritize(): void {
    this.inOrder = true;
  }

  /** Does one that can be done at once. */
  attempt(): Chosen {
    for (const arm of this.order()) {
      const value = this.tryArm(arm);
      if (value !== EMPTY) {
        return { arm, value };
      }
    }
    return NOTHING;
  }

  private order(): number[] {
    const order = this.operations.map((_, arm) => arm);
    if (!this.inOrder) {
      for (let last = order.length - 1; last > 0; last--) {
        const other = Math.floor(Math.random() * (last + 1));
        [order[last], order[other]] = [order[other] as number, order[last] as number];
      }
    }
    return order;
  }

  private tryArm(arm: number): unknown {
    const operation = this.operations[arm] as Operation<unknown>;
    if (operation.kind === "take") {
      return takeSide(operation.port).takeNow();
    }
    const outcome = putSide(operation.port).putNow(operation.value);
    return outcome === FULL ? EMPTY : outcome === ENDED ? ENDED : operation.value;
  }

  /** Does one, waiting for it; no longer than `millis`, and not beyond the signal. */
  await(millis: number, signal?: AbortSignal): Promise<Chosen> {
    signal?.throwIfAborted();
    const ready = this.attempt();
    return ready !== NOTHING || millis <= 0
      ? Promise.resolve(ready)
      : first(millis, signal, NOTHING, (settle) => this.enqueueAll(settle));
  }

  /** Waits at all ports, or until one settles at once; what settles withdraws the others. */
  private enqueueAll(settle: (chosen: Chosen) => void): Pending {
    let over = false;
    const withdraw = (): boolean => {
      const waited = !over;
      over = true;
      this.waiters.splice(0).forEach((waiter) => waiter.withdraw());
      return waited;
    };
    for (let arm = 0; arm < this.operations.length && !over; arm++) {
      this.enqueue(arm, (value) => {
        withdraw();
        settle({ arm, value });
      });
    }
    return withdraw;
  }

  private enqueue(arm: number, settle: (value: unknown) => void): void {
    const operation = this.operations[arm] as Operation<unknown>;
    if (operation.kind === "take") {
      const waiter = new Taking<unknown>(settle, () => settle(ENDED));
      this.waiters.push(waiter);
      takeSide(operation.port).enqueueTake(waiter);
    } else {
      const { port, value } = operation;
      const waiter = new Putting(
        value,
        () => settle(value),
        () => settle(ENDED),
      );
      this.waiters.push(waiter);
      putSide(port).enqueuePut(waiter);
    }
  }

  /** What the arm that found its channel closed throws, if anything. */
  throwCause(arm: number): void {
    const operation = this.operations[arm] as Operation<unknown>;
    if (operation.kind === "take") {
      (takeSide(operation.port) as LocalChannel<unknown>).throwCause();
    }
  }
}

/** Whose value an operation moves. */
type Moved<O> = O extends Operation<infer T> ? T : never;

type ArmOf<I> = I extends `${infer N extends number}` ? N : never;

/** Which operation an {@link alts} did, for a `switch` over `arm` that the compiler checks if it knows the arms. */
export type Choice<O extends readonly Operation<any>[]> = number extends O["length"]
  ? { readonly arm: number; readonly value: Moved<O[number]> } | { readonly arm: "closed"; readonly of: number }
  : | { [I in keyof O & `${number}`]: { readonly arm: ArmOf<I>; readonly value: Moved<O[I]> } }[keyof O & `${number}`]
    | { readonly arm: "closed"; readonly of: ArmOf<keyof O> };

/**
 * Waits for several operations at once and does exactly one of them: a random one, with equal probability, when
 * several can happen. {@link Alts} has priorities, limits and defaults, too.
 *
 * @returns which one it was, from 0, and its value; `"closed"` when it found its channel closed
 * @throws ChannelFailedException when it was a take from a channel that was closed with a cause
 *
 * @example
 * const choice = await alts(take(orders), take(stops));
 * switch (choice.arm) {
 *   case 0: return book(choice.value);
 *   case 1: return halt(choice.value);
 *   case "closed": return finish();
 * }
 */
export async function alts<const O extends readonly Operation<any>[]>(...operations: O): Promise<Choice<O>> {
  const selection = new Selection();
  operations.forEach((operation) => selection.add(operation));
  requireArms(selection, Infinity);
  const { arm, value } = await selection.await(Infinity);
  if (value === ENDED) {
    selection.throwCause(arm);
    return { arm: "closed", of: arm } as unknown as Choice<O>;
  }
  return { arm, value } as unknown as Choice<O>;
}

function requireArms(selection: Selection, millis: number): void {
  if (selection.size === 0 && millis === Infinity) {
    throw new RangeError("an alts without arms, timeout or default would wait for ever");
  }
}

/**
 * Waits for several takes and puts at once and does exactly one of them: a random one, with equal probability, when
 * several can happen. The operations that are not chosen have no effect. Built and used once.
 *
 * A closed channel is ready: its put arm is chosen and {@link onClosed} answers; so does the take arm of one that is
 * drained, unless it was closed with a cause, which is thrown. Without `onClosed` that is a
 * {@link ChannelClosedException}.
 *
 * @example
 * const best = await Alts.first<string>()
 *   .take(fast, (quote) => `fast ${quote.price}`)
 *   .take(slow, (quote) => `slow ${quote.price}`)
 *   .put(audit, { asked: symbol }, () => "audited")
 *   .timeout(200, () => "nobody answered")
 *   .await();
 */
export class Alts<R> {
  private readonly selection = new Selection();
  private readonly continuations: ((value: unknown) => R | Promise<R>)[] = [];
  private millis = Infinity;
  private whenLate: (() => R | Promise<R>) | null = null;
  private whenNothing: (() => R | Promise<R>) | null = null;
  private whenClosed: (() => R | Promise<R>) | null = null;

  private constructor() {}

  /** An alts without arms yet. */
  static first<R>(): Alts<R> {
    return new Alts<R>();
  }

  /** A loop that takes from several ports until all have ended, and leaves out those that have. */
  static each(): AltsLoop {
    return new AltsLoop();
  }

  /** Adds an arm that takes. */
  take<T>(port: ReadPort<T>, then: (value: T) => R | Promise<R>): this {
    this.selection.add(take(port));
    this.continuations.push((value) => then(value as T));
    return this;
  }

  /** Adds an arm that puts. */
  put<T>(port: WritePort<T>, value: T, then: () => R | Promise<R>): this {
    this.selection.add(put(port, value));
    this.continuations.push(then);
    return this;
  }

  /** Limits the wait, from {@link await} on; `then` answers when no operation could happen until then. */
  timeout(millis: number, then: () => R | Promise<R>): this {
    this.millis = millis;
    this.whenLate = then;
    return this;
  }

  /** Does not wait at all; `then` answers when no operation can happen at once. */
  orElse(then: () => R | Promise<R>): this {
    this.whenNothing = then;
    return this;
  }

  /** Says what to answer when the chosen arm finds its channel closed (without a cause, in a take arm). */
  onClosed(then: () => R | Promise<R>): this {
    this.whenClosed = then;
    return this;
  }

  /** Chooses the first ready operation in the order of the arms, not a random one. */
  priority(): this {
    this.selection.prioritize();
    return this;
  }

  /**
   * Does one operation, waiting for it if need be, and answers what the chosen arm answers.
   *
   * @param signal gives the wait up: it rejects with the signal's reason, and no operation has happened
   */
  async await(signal?: AbortSignal): Promise<R> {
    if (this.whenNothing !== null) {
      signal?.throwIfAborted();
      return this.answer(this.selection.attempt(), this.whenNothing);
    }
    requireArms(this.selection, this.millis);
    return this.answer(await this.selection.await(this.millis, signal), this.whenLate);
  }

  private answer({ arm, value }: Chosen, otherwise: (() => R | Promise<R>) | null): R | Promise<R> {
    if (arm < 0) {
      return (otherwise as () => R | Promise<R>)();
    }
    if (value !== ENDED) {
      return (this.continuations[arm] as (value: unknown) => R | Promise<R>)(value);
    }
    this.selection.throwCause(arm);
    if (this.whenClosed === null) {
      throw new ChannelClosedException(`arm ${arm} found its channel closed, and the alts has no onClosed arm`);
    }
    return this.whenClosed();
  }
}

/**
 * Takes from several ports, each value with the handler of its port, until all have ended. Which of several ready
 * ports is next is chosen at random. A port that was closed with a cause ends the loop with it; so does what a
 * handler throws. Built and run once.
 *
 * @example
 * await Alts.each().take(orders, book).take(stops, halt).run();
 */
export class AltsLoop {
  private readonly inputs: { port: ReadPort<unknown>; handler: (value: never) => unknown }[] = [];

  /** Adds a port, and what to do with its values. */
  take<T>(port: ReadPort<T>, handler: (value: T) => unknown): this {
    takeSide(port);
    this.inputs.push({ port, handler });
    return this;
  }

  /** Takes until all ports have ended; waits for what each handler answers before it takes again. */
  async run(signal?: AbortSignal): Promise<void> {
    while (this.inputs.length > 0) {
      const selection = new Selection();
      this.inputs.forEach(({ port }) => selection.add(take(port)));
      const { arm, value } = await selection.await(Infinity, signal);
      if (value === ENDED) {
        selection.throwCause(arm);
        this.inputs.splice(arm, 1);
      } else {
        await this.inputs[arm]?.handler(value as never);
      }
    }
  }
}
