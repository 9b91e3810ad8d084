/**
 * The taking side of a channel: values come out here, each of them once, in the order in which they
 * were put. Holding it permits taking and nothing else.
 *
 * After the channel was closed, what had been put before still comes out; then {@link take} answers
 * `null`, or rejects with a {@link ChannelFailedException} if the channel was closed with a cause.
 * Waiting takers are served first come, first served.
 *
 * @example
 * for await (const order of orders) book(order); // ends when the channel is closed and drained
 */
export interface ReadPort<T> extends AsyncIterable<T> {
  /**
   * Takes the next value, waiting until there is one.
   *
   * @param signal gives the take up: it then rejects with the signal's reason, and nothing was taken
   * @returns the value; `null` only when the channel is closed and drained
   */
  take(signal?: AbortSignal): Promise<T | null>;

  /** Takes the next value if it is there now; `null` if not, and {@link isClosed} tells whether one may come. */
  poll(): T | null;

  /**
   * Takes the next value, waiting no longer than `millis`.
   *
   * @returns the value; `null` if the time passed, or the channel is closed and drained
   */
  poll(millis: number, signal?: AbortSignal): Promise<T | null>;

  /** Takes at once what is there, up to `most` values. */
  drain(most: number): T[];

  /** Whether the channel was closed or cancelled; values may still be left to take. */
  isClosed(): boolean;

  /** What the channel was closed or cancelled with, without throwing it; `null` if there is none. */
  closeCause(): unknown;
}

/**
 * The putting side of a channel: values go in here. Holding it permits putting and nothing else: services and
 * roots are given out as this.
 *
 * A put into a closed channel answers false, and its value is never taken; a put that waits when the channel is
 * closed is still delivered. `null` and `undefined` are refused with a `TypeError` before anything happens.
 */
export interface WritePort<T> {
  /**
   * Puts a value, waiting until the channel accepts it.
   *
   * @param signal gives the put up: it then rejects with the signal's reason, and the value is never taken
   * @returns true once the value is accepted; false if the channel was closed first
   */
  put(value: T, signal?: AbortSignal): Promise<boolean>;

  /** Puts a value if the channel can accept it now; false if it is full or closed. */
  offer(value: T): boolean;

  /** Puts a value, waiting no longer than `millis`; false if the time passed or the channel was closed first. */
  offer(value: T, millis: number, signal?: AbortSignal): Promise<boolean>;

  /** Whether the channel was closed or cancelled, so that no put can succeed any more. */
  isClosed(): boolean;
}

/**
 * A channel: tasks that share nothing else put values in and take them out, each value once, in order. A channel
 * inside a message keeps its meaning in another address space: what arrives there is a channel as well.
 *
 * {@link chan} makes one. A channel need not be closed: one that nobody can reach is collected like any object.
 *
 * @example
 * const numbers = chan<number>(16);
 * go(async () => {
 *   for (let i = 2; i < 1000; i++) await numbers.put(i);
 *   numbers.close();
 * });
 * for await (const n of numbers) console.log(n);
 */
export interface Channel<T> extends ReadPort<T>, WritePort<T> {
  /**
   * Says that no more will come. What is in the buffer, and what waiting putters hold, is still delivered. Closing
   * again does nothing: the first cause stands.
   *
   * @param cause why no more will come: once the channel is drained, each take rejects with it
   */
  close(cause?: unknown): void;

  /**
   * Says that no more is wanted: waiting and later puts answer false, waiting takes end, and what was buffered goes
   * to the undelivered hook.
   *
   * @param cause why no more is wanted; takes reject with it
   */
  cancel(cause?: unknown): void;

  isClosed(): boolean;

  /** This channel's taking face: whoever holds it can take, and can neither put nor close. Always the same object. */
  readPort(): ReadPort<T>;

  /** This channel's putting face: whoever holds it can put, and can neither take nor close. Always the same object. */
  writePort(): WritePort<T>;

  /** How many values are in the buffer. */
  buffered(): number;

  /** How many operations wait to take. */
  waitingTakers(): number;

  /** How many operations wait to put. */
  waitingPutters(): number;
}

/** What can be set for a channel beside its buffer. */
export interface ChannelOptions<T> {
  /** What people call it: errors show it. */
  readonly name?: string;

  /** Is handed every value that will never be taken: dropped by the buffer, or left over at the end. */
  readonly onUndelivered?: (value: T) => void;
}
