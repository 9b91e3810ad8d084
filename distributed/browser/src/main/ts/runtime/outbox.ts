import { Deque } from "../internal/store.js";
import { besideBody } from "./measure.js";
import type { Saying } from "./session.js";

interface Measured {
  readonly saying: Saying;
  readonly length: number;
}

/** The messages that wait to be said, in their order. */
export class Outbox {
  private readonly waiting = new Deque<Measured>();

  get size(): number {
    return this.waiting.size;
  }

  /** Adds a message; `body` is how long the body in it becomes. */
  add(saying: Saying, body: number): void {
    this.waiting.push({ saying, length: besideBody(saying.message) + body });
  }

  /** Takes what is next: no more than so many, nor more than are so long together, unless the first is longer. */
  take(most: number, longest: number): Saying[] {
    const taken: Saying[] = [];
    let length = 0;
    while (taken.length < most && this.waiting.size > 0) {
      length += this.waiting.peek().length;
      if (length > longest && taken.length > 0) {
        break;
      }
      taken.push(this.waiting.shift().saying);
    }
    return taken;
  }

  takeAll(): Saying[] {
    return this.waiting.clear().map(({ saying }) => saying);
  }
}
