import { sliding } from "../buffer.js";
import { LocalChannel } from "./local-channel.js";
import type { Feed } from "./traits.js";
import { after, momentAfter, now } from "./time.js";

/**
 * Does something to a channel at moments of the clock. A timer runs only while somebody waits for the channel: one
 * that nobody waits for costs nothing and is collected like any object.
 */
class Timed<T> implements Feed {
  private cancelTimer: (() => void) | null = null;
  private channel: LocalChannel<T> | null = null;

  /** @param due does what is due, and answers the next moment; `null` if there is none */
  constructor(private readonly due: (channel: LocalChannel<T>) => number | null) {}

  drive(channel: LocalChannel<T>): LocalChannel<T> {
    this.channel = channel;
    return channel;
  }

  refresh(): number | null {
    const channel = this.channel;
    if (channel === null) {
      return null;
    }
    this.channel = null; // what is done to it asks for no refresh
    const next = this.due(channel);
    this.channel = channel;
    return next;
  }

  demandChanged(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    const channel = this.channel;
    if (channel !== null && channel.waitingTakers() > 0) {
      const next = this.refresh();
      if (next !== null && channel.waitingTakers() > 0) {
        this.cancelTimer = after(next - now(), () => this.demandChanged());
      }
    }
  }
}

/** A channel that closes after so many milliseconds. */
export function timeoutChannel(millis: number): LocalChannel<never> {
  const moment = momentAfter(millis);
  const timed = new Timed<never>((channel) => {
    if (now() < moment) {
      return moment;
    }
    channel.close();
    return null;
  });
  return timed.drive(new LocalChannel({ kind: "rendezvous" }, { name: `timeout of ${millis} ms`, feed: timed }));
}

/** A channel that gets the number of each period that has passed, and keeps the last only. */
export function tickerChannel(period: number): LocalChannel<number> {
  const start = now();
  let ticks = 0;
  const timed = new Timed<number>((channel) => {
    const passed = Math.floor((now() - start) / period);
    if (passed > ticks) {
      ticks = passed;
      channel.putNow(passed);
    }
    return start + (passed + 1) * period;
  });
  return timed.drive(new LocalChannel(sliding(1), { name: `ticker of ${period} ms`, feed: timed }));
}
