import { PeerLostException } from "../errors.js";
import { LocalChannel } from "../internal/local-channel.js";
import type { Feed } from "../internal/traits.js";
import { reportUncaught } from "../internal/uncaught.js";
import { ProtocolException } from "./exceptions.js";
import { causeOf, thrownFor, type Cause, type Message } from "./packet.js";
import { ProxyChannel } from "./proxy-channel.js";
import type { Reference } from "./reference.js";
import { Sender } from "./sender.js";
import { settle, type Named, type Parcel, type Voice } from "./voice.js";

/** Imports whose face the program has let go of. */
const abandoned = new FinalizationRegistry<Import>((held) => held.faceCollected());

/**
 * A channel of the peer's that is held here. What is put leaves by its {@link Sender}; what is taken comes from
 * {@link inbound}. The {@link ProxyChannel} in a program's hands is a face over both, held weakly, so that a program
 * that lets go of it lets go of all.
 *
 * **Takes.** When a taker begins to wait at inbound the owner is asked for a value; when one gives up, the ask is
 * withdrawn. Every ask ends in one of two ways, a value or the owner's word that it was withdrawn, so `asked` is
 * exactly how many values can still come. A withdrawal waits for the answer to the one before. A value that comes too
 * late for its taker stays in inbound for the next, and goes home when the proxy is let go.
 *
 * **The release** is the last message of the channel's, since the owner forgets its name with it. It is due when the
 * owner's channel has finished (closed, and drained for those who may take), or when the program has abandoned every
 * face; and it waits as long as something is still to be said.
 */
export class Import implements Feed, Named {
  /** Where the program's values leave. */
  readonly sender: Sender;

  /** Where the owner's values arrive. */
  readonly inbound: LocalChannel<unknown>;

  private face: WeakRef<ProxyChannel> | null = null;

  /** How often the peer gave us this channel. */
  private received = 0;

  /** How many values the owner was asked for that neither came nor were withdrawn for sure. */
  private asked = 0;

  /** How many of them are being withdrawn; the owner has not answered yet. */
  private withdrawing = 0;

  /** How many values are being offered to inbound, and names written but not sent. */
  private pins = 0;

  /** Whether the owner will send nothing any more. */
  private finished = false;

  /** Whether the program has let go of every face. */
  private abandoned = false;

  private released = false;

  constructor(
    private readonly peer: Voice,
    readonly reference: Reference,
    peerName: string,
  ) {
    const name = `${reference.guid} of ${peerName}`;
    this.sender = new Sender(this, peer, name);
    this.inbound = new LocalChannel<unknown>(
      { kind: "unbounded" },
      { name, onUndelivered: (value) => peer.undelivered(value), feed: this },
    );
  }

  /** Takes note that the peer has given the channel once more; null if it was released, and is another import now. */
  receive(): ProxyChannel | null {
    if (this.released) {
      return null;
    }
    this.received++;
    const given = this.presentFace();
    if (this.reference.rights.includes("p")) {
      this.sender.arm();
    }
    return given;
  }

  /** The face that a program holds, made anew if it let go of the last. */
  private presentFace(): ProxyChannel {
    let present = this.face?.deref();
    if (present === undefined) {
      present = new ProxyChannel(this);
      this.face = new WeakRef(present);
      this.abandoned = false;
      if (!this.reference.reply) {
        abandoned.register(present, this, this);
      }
    }
    return present;
  }

  /** Says something of this channel, unless the last was said; answers whether it was said. */
  tell(message: Message, lost?: () => void, body?: number): boolean {
    if (!this.released) {
      this.peer.say(message, lost, body);
    }
    return !this.released;
  }

  /** Says that the channel is over, if that is ours to say: otherwise it is over here only. */
  tellRightful(message: { readonly type: "close" | "cancel"; readonly cause: Cause | null }): void {
    const { guid: target, rights } = this.reference;
    if (rights.includes("c")) {
      this.tell({ ...message, target });
    }
  }

  /** The same with a body, of which the channels are on their way or taken back; `lost` if it does not arrive. */
  tellParcel(parcel: Parcel, message: Message, lost: () => void): void {
    const told = this.tell(message, lost, parcel.length);
    settle(parcel, told);
    if (!told) {
      lost();
    }
  }

  /**
   * Answers a request, with which both sides forget its reply channel; where its name stands in a body that is not sent
   * yet, the release comes after that.
   */
  tellAnswer(parcel: Parcel, lost: () => void): void {
    const { guid: target } = this.reference;
    const last = this.pins === 0;
    const message = { type: "forward", target, body: parcel.body, released: last ? this.received : 0 } as const;
    this.finished = true;
    this.tellParcel(parcel, message, lost);
    if (last) {
      this.released = true;
      this.peer.forget(this);
    }
    this.inbound.close();
  }

  // ---- taking

  refresh(): void {
    if (this.finished) {
      // whoever looks at inbound may have taken the last of it
      this.releaseIfIdle();
      this.unwatchIfIdle();
    }
  }

  demandChanged(): void {
    this.askAgain();
    this.releaseIfIdle();
  }

  private askAgain(): void {
    const { guid: target } = this.reference;
    const wanted = this.inbound.isClosed() ? 0 : this.inbound.waitingTakers();
    const standing = Math.max(0, this.asked - this.withdrawing);
    const more = Math.min(wanted - standing, this.peer.window - this.asked);
    if (more > 0) {
      this.asked += more;
      this.tell({ type: "take", target, count: more });
    } else if (wanted < standing && this.withdrawing === 0) {
      this.withdrawing = standing - wanted;
      this.tell({ type: "untake", target, count: this.withdrawing });
    }
  }

  /** The owner has withdrawn so many of the asks that it was told to withdraw. */
  untaken(withdrawn: number): void {
    if (withdrawn < 0 || withdrawn > Math.min(this.withdrawing, this.asked)) {
      const { guid } = this.reference;
      throw new ProtocolException(
        `${withdrawn} takes of ${guid} withdrawn, where it was told to withdraw ${this.withdrawing}`,
      );
    }
    this.asked -= withdrawn;
    this.withdrawing = 0;
    this.demandChanged();
  }

  /** Gives a value that came to whoever waits for it. */
  value(value: unknown): void {
    if (this.asked === 0) {
      throw new ProtocolException(`a value of ${this.reference.guid} that nobody asked for`);
    }
    this.asked--;
    this.pins++;
    if (!this.inbound.offer(value)) {
      this.sendHome(value);
    }
    this.askAgain();
    this.unpin();
  }

  private sendHome(value: unknown): void {
    const lost = (): void => this.peer.undelivered(value);
    try {
      const parcel = this.peer.pack(value);
      this.tellParcel(parcel, { type: "home", target: this.reference.guid, body: parcel.body }, lost);
    } catch (e) {
      lost(); // nobody is there to have it, or it came as what cannot be sent
      if (!(e instanceof PeerLostException)) {
        reportUncaught(`a value of ${this.reference.guid} that goes home`, e);
      }
    }
  }

  // ---- closing

  cancel(cause: unknown): void {
    const first = !this.inbound.isClosed();
    this.sender.refuse(cause);
    this.inbound.close(cause);
    if (this.pin()) {
      if (first) {
        this.tellRightful({ type: "cancel", cause: causeOf(cause, this.peer.longestSentence) });
      }
      const left = this.inbound.drain(Infinity);
      const isOver = this.reference.rights.includes("c");
      // what nobody took is undelivered there, where the channel's hook is; or is next there, the first of all
      (isOver ? left : left.reverse()).forEach((value) => this.sendHome(value));
      if (!isOver) {
        this.askAgain(); // whom the close has ended wants nothing from there any more
      }
      this.unpin();
    }
  }

  closedThere(cause: Cause | null | undefined, drained: boolean): void {
    const thrown = thrownFor(cause);
    this.sender.refuse(thrown);
    if (drained || !this.reference.rights.includes("t")) {
      this.inbound.close(thrown);
      this.finished = true;
      this.releaseIfIdle();
    }
  }

  lose(lost: PeerLostException): void {
    this.released = this.finished = true;
    this.sender.refuse(lost);
    this.inbound.close(lost);
    this.loseLeftovers();
    this.unwatchIfIdle();
  }

  // ---- letting go

  /** Keeps the name alive while it stands in a body that is not sent yet; false if it was released. */
  pin(): boolean {
    if (!this.released) {
      this.pins++;
    }
    return !this.released;
  }

  sent(): void {
    this.unpin();
  }

  dropped(): void {
    this.unpin();
  }

  private unpin(): void {
    this.pins--;
    this.releaseIfIdle();
  }

  /** Nobody holds a face any more, unless another was given meanwhile. */
  faceCollected(): void {
    this.abandoned = this.face?.deref() === undefined;
    this.loseLeftovers();
    this.releaseIfIdle();
  }

  /** What came from a peer that is gone by now, and that nobody can take, can go nowhere. */
  private loseLeftovers(): void {
    if (this.abandoned && this.released) {
      this.inbound.drain(Infinity).forEach((value) => this.peer.undelivered(value));
    }
  }

  /** Says the release if it is due and nothing else is still to be said. */
  releaseIfIdle(): void {
    if (this.released || this.pins > 0 || this.withdrawing > 0) {
      return;
    }
    if (this.isLetGo() && this.inbound.buffered() > 0) {
      this.pins++;
      // the last first: each is then the next in line there
      this.inbound
        .drain(Infinity)
        .reverse()
        .forEach((value) => this.sendHome(value));
      this.pins--;
    }
    if (this.isOver() || (this.isLetGo() && this.sender.endIfIdle())) {
      this.released = true;
      this.peer.say({ type: "release", target: this.reference.guid, count: this.received });
      this.sender.refuse(undefined);
      this.inbound.close();
      this.peer.forget(this);
      this.unwatchIfIdle();
    }
  }

  /**
   * Looks no longer whether the program holds a face, when nothing would be done about it: what is to be told of it is
   * never collected, nor is what that knows, which may be the face.
   */
  private unwatchIfIdle(): void {
    if (this.released && this.inbound.buffered() === 0) {
      abandoned.unregister(this);
    }
  }

  /** Whether the owner has finished and nothing is left to send it, nor to be taken here. */
  private isOver(): boolean {
    return this.finished && !this.sender.isSending() && this.inbound.buffered() === 0;
  }

  /** Whether nobody here can put or take any more, and no value can come. */
  private isLetGo(): boolean {
    return this.abandoned && this.asked === 0 && this.inbound.waitingTakers() === 0;
  }
}
