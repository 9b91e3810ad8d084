import type { Buffer } from "../buffer.js";

/** A queue that is taken from at its front, where something can be put back. */
export class Deque<T> {
  private items: T[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  push(value: T): void {
    this.items.push(value);
  }

  unshift(value: T): void {
    if (this.head === 0) {
      this.items.unshift(value);
    } else {
      this.items[--this.head] = value;
    }
  }

  /** The first; the caller has looked whether there is one. */
  peek(): T {
    return this.items[this.head] as T;
  }

  /** Takes out the first; the caller has looked whether there is one. */
  shift(): T {
    const value = this.items[this.head] as T;
    this.items[this.head++] = undefined as T; // what was taken is not kept
    if (this.head > 32 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return value;
  }

  clear(): T[] {
    const all = this.items.slice(this.head);
    this.items = [];
    this.head = 0;
    return all;
  }
}

/** What a channel keeps its values in. */
export interface Store<T> {
  readonly size: number;

  /** Whether {@link offer} would take a value; a lossy one always does. */
  hasRoom(): boolean;

  /** Accepts a value; answers those that were lost for it. */
  offer(value: T): readonly T[];

  /** Gives the next; the caller has looked whether there is one. */
  poll(): T;

  clear(): T[];

  /** Whether what is taken stays, so that taking all there is would never end. */
  readonly retains: boolean;
}

const NONE: readonly never[] = [];

class Queued<T> implements Store<T> {
  readonly retains = false;
  protected readonly values = new Deque<T>();

  constructor(protected readonly capacity: number) {}

  get size(): number {
    return this.values.size;
  }

  hasRoom(): boolean {
    return this.values.size < this.capacity;
  }

  offer(value: T): readonly T[] {
    this.values.push(value);
    return NONE;
  }

  poll(): T {
    return this.values.shift();
  }

  clear(): T[] {
    return this.values.clear();
  }
}

class Dropping<T> extends Queued<T> {
  override hasRoom(): boolean {
    return true;
  }

  override offer(value: T): readonly T[] {
    return super.hasRoom() ? super.offer(value) : [value];
  }
}

class Sliding<T> extends Queued<T> {
  override hasRoom(): boolean {
    return true;
  }

  override offer(value: T): readonly T[] {
    const lost = super.hasRoom() ? NONE : [this.values.shift()];
    super.offer(value);
    return lost;
  }
}

/** Keeps the first value for ever. */
class Promised<T> implements Store<T> {
  readonly retains = true;
  private first: T[] = [];

  get size(): number {
    return this.first.length;
  }

  hasRoom(): boolean {
    return true;
  }

  offer(value: T): readonly T[] {
    if (this.first.length > 0) {
      return [value];
    }
    this.first.push(value);
    return NONE;
  }

  poll(): T {
    return this.first[0] as T;
  }

  clear(): T[] {
    return this.first.splice(0);
  }
}

/** The store for a buffer. */
export function storeOf<T>(buffer: Buffer): Store<T> {
  switch (buffer.kind) {
    case "rendezvous":
      return new Queued(0);
    case "fixed":
      return new Queued(buffer.capacity);
    case "dropping":
      return new Dropping(buffer.capacity);
    case "sliding":
      return new Sliding(buffer.capacity);
    case "promise":
      return new Promised();
    case "unbounded":
      return new Queued(Infinity);
  }
}
