import type { Buffer } from "./buffer.js";
import type { Channel, ChannelOptions, ReadPort } from "./channel.js";
import { open } from "./internal/local-channel.js";
import type { Closing } from "./internal/traits.js";
import { tickerChannel, timeoutChannel } from "./internal/timed.js";
import { reportUncaught } from "./internal/uncaught.js";

/**
 * A channel: without a buffer each put waits for a take, with a number it holds up to so many values.
 *
 * @example
 * const greetings = chan<string>();
 * go(() => greetings.put("hello"));
 * console.log(await greetings.take());
 */
export function chan<T>(buffer?: Buffer | number, options?: ChannelOptions<T>): Channel<T> {
  return open(buffer, options && { ...options });
}

/**
 * A channel that closes after so many milliseconds: an arm of an alts, or something to wait for. One that nobody
 * waits for has no timer, and is collected like any object.
 */
export function timeout(millis: number): ReadPort<never> {
  return timeoutChannel(millis).readPort();
}

/**
 * A channel that gets the number of each period that has passed since it was made. It keeps the last tick only;
 * those that nobody takes are lost.
 *
 * @param millis the time between two ticks, more than zero
 */
export function ticker(millis: number): ReadPort<number> {
  if (!(millis > 0)) {
    throw new RangeError(`the period of a ticker is positive, not ${millis}`);
  }
  return tickerChannel(millis).readPort();
}

/** A failure of a go block, which is watched until somebody was told of it: it may know its channel. */
class Failure implements Closing {
  private told = false;

  constructor(readonly cause: unknown) {}

  get seen(): boolean {
    return this.told;
  }

  set seen(told: boolean) {
    this.told = told;
    untaken.unregister(this);
  }
}

/** Failures of go blocks whose channel can no longer be reached: nobody will ever take them. */
const untaken = new FinalizationRegistry<Closing>((closing) => {
  if (!closing.seen) {
    reportUncaught("a go block failed, and nobody took its result", closing.cause);
  }
});

/**
 * Starts a go block: runs `body` beside the code that goes on.
 *
 * @param body may be async, and throw anything
 * @returns a channel that gives the body's result once and closes; a body that returns nothing only closes it. What
 *     the body throws closes it with that cause, and goes to the uncaught handler if nobody ever takes it.
 */
export function go<T>(body: () => T | Promise<T>): Channel<NonNullable<T>> {
  return goWith(body);
}

/** The same, where closing or cancelling the result channel early aborts the signal that the body is given. */
export function goWith<T>(body: (signal: AbortSignal) => T | Promise<T>): Channel<NonNullable<T>> {
  const result = open<NonNullable<T>>(1, { name: "go block" });
  const unwanted = new AbortController();
  const run = async (): Promise<void> => {
    const watch = result.onClose(() => unwanted.abort(new Error("the result is not wanted any more")));
    try {
      const value = await body(unwanted.signal);
      watch();
      if (value !== null && value !== undefined) {
        result.putNow(value);
      }
      result.close();
    } catch (e) {
      watch();
      const failure = new Failure(e ?? new Error(`its body failed with ${e}`)); // none would only close
      if (failure.cause !== unwanted.signal.reason) {
        letGoOfFrames(failure.cause);
        untaken.register(result, failure, failure);
      }
      result.closeBecause(failure);
    }
  };
  queueMicrotask(run);
  return result;
}

/**
 * An error holds the frames in which it was made, and with them all that these refer to, until its stack is looked at:
 * the channel that it closes would never be collected.
 */
function letGoOfFrames(thrown: unknown): void {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    void error.stack;
  }
}
