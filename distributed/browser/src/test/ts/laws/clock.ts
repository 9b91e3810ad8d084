/** Time that passes only when it is told to. */
export class Clock {
  private now = 0;
  private timers: { task: () => void; moment: number }[] = [];

  /** How long the timers wait from now on. */
  waits(): number[] {
    return this.timers.map(({ moment }) => moment - this.now);
  }

  /** Lets time pass at one stroke, and then what is due. */
  pass(millis: number): void {
    this.now += millis;
    const due = this.timers.filter(({ moment }) => moment <= this.now);
    this.timers = this.timers.filter(({ moment }) => moment > this.now);
    due.forEach(({ task }) => task());
  }

  readonly performanceNow = (): number => this.now;

  readonly setTimeout = (task: () => void, millis: number): unknown => {
    const timer = { task, moment: this.now + millis };
    this.timers.push(timer);
    return timer;
  };

  readonly clearTimeout = (timer: unknown): void => {
    this.timers = this.timers.filter((one) => one !== timer);
  };
}

/** Does something by a clock that it moves. */
export async function withClock(what: (clock: Clock) => Promise<void>): Promise<void> {
  const clock = new Clock();
  const { setTimeout, clearTimeout } = globalThis;
  const { now } = performance;
  Object.assign(globalThis, { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout });
  performance.now = clock.performanceNow;
  try {
    await what(clock);
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
    performance.now = now;
  }
}
