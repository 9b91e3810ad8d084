import { Deque } from "../internal/store.js";
import { FrameLostException, ProtocolException } from "./exceptions.js";
import type { Limits } from "./limits.js";
import type { Message, Packet } from "./packet.js";
import { Suspicion } from "./suspicion.js";

/** The version of the protocol that this library speaks. */
export const VERSION = 1;

/** After so many batches of the peer's it is told that they came, if nothing else tells it. */
const BATCHES_PER_ACK = 32;

/** The same for their size. */
export const SIZE_PER_ACK = 128 << 10;

/** The window of a peer that tells none, and until it does. */
export const UNTOLD_WINDOW = 64;

/** Where a session stands: nothing but a hello or a bye may come; the peers talk; nothing counts any more. */
export type State = "opening" | "open" | "ended";

/** What a clock may ask for: to say that we are here, or to give up a link on which the peer is silent. */
export type Due = "nothing" | "beat" | "silence";

/** What is to be said, and what to do if the session ends and nobody knows whether it arrived. */
export interface Saying {
  readonly message: Message;
  readonly lost?: () => void;
}

/** A batch that the peer has not confirmed. */
interface Kept {
  readonly number: number;
  readonly sayings: readonly Saying[];
  readonly size: number;
}

/**
 * The state of one conversation: who has said hello, which batch comes next, what the other side has not confirmed,
 * when it was heard last. Has no clock or socket: it is told what happens and when.
 *
 * Why nothing is lost, doubled or reordered: batches are numbered from 1, and kept until the peer says that it has
 * received them. The receiver acts on batch *n* only after *n* - 1: an older one is a repetition and ignored, a newer
 * one shows that the link has lost something. On another link both sides say first how far they have received, and
 * then repeat what is kept after that. A batch counts as received when all of it is done: should the session end
 * meanwhile, the peer is not to think that all of it has arrived.
 */
export class Session {
  private kept = new Deque<Kept>();
  private keptSize = 0;
  private said = 0;
  private batchesUntold = 0;
  private sizeUntold = 0;
  private lastSaid: number;
  private readonly suspicion: Suspicion;

  /** Where it stands. */
  state: State = "opening";

  /** The last batch that was received. */
  received = 0;

  /** What it is called when it is resumed; null if it cannot be. */
  name: string | null = null;

  /** How the peer calls itself; null until it has said hello. */
  peerName: string | null = null;

  /** How many values may be on their way through one proxy; another number when the peer has said hello. */
  window: number;

  /** @param resumes whether this side would make another link */
  constructor(
    private readonly limits: Limits,
    private readonly resumes: boolean,
    now: number,
  ) {
    this.lastSaid = now;
    this.suspicion = new Suspicion(limits.silence, now);
    this.window = Math.min(limits.window, UNTOLD_WINDOW);
  }

  /** Whether it goes on when its link breaks. */
  isResumable(): boolean {
    return this.state === "open" && this.name !== null;
  }

  // ---- saying

  hello(name: string, credentials?: string): Packet {
    const { beat, window } = this.limits;
    return { type: "hello", version: VERSION, name, session: this.resumes ? "" : null, beat, window, credentials };
  }

  /** Whether another batch may be said: what is not confirmed is within the limit. */
  hasRoom(): boolean {
    return this.keptSize < this.limits.unacked;
  }

  /** The next batch; it counts as said when {@link keep} is called. */
  batch(sayings: readonly Saying[]): Packet {
    return this.numbered(this.said + 1, sayings);
  }

  private numbered(number: number, sayings: readonly Saying[]): Packet {
    return { type: "batch", number, received: this.received, messages: sayings.map(({ message }) => message) };
  }

  /** Keeps the batch that is being said until the peer has it. */
  keep(sayings: readonly Saying[], size: number, now: number): void {
    this.kept.push({ number: ++this.said, sayings, size });
    this.keptSize += size;
    this.told(now);
  }

  /** Says that we are here, and how far we have received. */
  beat(now: number): Packet {
    this.told(now);
    return { type: "beat", said: this.said, received: this.received };
  }

  /** Says the last word. */
  bye(code: string, sentence: string): Packet {
    return { type: "bye", code, sentence, received: this.received };
  }

  /** Whether the peer should be told how far we have received, though there is nothing else. */
  owesAck(): boolean {
    return this.batchesUntold >= BATCHES_PER_ACK || this.sizeUntold >= SIZE_PER_ACK;
  }

  private told(now: number): void {
    this.lastSaid = now;
    this.batchesUntold = 0;
    this.sizeUntold = 0;
  }

  // ---- hearing

  /**
   * Takes note of a packet that came in.
   *
   * @param act does what a message in it says
   * @throws ProtocolException if it must not come now
   * @throws FrameLostException if something before it did not come, and the session can be resumed
   */
  heard(packet: Packet, size: number, now: number, act: (message: Message) => void): void {
    this.suspicion.heard(now);
    switch (packet.type) {
      case "hello":
        return this.heardHello(packet);
      case "batch":
        return this.heardBatch(packet, size, act);
      case "beat":
        this.confirmed(packet.received);
        if (packet.said > this.received && this.state !== "ended") {
          throw this.missing(`a beat after batch ${packet.said}`);
        }
        return;
      case "bye":
        this.confirmed(packet.received);
        this.state = "ended";
        return;
      default:
        throw new ProtocolException("a session is resumed by the first frame of a link only");
    }
  }

  private heardHello({ version, name, session, beat, window }: Packet & { type: "hello" }): void {
    if (this.state !== "opening") {
      throw new ProtocolException("a second hello");
    }
    if (version !== VERSION) {
      throw new ProtocolException(`version ${version} of the protocol; this peer speaks version ${VERSION}`);
    }
    const { silence } = this.limits;
    if (beat >= silence) {
      throw new ProtocolException(`a beat of ${beat} ms: a silence of ${silence} ms ends the session here`);
    }
    this.peerName = name;
    this.state = "open";
    this.name = this.resumes && session ? session : null;
    if (this.name !== null && beat > 0) {
      this.suspicion.tellBeat(beat);
    }
    this.window = Math.min(this.limits.window, window === 0 ? UNTOLD_WINDOW : window);
  }

  private heardBatch(
    { number, received, messages }: Packet & { type: "batch" },
    size: number,
    act: (message: Message) => void,
  ): void {
    if (this.state === "opening") {
      throw new ProtocolException("a batch before the hello");
    }
    this.confirmed(received);
    if (this.state === "ended" || (number <= this.received && this.isResumable())) {
      return;
    }
    if (number !== this.received + 1) {
      throw this.missing(`batch ${number}`);
    }
    messages.forEach(act);
    this.received++;
    this.batchesUntold++;
    this.sizeUntold += size;
  }

  /** What it means that something came before the batch that is next. */
  private missing(came: string): Error {
    const message = `${came} came where batch ${this.received + 1} was expected`;
    return this.isResumable() ? new FrameLostException(message) : new ProtocolException(message);
  }

  /** The peer has received all batches up to one. */
  private confirmed(last: number): void {
    if (last > this.said) {
      throw new ProtocolException(`batch ${last} was confirmed where ${this.said} were said`);
    }
    while (this.kept.size > 0 && this.kept.peek().number <= last) {
      this.keptSize -= this.kept.shift().size;
    }
  }

  // ---- links

  /** Goes on with another link; `last` is a batch that the peer has received. */
  resumed(last: number, now: number): void {
    this.confirmed(last);
    this.suspicion.restart(now);
  }

  /** What has to be said again on another link, in order. */
  unconfirmed(now: number): Packet[] {
    const all = this.kept.clear();
    all.forEach((one) => this.kept.push(one));
    this.told(now);
    return all.map(({ number, sayings }) => this.numbered(number, sayings));
  }

  /** What the clock asks for now, as long as there is a link on which all was heard that came until a moment. */
  due(now: number, listened = now): Due {
    return this.dueAfter(this.limits.beat, now, listened);
  }

  /**
   * The same when the peer was just heard. What it says is a clock too, and the only one in a page that is not seen,
   * where timers come late: half a beat is then enough, since the next word may come later than a beat after ours.
   */
  dueSinceHeard(now: number): Due {
    return this.dueAfter(this.limits.beat / 2, now, now);
  }

  private dueAfter(quiet: number, now: number, listened: number): Due {
    if (this.state === "ended") {
      return "nothing";
    }
    if (this.suspicion.isSilent(listened)) {
      return "silence";
    }
    // not before the peer's first word, which may ask for another session on this link
    const isQuiet = this.state === "open" && now - this.lastSaid >= quiet;
    return isQuiet || this.owesAck() ? "beat" : "nothing";
  }

  /** How long the peer may be silent, by what is known of it. */
  patience(): number {
    return this.suspicion.patience();
  }

  // ---- the end

  /** Ends it, whatever was under way; what the peer still confirms counts. */
  end(): void {
    this.state = "ended";
  }

  /** What was said and will not be confirmed any more, in order. */
  forgetAll(): Saying[] {
    this.keptSize = 0;
    return this.kept.clear().flatMap(({ sayings }) => sayings);
  }
}
