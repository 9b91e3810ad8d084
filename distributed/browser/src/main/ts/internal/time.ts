const LONGEST_TIMER = 0x7fff_ffff;

/** This moment, in milliseconds of a clock that never goes back. */
export function now(): number {
  return performance.now();
}

/** The moment so many milliseconds from now. */
export function momentAfter(millis: number): number {
  if (Number.isNaN(millis)) {
    throw new RangeError(`a wait lasts a number of milliseconds, not ${millis}`);
  }
  return now() + millis;
}

/** Runs a task after so many milliseconds, however many; answers what cancels it. */
export function after(millis: number, task: () => void): () => void {
  const moment = momentAfter(millis);
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    const left = moment - now();
    timer = setTimeout(left <= LONGEST_TIMER ? task : wait, Math.min(Math.max(0, left), LONGEST_TIMER));
  };
  wait();
  return () => clearTimeout(timer);
}
