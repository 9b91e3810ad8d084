import type { Channel, ReadPort, WritePort } from "../channel.js";
import { iterate, PUT_SIDE, ReadFace, TAKE_SIDE, WHOLE, WriteFace, type Port } from "../internal/faces.js";
import type { LocalChannel } from "../internal/local-channel.js";
import type { Import } from "./import.js";

/** The channel of a port, if it is ours to close: a proxy may be held with less. */
export function closable(port: Port): Channel<unknown> | null {
  const whole = port[WHOLE];
  const held = ProxyChannel.heldBy(whole);
  return held === null || held.reference.rights.includes("c") ? whole : null;
}

/**
 * A channel whose owner is in another address space: what a channel in a message becomes when it arrives. It is used
 * as any channel, in an alts as well.
 *
 * It keeps the promises of {@link Channel}, with one difference: {@link put} answers true when the value is on its
 * way, not when the far channel has accepted it, and up to a window of values may be on the way. A take asks the owner
 * for one value; `poll()` does not ask: it gives what has come and found no taker. When the peer is lost the channel
 * closes with a {@link PeerLostException}. A proxy that nobody holds any more is forgotten on both sides.
 */
export class ProxyChannel implements Channel<unknown>, Port {
  readonly #held: Import;
  #readFace: ReadPort<unknown> | null = null;
  #writeFace: WritePort<unknown> | null = null;

  constructor(held: Import) {
    this.#held = held;
  }

  /** What a face was given for; null for any other channel. */
  static heldBy(channel: object): Import | null {
    return #held in channel ? (channel as ProxyChannel).#held : null;
  }

  get [TAKE_SIDE](): LocalChannel<unknown> {
    return this.#held.inbound;
  }

  get [PUT_SIDE](): LocalChannel<unknown> {
    return this.#held.sender.outbound;
  }

  get [WHOLE](): Channel<unknown> {
    return this;
  }

  put(value: unknown, signal?: AbortSignal): Promise<boolean> {
    return this[PUT_SIDE].put(value, signal);
  }

  offer(value: unknown): boolean;
  offer(value: unknown, millis: number, signal?: AbortSignal): Promise<boolean>;
  offer(value: unknown, millis?: number, signal?: AbortSignal): boolean | Promise<boolean> {
    return millis === undefined ? this[PUT_SIDE].offer(value) : this[PUT_SIDE].offer(value, millis, signal);
  }

  take(signal?: AbortSignal): Promise<unknown> {
    return this[TAKE_SIDE].take(signal);
  }

  poll(): unknown;
  poll(millis: number, signal?: AbortSignal): Promise<unknown>;
  poll(millis?: number, signal?: AbortSignal): unknown {
    return millis === undefined ? this[TAKE_SIDE].poll() : this[TAKE_SIDE].poll(millis, signal);
  }

  drain(most: number): unknown[] {
    return this[TAKE_SIDE].drain(most);
  }

  close(cause?: unknown): void {
    this.#held.sender.close(cause);
  }

  cancel(cause?: unknown): void {
    this.#held.cancel(cause);
  }

  isClosed(): boolean {
    return this[PUT_SIDE].isClosed();
  }

  closeCause(): unknown {
    return this[PUT_SIDE].closeCause() ?? this[TAKE_SIDE].closeCause();
  }

  readPort(): ReadPort<unknown> {
    return (this.#readFace ??= new ReadFace(this));
  }

  writePort(): WritePort<unknown> {
    return (this.#writeFace ??= new WriteFace(this));
  }

  buffered(): number {
    return this[TAKE_SIDE].buffered();
  }

  waitingTakers(): number {
    return this[TAKE_SIDE].waitingTakers();
  }

  waitingPutters(): number {
    return this[PUT_SIDE].waitingPutters();
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown, undefined> {
    return iterate(this);
  }

  toString(): string {
    return this[PUT_SIDE].toString();
  }
}
