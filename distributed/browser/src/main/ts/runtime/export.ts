import type { Channel } from "../channel.js";
import { PeerLostException } from "../errors.js";
import type { Port } from "../internal/faces.js";
import { EMPTY, ENDED, type LocalChannel } from "../internal/local-channel.js";
import type { Pending } from "../internal/traits.js";
import { Taking } from "../internal/wait-queue.js";
import { errorAnswer, peerLost, tellError } from "../service/call-error.js";
import { Request } from "../service/request.js";
import { CodecException, ProtocolException } from "./exceptions.js";
import { Inflow } from "./inflow.js";
import { causeOf, thrownFor, type Cause } from "./packet.js";
import { closable } from "./proxy-channel.js";
import { PUT, TAKE, type Reference, type Rights } from "./reference.js";
import { UNTOLD_WINDOW } from "./session.js";
import { settle, type Voice } from "./voice.js";

/** What a port is, beneath the face that it shows. */
export interface Beneath {
  readonly port: Port;
  readonly whole: Channel<unknown>;
  readonly rights: Rights;
  readonly puts: LocalChannel<unknown> | undefined;
  readonly takes: LocalChannel<unknown> | undefined;
}

/**
 * A channel of ours that the peer holds a proxy for: does to the channel what the proxy's holder asks, within the
 * rights that it was given with, and tells the holder what becomes of it.
 *
 * Values that arrive are put in the order in which they came, and wait in the channel's own queue; their number is
 * bounded by the window. For the takers that wait on the other side one take is under way at a time, so that values
 * leave in order.
 */
export class Export {
  /** How often the peer was given this channel and has not released it; the tables' to change. */
  given = 0;

  /** Values accepted that the holder was not told of. */
  private accepted = 0;

  /** Values sent that did not come home. */
  private outstanding = 0;

  /** Takers on the other side that no value was sent for. */
  private wanted = 0;

  /** What withdraws the take that waits for them; null if there is none. */
  private taking: Pending | null = null;

  /** Whether values are being taken for them at this moment. */
  private delivering = false;

  /** Why a value could not be sent, so that none is taken for them any more; undefined if all could. */
  private failure?: CodecException;

  /** What withdraws the watches for the channel's end; null until its name was sent. */
  private watches: Pending[] | null = null;

  /** Whether the holder was told that nothing more will come. */
  private endTold = false;

  /** Whether the peer has released it, or is gone. */
  private ended = false;

  private readonly granting: Granting = { to: this };

  constructor(
    private readonly peer: Voice,
    readonly reference: Reference,
    readonly beneath: Beneath,
    private readonly inflow = new Inflow(),
  ) {}

  /**
   * The channel's name has been sent: from now on the holder is told when the channel closes and when it has ended.
   * A channel that is given again is told of again, since the holder may have released it because it is closed.
   */
  announce(): void {
    const { puts, takes } = this.beneath;
    this.endTold = false;
    if (this.watches === null) {
      const tell = (): void => this.tellClosed();
      this.watches = [];
      this.watches.push(((puts ?? takes) as LocalChannel<unknown>).onClose(tell));
      if (takes !== undefined && !this.ended) {
        this.watches.push(takes.onEnd(tell));
      }
    } else {
      this.tellClosed();
    }
  }

  /** The port that was given, or the face of it that its holder sent home. */
  port(sent: Rights): Port {
    const { port, whole, puts, takes } = this.beneath;
    if (sent === this.reference.rights) {
      return port;
    }
    const isWhole = puts !== undefined && takes !== undefined;
    if (isWhole && sent === PUT) {
      return whole.writePort() as unknown as Port;
    } else if (isWhole && sent === TAKE) {
      return whole.readPort() as unknown as Port;
    }
    throw this.beyondRights(`send home with '${sent}'`);
  }

  /** Tells the holder what has become of the channel, if it is over; the end only once. */
  private tellClosed(): void {
    const { puts, takes } = this.beneath;
    const side = (puts ?? takes) as LocalChannel<unknown>;
    // what could not be sent may be from a channel that is not ours to close, or was closed before
    if (!(this.failure || side.isClosed()) || this.endTold || this.ended) {
      return;
    }
    // while values are being taken there may be one that is not sent yet
    const drained = !this.delivering && this.taking === null && this.isFinished();
    this.endTold = drained;
    // what is between its two sides may have failed, of a channel that was passed on
    const why = side.ending()?.cause ?? takes?.ending()?.cause ?? this.failure;
    const cause = causeOf(why, this.peer.longestSentence);
    this.peer.say({ type: "closed", target: this.reference.guid, cause, drained });
  }

  /** Whether no value will be taken for the other side any more. */
  private isFinished(): boolean {
    return this.failure !== undefined || (this.beneath.takes?.isDrained() ?? true);
  }

  // ---- what the holder asks

  forward(value: unknown): void {
    const { puts } = this.beneath;
    if (puts === undefined) {
      throw this.beyondRights("put");
    }
    this.inflow.add(mostUnderWay(this.peer), this.reference.guid);
    put(value, puts, this.inflow, this.granting);
  }

  /** Gives the holder its credit back, half a window at a time. */
  grant(): void {
    const half = Math.max(1, this.peer.window >> 1);
    if (!this.reference.reply && ++this.accepted >= half) {
      this.peer.say({ type: "credit", target: this.reference.guid, count: this.accepted });
      this.accepted = 0;
    }
  }

  /** The same for a value that a closed channel refused, where no close is told: of a root's. */
  grantIfUntold(): void {
    if (this.watches === null) {
      this.grant();
    }
  }

  take(takers: number): void {
    this.requireTakes("take");
    this.wanted += takers;
    const window = mostUnderWay(this.peer);
    if (this.wanted > window) {
      throw new ProtocolException(`more than ${window} values of ${this.reference.guid} asked for at once`);
    }
    this.deliver();
  }

  untake(takers: number): void {
    this.requireTakes("take");
    this.peer.say({ type: "untaken", target: this.reference.guid, count: this.withdraw(takers) });
  }

  private requireTakes(what: string): LocalChannel<unknown> {
    if (this.beneath.takes === undefined) {
      throw this.beyondRights(what);
    }
    return this.beneath.takes;
  }

  /** Withdraws that many takers of the other side's, or as many as there are: how many it were. */
  private withdraw(takers: number): number {
    const withdrawn = Math.min(this.wanted, takers);
    this.wanted -= withdrawn;
    if (this.wanted === 0 && this.taking !== null) {
      this.taking();
      this.taking = null;
      this.tellClosed();
    }
    return withdrawn;
  }

  /** Takes for those who wait on the other side, and waits if nothing is there. */
  private deliver(): void {
    const channel = this.beneath.takes;
    if (channel === undefined || this.delivering) {
      return;
    }
    this.delivering = true;
    while (this.wanted > 0 && this.taking === null && !this.failure) {
      const value = channel.takeNow();
      if (value === ENDED) {
        break;
      } else if (value === EMPTY) {
        const waiter = new Taking<unknown>(
          (taken) => {
            this.taking = null;
            this.delivering = true;
            this.send(channel, taken);
            this.delivering = false;
            this.deliver();
          },
          () => {
            this.taking = null;
            this.tellClosed();
          },
        );
        this.taking = () => waiter.withdraw();
        channel.enqueueTake(waiter); // which may be the moment at which a timeout's time has passed
      } else {
        this.send(channel, value);
      }
    }
    this.delivering = false;
    if (this.isFinished()) {
      this.tellClosed();
    }
  }

  private send(channel: LocalChannel<unknown>, value: unknown): void {
    this.wanted--;
    try {
      const parcel = this.peer.pack(value);
      this.outstanding++;
      const message = { type: "value", target: this.reference.guid, body: parcel.body } as const;
      this.peer.say(message, () => channel.lost(value), parcel.length);
      settle(parcel, true);
    } catch (e) {
      if (e instanceof PeerLostException) {
        channel.giveBack(value);
      } else if (e instanceof CodecException) {
        // for the holder the channel is over, what is left stays for others; who waits there may give up as any
        this.failure = e;
        this.wanted++;
        channel.lost(value);
        (closable(this.beneath.port) ?? channel).close(e);
      } else {
        throw e;
      }
    }
  }

  /** A value has come home, and is the next in line. */
  home(value: unknown): void {
    const channel = this.requireTakes("give back");
    if (this.outstanding === 0) {
      throw new ProtocolException(`a value came home that was not sent to ${this.reference.guid}`);
    }
    this.outstanding--;
    channel.giveBack(value);
  }

  /** Takes note of a holder that forgot the channel: it wants nothing any more. */
  released(): void {
    this.inflow.released();
    this.withdraw(Infinity);
  }

  close(cause: Cause | null | undefined): void {
    this.closable().close(thrownFor(cause));
  }

  cancel(cause: Cause | null | undefined): void {
    this.closable().cancel(thrownFor(cause));
  }

  private closable(): Channel<unknown> {
    if (!this.reference.rights.includes("c")) {
      throw this.beyondRights("close");
    }
    return this.beneath.whole;
  }

  private beyondRights(what: string): ProtocolException {
    const { guid, rights } = this.reference;
    return new ProtocolException(`to ${what} is beyond the rights '${rights}' of ${guid}`);
  }

  // ---- the end

  /** The peer has released it: nothing is told any more, and no value is taken for it. */
  end(): void {
    this.ended = true;
    this.granting.to = null;
    this.watches?.forEach((withdraw) => withdraw());
    this.withdraw(Infinity);
  }

  /** The peer is gone: who waits here for its answer is told. */
  lose(lost: PeerLostException): void {
    this.end();
    if (!this.reference.reply) {
      return;
    }
    const { port, puts } = this.beneath;
    const own = closable(port);
    if (own === null) {
      // somebody else's, who gave it with a request that was passed on
      puts?.putNow(errorAnswer(peerLost("the request", lost)));
    } else {
      own.close(lost);
    }
  }
}

/** Who gives back the credit for what is put; nobody any more when the peer has released it, or is gone. */
interface Granting {
  to: Export | null;
}

/** Puts a value, which may wait for longer than the session lasts: of one that has ended it keeps nothing. */
function put(value: unknown, puts: LocalChannel<unknown>, inflow: Inflow, granting: Granting): void {
  puts.putAsync(
    value,
    () => {
      inflow.remove();
      granting.to?.grant();
    },
    () => {
      inflow.remove();
      puts.undelivered(value);
      if (value instanceof Request) {
        tellRefused(value, puts.ending()?.cause);
      }
      granting.to?.grantIfUntold();
    },
  );
}

/** A holder that has not heard our hello yet may have begun with the window that is untold. */
export function mostUnderWay({ window }: Voice): number {
  return Math.max(window, UNTOLD_WINDOW);
}

/** The channel was closed while a request was on its way: nobody else will answer that. */
function tellRefused(request: Request, cause: unknown): void {
  const command = `'${request.command()}'`;
  tellError(
    request,
    cause instanceof PeerLostException
      ? peerLost(command, cause)
      : { code: "unknown-service", message: `${command} was not accepted: the service's channel is closed` },
  );
}
