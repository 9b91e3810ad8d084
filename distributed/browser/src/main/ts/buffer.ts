/**
 * How many values a channel holds, and what becomes of a put when it is full. Made by {@link fixed},
 * {@link dropping}, {@link sliding}, {@link promise} and {@link unbounded}.
 */
export type Buffer =
  | { readonly kind: "rendezvous" }
  | { readonly kind: "fixed" | "dropping" | "sliding"; readonly capacity: number }
  | { readonly kind: "promise" }
  | { readonly kind: "unbounded" };

/** The largest capacity. */
export const MAX_CAPACITY = 1 << 30;

/** A buffer that makes putters wait when it is full. */
export function fixed(capacity: number): Buffer {
  return { kind: "fixed", capacity: checked(capacity) };
}

/** A buffer that loses the newest value when it is full: no put waits. */
export function dropping(capacity: number): Buffer {
  return { kind: "dropping", capacity: checked(capacity) };
}

/** A buffer that loses the oldest value when it is full: no put waits, and a slow taker gets the newest. */
export function sliding(capacity: number): Buffer {
  return { kind: "sliding", capacity: checked(capacity) };
}

/** A buffer that keeps the first value for ever and gives it to every taker. */
export function promise(): Buffer {
  return { kind: "promise" };
}

/** A buffer that nothing but memory bounds: putters never wait for takers. */
export function unbounded(): Buffer {
  return { kind: "unbounded" };
}

function checked(capacity: number): number {
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY) {
    throw new RangeError(`a capacity is a whole number from 1 to ${MAX_CAPACITY}, not ${capacity}`);
  }
  return capacity;
}
