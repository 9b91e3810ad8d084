import { PeerLostException } from "../errors.js";
import { EMPTY, ENDED, LocalChannel } from "../internal/local-channel.js";
import type { Pending } from "../internal/traits.js";
import { Taking } from "../internal/wait-queue.js";
import { reportUncaught } from "../internal/uncaught.js";
import { isPort } from "../internal/faces.js";
import { errorAnswer, peerLost, tellError, type CallError } from "../service/call-error.js";
import { Request } from "../service/request.js";
import { CodecException } from "./exceptions.js";
import type { Import } from "./import.js";
import { causeOf } from "./packet.js";
import { closable } from "./proxy-channel.js";
import { shortened } from "./sentence.js";
import type { Parcel, Voice } from "./voice.js";

/**
 * Sends the owner of a channel what is put to the proxy for it.
 *
 * Puts go into {@link outbound}, a rendezvous. While there is credit, a taker waits there and sends on what it gets;
 * without credit nobody takes, and putters wait. The owner gives credit back for what its channel has accepted. So at
 * most a window of values is on the way. A close is told after all that was put before it.
 */
export class Sender {
  /** Where the program puts. */
  readonly outbound: LocalChannel<unknown>;

  /** How many more values may be sent. */
  private credit: number;

  /** What withdraws the taker that waits at outbound; null if there is none. */
  private armed: Pending | null = null;

  /** Whether a value is being taken or sent at this moment. */
  private sending = false;

  /** Whether the owner is still to be told that the channel was closed here, and why. */
  private closing: { readonly cause: unknown } | null = null;

  constructor(
    private readonly held: Import,
    private readonly peer: Voice,
    name: string,
  ) {
    const { reply } = held.reference;
    this.credit = reply ? 1 : peer.window;
    this.outbound = new LocalChannel<unknown>(
      { kind: "rendezvous" },
      {
        name,
        onUndelivered: (value) => peer.undelivered(value),
        // an answer is not looked at: one that cannot be sent becomes an error for who waits for it
        ...(reply ? {} : { admit: (value: unknown) => this.check(value) }),
      },
    );
  }

  private check(value: unknown): void {
    this.peer.check(value instanceof Request ? value.message() : value);
  }

  /** Takes what waits to be put, and waits for more, as far as there is credit. */
  arm(): void {
    while (this.armed === null && this.credit > 0 && !this.sending) {
      this.sending = true; // from before it is taken: the end, which that may be, must not overtake it
      const value = this.outbound.takeNow();
      this.sending = false;
      if (value === ENDED) {
        this.tellClose();
        break;
      }
      if (value === EMPTY) {
        this.armed = this.outbound.enqueueTake(
          new Taking<unknown>(
            (taken) => {
              this.armed = null;
              this.send(taken);
              this.arm();
            },
            () => {
              this.armed = null;
              this.tellClose();
              this.held.releaseIfIdle();
            },
          ),
        );
        break;
      }
      this.send(value);
    }
    this.held.releaseIfIdle();
  }

  private send(value: unknown): void {
    this.sending = true;
    try {
      this.credit -= this.held.reference.reply ? this.answer(value) : this.forward(value);
    } finally {
      this.sending = false;
    }
    if (this.outbound.isDrained()) {
      this.tellClose();
    }
  }

  /** Sends a value; answers what that cost. */
  private forward(value: unknown): number {
    const { guid: target } = this.held.reference;
    const lost = (): void => this.peer.undelivered(value);
    try {
      if (value instanceof Request) {
        const parcel = this.peer.packRequest(value);
        const { deadline } = value;
        const left = deadline.exists()
          ? { deadline: Math.min(Math.floor(deadline.remaining()), Number.MAX_SAFE_INTEGER) }
          : {};
        const message = { type: "forward", target, body: parcel.body, request: true, ...left } as const;
        this.held.tellParcel(parcel, message, value.replyTo() === null ? lost : () => {}); // who asked is told
      } else {
        const parcel = this.peer.pack(value);
        this.held.tellParcel(parcel, { type: "forward", target, body: parcel.body }, lost);
      }
      return 1;
    } catch (e) {
      this.failed(value, e);
      return 0;
    }
  }

  /** The one put that a reply channel is good for. */
  private answer(value: unknown): number {
    const lost = (): void => this.peer.undelivered(value);
    try {
      this.held.tellAnswer(this.packedAnswer(value), lost);
    } catch (e) {
      if (!(e instanceof PeerLostException)) {
        throw e;
      }
      lost(); // the caller's side is gone, and the reply channel with it
    }
    this.outbound.cancel(); // nobody takes what waits there: it was good for one put
    return 1;
  }

  private packedAnswer(value: unknown): Parcel {
    try {
      return this.peer.pack(value);
    } catch (e) {
      if (e instanceof CodecException) {
        // not the caller's fault: the service gave what has no words
        return this.peer.pack(
          errorAnswer({ code: "internal", message: shortened(e.message, this.peer.longestSentence) }),
        );
      }
      throw e;
    }
  }

  /** A value that was accepted and cannot be sent: whoever waits for an answer to it gets one. */
  private failed(value: unknown, why: unknown): void {
    if (!(why instanceof PeerLostException || why instanceof CodecException)) {
      throw why;
    }
    if (value instanceof Request && tell(value, why, this.peer.longestSentence)) {
      return;
    }
    if (why instanceof CodecException) {
      reportUncaught(`a value put to ${this.outbound}`, why);
    }
    this.peer.undelivered(value);
  }

  /** So many more values may be on the way than was thought, or fewer. */
  widen(by: number): void {
    if (this.held.reference.reply) {
      return;
    }
    this.credit += by;
    if (this.credit <= 0) {
      this.armed?.();
      this.armed = null;
    }
    this.arm();
  }

  /** The owner's channel has accepted so many. */
  credited(puts: number): void {
    this.credit = Math.min(this.peer.window, this.credit + puts);
    this.arm();
  }

  /** Closes the channel, after what was put before. */
  close(cause: unknown): void {
    if (this.outbound.isClosed()) {
      return;
    }
    this.closing = { cause };
    this.outbound.close(cause); // a taker that waits there is ended by this, and so tells the owner
    // now, or when the last of what waits without credit gives up
    this.outbound.onEnd(() => {
      if (!this.sending) {
        this.tellClose();
        this.held.releaseIfIdle();
      }
    });
  }

  /** Everything that was put before the close has been sent. */
  private tellClose(): void {
    const { closing } = this;
    this.closing = null;
    if (closing !== null) {
      this.held.tellRightful({ type: "close", cause: causeOf(closing.cause, this.peer.longestSentence) });
    }
  }

  /** Accepts no more, and refuses those who wait. */
  refuse(cause: unknown): void {
    this.closing = null; // whoever refuses has told the owner, or was told
    this.outbound.cancel(cause);
  }

  /** Whether a value is being sent. */
  isSending(): boolean {
    return this.sending;
  }

  /** Ends the wait for values, unless there is something to be sent; answers whether nothing will be any more. */
  endIfIdle(): boolean {
    if (this.closing !== null || this.sending || this.outbound.waitingPutters() > 0) {
      return false;
    }
    this.armed?.();
    this.armed = null;
    return true;
  }
}

/** Tells who asked why there will be no answer; answers whether there is somebody who is told. */
function tell(request: Request, why: PeerLostException | CodecException, most: number): boolean {
  const reply = request.replyTo();
  const own = why instanceof PeerLostException && isPort(reply) ? closable(reply) : null;
  own?.close(why);
  return own !== null || tellError(request, refusal(why, most, request));
}

function refusal(why: PeerLostException | CodecException, most: number, request: Request): CallError {
  return why instanceof PeerLostException
    ? peerLost(`'${request.command()}'`, why)
    : { code: "invalid-argument", message: shortened(why.message, most) };
}
