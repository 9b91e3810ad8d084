import { assert } from "chai";
import { CallException, type CallError } from "circulate";

/** How long something that must happen may take, on a machine with much else to do. */
export const PATIENCE = 30_000;

/** Waits until something is so; fails if that takes too long. */
export async function until(what: () => string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!(await condition())) {
    if (performance.now() > end) {
      assert.fail(`waited in vain until ${what()}`);
    }
    await turn();
  }
}

/** Lets all else that can go on do so. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Does something while the timers that wait for longer than 50 seconds are noted. */
export async function notingTimers(what: (waiting: ReadonlySet<unknown>) => Promise<void>): Promise<void> {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const waiting = new Set<unknown>();
  globalThis.setTimeout = ((task: () => void, millis: number) => {
    const timer = set(task, millis);
    return millis > 50_000 ? (waiting.add(timer), timer) : timer;
  }) as typeof set;
  globalThis.clearTimeout = (timer) => {
    waiting.delete(timer);
    clear(timer);
  };
  try {
    await what(waiting);
  } finally {
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  }
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (e) {
    return e as Error;
  }
  return assert.fail("it was not rejected");
}

/** The error that a call is answered with. */
export async function errorOf(call: Promise<unknown>): Promise<CallError> {
  const failure = await rejection(call);
  assert.instanceOf(failure, CallException, String(failure));
  return (failure as CallException).error;
}

/** Whether a promise has settled. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = (): void => void (settled = true);
  promise.then(note, note);
  await turn();
  return settled;
}

/** The numbers from 0 on. */
export function firstNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
