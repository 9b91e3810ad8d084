import { fixed, type Buffer } from "../buffer.js";
import type { Channel, ReadPort, WritePort } from "../channel.js";
import { ChannelFailedException } from "../errors.js";
import { iterate, PUT_SIDE, ReadFace, TAKE_SIDE, WHOLE, WriteFace, type Port } from "./faces.js";
import { first } from "./first.js";
import { Deque, storeOf, type Store } from "./store.js";
import type { Closing, Pending, Traits } from "./traits.js";
import { reportUncaught } from "./uncaught.js";
import { Putting, Taking, WaitQueue } from "./wait-queue.js";
import { Watches } from "./watches.js";

/** What a put or a take that does not wait answers instead of success. */
export const FULL = Symbol("full");
export const EMPTY = Symbol("empty");
export const ENDED = Symbol("ended");

/**
 * The one channel: whatever else a user holds (a proxy, a timeout, a go block's result) is one of these or a face
 * over some.
 *
 * Every operation runs to its end before another begins, so the algorithm is a queue of takers, a queue of putters
 * and a store between them. What holds between two operations:
 *
 * - takers wait only while there is nothing to take, putters only while there is no room; both wait at once only if
 *   they are arms of the same alts, which looks at all its channels before it waits at any, and so never meets itself;
 * - what came back (`returned`) is taken before what is in the store, and that before what putters hold;
 * - after a close no taker waits.
 *
 * Whoever is served is told last, when all this holds again, since it may use the channel at once.
 */
export class LocalChannel<T> implements Channel<T>, Port {
  private readonly store: Store<T>;
  private readonly takers = new WaitQueue<Taking<T>>(() => this.demandChanged());
  private readonly putters = new WaitQueue<Putting<T>>(() => this.tellEnd());
  private returned: Deque<T> | null = null;
  private closing: Closing | null = null;
  private closeWatches: Watches | null = null;
  private endWatches: Watches | null = null;
  private readFace: ReadPort<T> | null = null;
  private writeFace: WritePort<T> | null = null;

  constructor(
    buffer: Buffer,
    private readonly traits: Traits<T> = {},
  ) {
    this.store = storeOf(buffer);
  }

  get [TAKE_SIDE](): LocalChannel<unknown> {
    return this as unknown as LocalChannel<unknown>;
  }

  get [PUT_SIDE](): LocalChannel<unknown> {
    return this as unknown as LocalChannel<unknown>;
  }

  get [WHOLE](): Channel<unknown> {
    return this as unknown as Channel<unknown>;
  }

  // ---- putting

  put(value: T, signal?: AbortSignal): Promise<boolean> {
    return this.putWithin(value, Infinity, signal);
  }

  offer(value: T): boolean;
  offer(value: T, millis: number, signal?: AbortSignal): Promise<boolean>;
  offer(value: T, millis?: number, signal?: AbortSignal): boolean | Promise<boolean> {
    if (millis !== undefined) {
      return this.putWithin(value, millis, signal);
    }
    this.requireValue(value);
    return this.putNow(value) === true;
  }

  private async putWithin(value: T, millis: number, signal?: AbortSignal): Promise<boolean> {
    this.requireValue(value);
    signal?.throwIfAborted();
    const outcome = this.putNow(value);
    if (outcome !== FULL || millis <= 0) {
      return outcome === true;
    }
    return first<boolean>(millis, signal, false, (settle) => {
      const waiter = new Putting<T>(
        value,
        () => settle(true),
        () => settle(false),
      );
      this.putters.add(waiter);
      return () => waiter.withdraw();
    });
  }

  /** @throws what is wrong with a value that is about to be put */
  requireValue(value: T): void {
    if (value === null || value === undefined) {
      throw new TypeError(`${value} cannot be put into a channel`);
    }
    this.traits.admit?.(value);
  }

  /** Puts without waiting: `true`, {@link FULL}, or {@link ENDED} if the channel is closed. */
  putNow(value: T): true | typeof FULL | typeof ENDED {
    if (this.closing !== null) {
      return ENDED;
    }
    if (this.store.retains) {
      return this.keep(value);
    }
    const taker = this.takers.shift();
    if (taker !== null) {
      taker.taken(value);
      return true;
    }
    if (!this.store.hasRoom()) {
      return FULL;
    }
    this.store.offer(value).forEach((lost) => this.undelivered(lost));
    return true;
  }

  private keep(value: T): true {
    const lost = this.store.offer(value);
    const kept = this.store.poll();
    this.takers.shiftAll().forEach((taker) => taker.taken(kept));
    lost.forEach((one) => this.undelivered(one));
    return true;
  }

  /** Puts, and tells the outcome when it is known; for those who wait without a promise. */
  putAsync(value: T, accepted: () => void, refused: () => void): Pending {
    const outcome = this.putNow(value);
    if (outcome === FULL) {
      return this.enqueuePut(new Putting(value, accepted, refused));
    }
    (outcome === true ? accepted : refused)();
    return () => false;
  }

  /** Waits, after {@link putNow} has found no room. */
  enqueuePut(waiter: Putting<T>): Pending {
    this.putters.add(waiter);
    return () => waiter.withdraw();
  }

  /** Gives back a value that was taken and is not wanted: it is the next to be taken, if anything is. */
  giveBack(value: T): void {
    if (this.store.retains || this.isDrained()) {
      this.lost(value);
      return;
    }
    const taker = this.takers.shift();
    if (taker !== null) {
      taker.taken(value);
    } else {
      (this.returned ??= new Deque()).unshift(value);
    }
  }

  // ---- taking

  take(signal?: AbortSignal): Promise<T | null> {
    return this.takeWithin(Infinity, signal);
  }

  poll(): T | null;
  poll(millis: number, signal?: AbortSignal): Promise<T | null>;
  poll(millis?: number, signal?: AbortSignal): T | null | Promise<T | null> {
    if (millis !== undefined) {
      return this.takeWithin(millis, signal);
    }
    const taken = this.takeNow();
    return taken === EMPTY || taken === ENDED ? null : taken;
  }

  drain(most: number): T[] {
    if (!(most >= 0)) {
      throw new RangeError(`drain takes at most a number of values, not ${most}`);
    }
    const drained: T[] = [];
    const limit = this.store.retains ? Math.min(most, 1) : most;
    while (drained.length < limit) {
      const value = this.poll();
      if (value === null) {
        break;
      }
      drained.push(value);
    }
    return drained;
  }

  private async takeWithin(millis: number, signal?: AbortSignal): Promise<T | null> {
    signal?.throwIfAborted();
    const taken = this.takeNow();
    if (taken === ENDED) {
      return this.endOfTake();
    }
    if (taken !== EMPTY) {
      return taken;
    }
    if (millis <= 0) {
      return null;
    }
    const value = await first<T | null | typeof ENDED>(millis, signal, null, (settle) => {
      return this.enqueueTake(new Taking<T>(settle, () => settle(ENDED)));
    });
    return value === ENDED ? this.endOfTake() : value;
  }

  /** Takes without waiting: a value, {@link EMPTY}, or {@link ENDED}. */
  takeNow(): T | typeof EMPTY | typeof ENDED {
    this.traits.feed?.refresh();
    if (this.returned !== null) {
      const value = this.returned.shift();
      if (this.returned.size === 0) {
        this.returned = null;
      }
      this.tellEnd();
      return value;
    }
    if (this.store.size > 0) {
      const value = this.store.poll();
      const putter = this.store.retains ? null : this.putters.shift();
      if (putter !== null) {
        this.store.offer(putter.value);
        putter.accepted();
      }
      this.tellEnd();
      return value;
    }
    const putter = this.putters.shift();
    if (putter !== null) {
      putter.accepted();
      this.tellEnd();
      return putter.value;
    }
    return this.closing === null ? EMPTY : ENDED;
  }

  /** Takes, and tells the outcome when it is known; for those who wait without a promise. */
  takeAsync(taken: (value: T) => void, ended: () => void): Pending {
    const value = this.takeNow();
    if (value === EMPTY) {
      return this.enqueueTake(new Taking(taken, ended));
    }
    if (value === ENDED) {
      ended();
    } else {
      taken(value);
    }
    return () => false;
  }

  /** Waits, after {@link takeNow} has found nothing. */
  enqueueTake(waiter: Taking<T>): Pending {
    this.takers.add(waiter);
    this.demandChanged();
    return () => waiter.withdraw();
  }

  private endOfTake(): null {
    this.throwCause();
    return null;
  }

  /** Throws what the channel was closed with, if anything; each caller gets an exception of its own. */
  throwCause(): void {
    const cause = this.closeCause();
    if (cause !== null) {
      throw new ChannelFailedException(this.toString(), cause);
    }
  }

  private demandChanged(): void {
    this.traits.feed?.demandChanged();
  }

  // ---- closing

  close(cause?: unknown): void {
    this.closeBecause({ cause, seen: false });
  }

  /** Closes, and notes there when anybody is told of the cause. */
  closeBecause(why: Closing): void {
    if (this.closing === null) {
      this.closing = why;
      this.endTakers();
    }
  }

  cancel(cause?: unknown): void {
    const wasOpen = this.closing === null;
    this.closing ??= { cause, seen: false };
    const refused = this.putters.shiftAll();
    const left = [...(this.returned?.clear() ?? []), ...this.store.clear()];
    this.returned = null;
    refused.forEach((putter) => putter.refused());
    left.forEach((value) => this.undelivered(value));
    if (wasOpen) {
      this.endTakers();
    } else {
      this.tellEnd();
    }
  }

  private endTakers(): void {
    this.takers.shiftAll().forEach((taker) => taker.ended()); // nothing is there for them but what their own alts puts
    this.closeWatches?.run();
    this.tellEnd();
  }

  private tellEnd(): void {
    if (this.isDrained()) {
      this.endWatches?.run();
    }
  }

  /** Runs a task once when this channel is closed or cancelled; at once if it is. */
  onClose(task: () => void): Pending {
    if (this.closing !== null) {
      task();
      return () => false;
    }
    return (this.closeWatches ??= new Watches()).add(task);
  }

  /** Runs a task once when this channel is closed and drained; at once if it is. */
  onEnd(task: () => void): Pending {
    if (this.isDrained()) {
      task();
      return () => false;
    }
    return (this.endWatches ??= new Watches()).add(task);
  }

  isClosed(): boolean {
    if (this.closing === null) {
      this.traits.feed?.refresh();
    }
    return this.closing !== null;
  }

  /** Whether the channel is closed and nothing is left to take. */
  isDrained(): boolean {
    return this.closing !== null && this.returned === null && this.store.size === 0 && this.putters.size === 0;
  }

  closeCause(): unknown {
    if (this.closing === null || this.closing.cause === undefined) {
      return null;
    }
    this.closing.seen = true;
    return this.closing.cause;
  }

  /** How it came to its end, for who does not count as having been told; null while it is open. */
  ending(): Closing | null {
    return this.closing;
  }

  /** A value that was taken did not arrive: nobody has it, unless it is one that stays. */
  lost(value: T): void {
    if (!this.store.retains) {
      this.undelivered(value);
    }
  }

  /** Hands a value that nobody will take to the hook, when the operation that lost it is over. */
  undelivered(value: T): void {
    const hook = this.traits.onUndelivered;
    if (hook !== undefined) {
      try {
        hook(value);
      } catch (e) {
        reportUncaught(`${this}: its undelivered hook`, e);
      }
    }
  }

  // ---- the rest

  readPort(): ReadPort<T> {
    return (this.readFace ??= new ReadFace(this));
  }

  writePort(): WritePort<T> {
    return (this.writeFace ??= new WriteFace(this));
  }

  buffered(): number {
    return this.store.size + (this.returned?.size ?? 0);
  }

  waitingTakers(): number {
    return this.takers.size;
  }

  waitingPutters(): number {
    return this.putters.size;
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return iterate(this);
  }

  toString(): string {
    return this.traits.name === undefined ? "channel" : `channel '${this.traits.name}'`;
  }
}

/** A channel with room for so many values, or with a buffer. */
export function open<T>(buffer: Buffer | number | undefined, traits?: Traits<T>): LocalChannel<T> {
  const chosen = typeof buffer === "number" ? fixed(buffer) : (buffer ?? { kind: "rendezvous" });
  return new LocalChannel(chosen, traits);
}
