import { after } from "./time.js";
import type { Pending } from "./traits.js";

/**
 * A promise of what comes first: the outcome of a waiter that `enqueue` adds, the time, or the signal. Whatever comes,
 * nothing of the others stays.
 *
 * @param millis how long to wait
 * @param signal aborts the wait: the promise rejects with its reason
 * @param late what the outcome is when the time has passed
 * @param enqueue adds the waiter, which settles with its outcome, perhaps at once; answers what withdraws it
 */
export function first<R>(
  millis: number,
  signal: AbortSignal | undefined,
  late: R,
  enqueue: (settle: (outcome: R) => void) => Pending,
): Promise<R> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      cancelTimer();
      signal?.removeEventListener("abort", aborted);
    };
    const settle = (outcome: R): void => {
      end();
      resolve(outcome);
    };
    const aborted = (): void => {
      withdraw();
      end();
      reject(signal?.reason);
    };
    const passed = (): void => {
      withdraw();
      settle(late);
    };
    const cancelTimer = millis === Infinity ? (): void => {} : after(millis, passed);
    signal?.addEventListener("abort", aborted);
    const withdraw = enqueue(settle);
  });
}
