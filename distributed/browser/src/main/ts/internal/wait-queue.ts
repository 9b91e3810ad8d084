/** One who waits at a channel. */
export class Waiter {
  /** The queue that it stands in; null when it was served or has given up. */
  queue: WaitQueue<this> | null = null;
  previous: this | null = null;
  next: this | null = null;

  /** Gives up; answers whether it still waited. */
  withdraw(): boolean {
    const present = this.queue;
    present?.remove(this);
    return present !== null;
  }
}

/** A taker that waits. */
export class Taking<T> extends Waiter {
  constructor(
    readonly taken: (value: T) => void,
    readonly ended: () => void,
  ) {
    super();
  }
}

/** A putter that waits. */
export class Putting<T> extends Waiter {
  constructor(
    readonly value: T,
    readonly accepted: () => void,
    readonly refused: () => void,
  ) {
    super();
  }
}

/** Those who wait, first come, first served; whoever gives up leaves nothing behind. */
export class WaitQueue<W extends Waiter> {
  private head: W | null = null;
  private tail: W | null = null;
  private count = 0;

  /** Called when one gave up. */
  constructor(private readonly gaveUp: () => void) {}

  get size(): number {
    return this.count;
  }

  add(waiter: W): void {
    waiter.queue = this as WaitQueue<Waiter> as WaitQueue<typeof waiter>;
    waiter.previous = this.tail;
    if (this.tail === null) {
      this.head = waiter;
    } else {
      this.tail.next = waiter;
    }
    this.tail = waiter;
    this.count++;
  }

  /** Takes out the first; null if there is none. */
  shift(): W | null {
    const waiter = this.head;
    if (waiter !== null) {
      this.unlink(waiter);
    }
    return waiter;
  }

  /** Takes out all. */
  shiftAll(): W[] {
    const all: W[] = [];
    for (let waiter = this.shift(); waiter !== null; waiter = this.shift()) {
      all.push(waiter);
    }
    return all;
  }

  remove(waiter: W): void {
    this.unlink(waiter);
    this.gaveUp();
  }

  private unlink(waiter: W): void {
    const { previous, next } = waiter as { previous: W | null; next: W | null };
    if (previous === null) {
      this.head = next;
    } else {
      previous.next = next;
    }
    if (next === null) {
      this.tail = previous;
    } else {
      next.previous = previous;
    }
    waiter.queue = null;
    waiter.previous = null;
    waiter.next = null;
    this.count--;
  }
}
