import type { Channel, ReadPort, WritePort } from "../channel.js";
import type { LocalChannel } from "./local-channel.js";

/** Where a port takes from: the local channel beneath it. */
export const TAKE_SIDE = Symbol("take side");

/** Where a port puts to: the local channel beneath it. */
export const PUT_SIDE = Symbol("put side");

/** The channel that a face is a face of; a channel is its own. */
export const WHOLE = Symbol("whole channel");

/** What a port of this library has beside what it shows. */
export interface Port {
  readonly [TAKE_SIDE]?: LocalChannel<unknown>;
  readonly [PUT_SIDE]?: LocalChannel<unknown>;
  readonly [WHOLE]: Channel<unknown>;
}

/** Whether a value is a channel of this library, or a face of one. */
export function isPort(value: unknown): value is Port {
  return typeof value === "object" && value !== null && WHOLE in value;
}

/** The local channel that a port takes from. */
export function takeSide<T>(port: ReadPort<T>): LocalChannel<T> {
  const side = isPort(port) ? port[TAKE_SIDE] : undefined;
  if (side === undefined) {
    throw new TypeError("this is not a channel to take from");
  }
  return side as LocalChannel<T>;
}

/** The local channel that a port puts to. */
export function putSide<T>(port: WritePort<T>): LocalChannel<T> {
  const side = isPort(port) ? port[PUT_SIDE] : undefined;
  if (side === undefined) {
    throw new TypeError("this is not a channel to put to");
  }
  return side as unknown as LocalChannel<T>;
}

/** An iterator that takes until the port has ended; leaving a loop over it leaves the port as it is. */
export function iterate<T>(port: ReadPort<T>): AsyncIterator<T, undefined> {
  return {
    async next() {
      const value = await port.take();
      return value === null ? { done: true, value: undefined } : { done: false, value };
    },
  };
}

/** The taking face of a channel. */
export class ReadFace<T> implements ReadPort<T>, Port {
  readonly #channel: Channel<T>;

  constructor(channel: Channel<T>) {
    this.#channel = channel;
  }

  get [TAKE_SIDE](): LocalChannel<unknown> {
    return takeSide(this.#channel) as LocalChannel<unknown>;
  }

  get [WHOLE](): Channel<unknown> {
    return this.#channel as Channel<unknown>;
  }

  take(signal?: AbortSignal): Promise<T | null> {
    return this.#channel.take(signal);
  }

  poll(): T | null;
  poll(millis: number, signal?: AbortSignal): Promise<T | null>;
  poll(millis?: number, signal?: AbortSignal): T | null | Promise<T | null> {
    return millis === undefined ? this.#channel.poll() : this.#channel.poll(millis, signal);
  }

  drain(most: number): T[] {
    return this.#channel.drain(most);
  }

  isClosed(): boolean {
    return this.#channel.isClosed();
  }

  closeCause(): unknown {
    return this.#channel.closeCause();
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return iterate(this);
  }

  toString(): string {
    return String(this.#channel);
  }
}

/** The putting face of a channel. */
export class WriteFace<T> implements WritePort<T>, Port {
  readonly #channel: Channel<T>;

  constructor(channel: Channel<T>) {
    this.#channel = channel;
  }

  get [PUT_SIDE](): LocalChannel<unknown> {
    return putSide(this.#channel) as unknown as LocalChannel<unknown>;
  }

  get [WHOLE](): Channel<unknown> {
    return this.#channel as Channel<unknown>;
  }

  put(value: T, signal?: AbortSignal): Promise<boolean> {
    return this.#channel.put(value, signal);
  }

  offer(value: T): boolean;
  offer(value: T, millis: number, signal?: AbortSignal): Promise<boolean>;
  offer(value: T, millis?: number, signal?: AbortSignal): boolean | Promise<boolean> {
    return millis === undefined ? this.#channel.offer(value) : this.#channel.offer(value, millis, signal);
  }

  isClosed(): boolean {
    return this.#channel.isClosed();
  }

  toString(): string {
    return String(this.#channel);
  }
}
