import type { Channel, WritePort } from "../channel.js";
import { messageOf, PeerLostException } from "../errors.js";
import type { Port } from "../internal/faces.js";
import { open, type LocalChannel } from "../internal/local-channel.js";
import { after, now } from "../internal/time.js";
import { reportUncaught } from "../internal/uncaught.js";
import type { Request } from "../service/request.js";
import { Dispatcher } from "./dispatcher.js";
import { CodecException, FrameLostException, ProtocolException } from "./exceptions.js";
import type { Import } from "./import.js";
import type { Limits } from "./limits.js";
import type { Link, LinkListener } from "./link.js";
import { longestIn } from "./measure.js";
import { Outbox } from "./outbox.js";
import {
  INTERNAL,
  LEAVING,
  OVERLOADED,
  readPacket,
  VIOLATION,
  writePacket,
  type Message,
  type Packet,
} from "./packet.js";
import { Packer } from "./packer.js";
import { LONGEST_SENTENCE, shortened } from "./sentence.js";
import { Session, type Due } from "./session.js";
import { Tables } from "./tables.js";
import type { Parcel, Voice } from "./voice.js";

const MOST_IN_A_BATCH = 64;

/** A frame is not made longer than this part of the limit, but for a single message: links count bytes. */
const SHARE_OF_A_BATCH = 4;

/** How long a link is kept for the last words, in milliseconds. */
const PATIENCE = 2_000;

/** How long to wait for a link to take what it was given, before looking again. */
const BACKLOG_PAUSE = 20;

/** How a session gets another link when its link breaks. */
export interface Comeback {
  /** The link broke. Does not wait; answers whether another may come. */
  begin(engine: Engine, session: string): boolean;
}

/**
 * The shell around one session: a link, a clock, the tables, and what is to be said.
 *
 * **Out.** Whoever has something to say puts it into the outbox, and what is there when the present task is done goes
 * out as one frame: frames grow when there is much to say, and a single message waits for nobody. **In.** What the
 * peer's messages say is done at once, and nothing that is done waits, so a slow channel holds up no other and no
 * heartbeat.
 *
 * **Another link.** When the link breaks and the session can be resumed, there is none and everything else stays as
 * it is, for as long as the limits allow; on another link what the peer may not have is said again first.
 *
 * **The end.** Whoever notices it first (the link, the clock, a violation, the program) ends the session, once: the
 * tables are emptied, every proxy closes, every waiting reply channel fails. A peer that was left is told, and the
 * link kept until it has answered, for as long as that may take; what it does not confirm by then is undelivered.
 */
export class Engine implements Voice {
  private readonly tables: Tables;
  private readonly dispatcher: Dispatcher;
  private readonly session: Session;
  private readonly packer: Packer;
  private readonly timers = new Set<() => void>();
  private readonly outbox = new Outbox();
  private flushing = false;
  private over = false;

  /** Ends the wait for the peer's last word. */
  private stopWaiting = (): void => {};

  /** What the peers talk over; null while there is none. */
  private link: Link | null = null;

  /** Ends the wait for another link. */
  private stopGrace = (): void => {};

  /** Closes when the peer has said hello. */
  readonly ready: Channel<never> = open(undefined, { name: "hello" });

  /** Closes with the reason when the session has ended. */
  readonly ended: LocalChannel<never> = open(undefined, { name: "end of a session" });

  readonly remoteRoot: WritePort<Request>;

  constructor(
    private readonly name: string,
    readonly peer: string,
    root: Port,
    readonly limits: Limits,
    private readonly comeback: Comeback | null,
    private readonly onUndelivered: (value: unknown) => void,
  ) {
    this.session = new Session(limits, comeback !== null && limits.grace > 0, now());
    this.tables = new Tables(this, peer, limits);
    this.dispatcher = new Dispatcher(this.tables, limits.depth, peer);
    this.packer = new Packer(this.tables, limits);
    this.tables.exportRoot(root);
    this.remoteRoot = this.tables.resolveRoot();
  }

  held(): { exports: number; imports: number } {
    return this.tables.held();
  }

  get window(): number {
    return this.session.window;
  }

  isOver(): boolean {
    return this.over;
  }

  /** The last batch that was received. */
  received(): number {
    return this.session.received;
  }

  // ---- links

  /** Begins to talk; answers who is to be told of what the link tells. */
  start(link: Link, credentials?: string): LinkListener {
    this.link = link;
    this.send(this.session.hello(this.name, credentials));
    this.watchClock();
    return this.listenerOf(link);
  }

  /** Goes on with another link, on which the peer has agreed to. */
  goOn(link: Link, confirmed: number): LinkListener {
    this.session.resumed(confirmed, now());
    this.stopGrace();
    this.link = link;
    this.session.unconfirmed(now()).forEach((packet) => this.send(packet));
    this.scheduleFlush();
    return this.listenerOf(link);
  }

  private listenerOf(link: Link): LinkListener {
    return {
      frame: (text) => this.link === link && this.hear(text),
      ended: (why) => this.broke(link, `broke: ${why}`),
    };
  }

  private broke(link: Link, how: string): void {
    if (this.link !== link) {
      return;
    }
    this.link = null;
    link.close();
    if (this.over) {
      this.fallSilent();
      return;
    }
    const why = `the link to ${this.peer} ${how}`;
    const { name } = this.session;
    if (!this.session.isResumable() || name === null || this.comeback?.begin(this, name) !== true) {
      this.end(why);
      return;
    }
    const { grace } = this.limits;
    this.stopGrace = this.later(grace, () => this.end(`${why}, and no other came within ${grace} ms`));
  }

  /** Runs a task after so many milliseconds, unless the session has ended; answers what cancels it. */
  later(millis: number, task: () => void): () => void {
    const stop = after(millis, () => {
      this.timers.delete(stop);
      task();
    });
    this.timers.add(stop);
    return () => {
      this.timers.delete(stop);
      stop();
    };
  }

  private watchClock(): void {
    const pause = Math.min(this.limits.beat, this.limits.silence - this.limits.beat) / 2;
    const moment = now() + pause;
    this.later(pause, () => {
      // what came while this page stood still is not heard yet, so silence counts until it should have looked
      this.doDue(this.session.due(now(), moment));
      if (!this.over) {
        this.watchClock();
      }
    });
  }

  private doDue(due: Due): void {
    const { link } = this;
    if (link === null || this.over) {
      return;
    }
    if (due === "silence") {
      this.broke(link, `is dead: the peer was silent for ${Math.round(this.session.patience())} ms`);
    } else if (due === "beat") {
      this.send(this.session.beat(now()));
    }
  }

  // ---- out

  say(message: Message, lost?: () => void, body = 0): void {
    if (this.over) {
      lost?.();
      return;
    }
    this.outbox.add(lost === undefined ? { message } : { message, lost }, body);
    this.scheduleFlush();
  }

  private scheduleFlush(): void {
    if (!this.flushing && this.link !== null) {
      this.flushing = true;
      queueMicrotask(() => {
        this.flushing = false;
        this.flush();
      });
    }
  }

  private flush(): void {
    while (this.link !== null && !this.over && this.outbox.size > 0 && this.session.hasRoom()) {
      if (this.link.backlog() > this.limits.unacked) {
        this.flushing = true;
        this.later(BACKLOG_PAUSE, () => {
          this.flushing = false;
          this.flush();
        });
        return;
      }
      this.sayBatch();
    }
  }

  /** Says what is in the outbox, as much as goes into one frame. */
  private sayBatch(): void {
    const sayings = this.outbox.take(MOST_IN_A_BATCH, this.limits.frame / SHARE_OF_A_BATCH);
    let text = "";
    try {
      text = writePacket(this.session.batch(sayings));
    } catch (e) {
      this.session.keep(sayings, 0, now()); // lost in their order
      this.failed(e);
      return;
    }
    this.session.keep(sayings, text.length, now());
    this.sendText(text);
  }

  private send(packet: Packet): void {
    this.sendText(writePacket(packet));
  }

  private sendText(text: string): void {
    const { link } = this;
    try {
      link?.send(text);
    } catch (e) {
      this.broke(link as Link, `broke: ${messageOf(e)}`);
    }
  }

  pack(value: unknown): Parcel {
    return this.packer.pack(value);
  }

  packRequest(request: Request): Parcel {
    return this.packer.packRequest(request);
  }

  check(value: unknown): void {
    this.packer.check(value);
  }

  get longestSentence(): number {
    return Math.min(LONGEST_SENTENCE, longestIn(this.limits.frame));
  }

  forget(forgotten: Import): void {
    this.tables.forget(forgotten);
  }

  undelivered(value: unknown): void {
    try {
      this.onUndelivered(value);
    } catch (e) {
      reportUncaught("the hook for values that were not delivered", e);
    }
  }

  // ---- in

  private hear(text: string): void {
    try {
      const packet = readPacket(text, this.limits.frame);
      const { window } = this;
      this.session.heard(packet, text.length, now(), (message) => this.over || this.dispatcher.act(message));
      if (packet.type === "hello") {
        this.tables.widen(this.window - window);
        this.ready.close();
      } else if (packet.type === "bye") {
        this.heardBye(packet.code, packet.sentence);
      }
      this.requireBacklog();
      this.doDue(this.session.dueSinceHeard(now()));
      this.scheduleFlush();
    } catch (e) {
      if (e instanceof FrameLostException && this.link !== null) {
        this.broke(this.link, `lost something: ${e.message}`);
      } else if (e instanceof ProtocolException || e instanceof CodecException) {
        const sentence = shortened(e.message);
        this.leave(VIOLATION, sentence, `peer ${this.peer} broke the protocol: ${sentence}`);
      } else if (!(e instanceof PeerLostException)) {
        this.failed(e); // what came after it in its batch was not done
      }
    }
  }

  /** Ends the session because this side cannot go on: what it has begun is half done. */
  private failed(why: unknown): void {
    reportUncaught(`the session with ${this.peer}`, why);
    this.leave(INTERNAL, "this side failed", `the session with ${this.peer} failed here: ${messageOf(why)}`);
  }

  /** A peer that asks for ever more, and reads nothing of it, is not waited for. */
  private requireBacklog(): void {
    const { backlog } = this.limits;
    if (this.outbox.size > backlog) {
      const sentence = `more than ${backlog} messages wait to be read by you`;
      this.leave(OVERLOADED, sentence, `peer ${this.peer} was refused: ${sentence}`);
    }
  }

  private heardBye(code: string, sentence: string): void {
    if (this.over) {
      this.fallSilent();
      return;
    }
    const how = code === LEAVING ? "has left" : "ended the session";
    this.leave(LEAVING, "so be it", `peer ${this.peer} ${how}: ${shortened(sentence)}`);
    this.fallSilent();
  }

  // ---- the end

  /** Leaves in order: says the rest, why, and ends the session. */
  leave(
    code = LEAVING,
    sentence = `closed by ${this.name}`,
    why = `the session with ${this.peer} was closed here`,
  ): void {
    if (this.over) {
      return;
    }
    if (code === LEAVING) {
      this.session.end();
      while (this.link !== null && !this.over && this.outbox.size > 0) {
        this.sayBatch();
      }
    }
    this.send(this.session.bye(code, sentence));
    const { link } = this;
    this.end(why);
    if (link !== null && code === LEAVING) {
      this.stopWaiting = after(PATIENCE, () => this.fallSilent());
    } else {
      this.fallSilent();
    }
  }

  /** Ends the session, for the reason that is given first. */
  end(why: string): void {
    if (this.over) {
      return;
    }
    this.over = true;
    this.session.end();
    this.timers.forEach((cancel) => cancel());
    this.timers.clear();
    const lost = new PeerLostException(this.peer, why);
    this.tables.lose(lost);
    this.ready.close(lost);
    this.ended.close(lost);
    if (this.link === null) {
      this.fallSilent();
    }
  }

  /** Nothing will be said any more, nor confirmed. */
  private fallSilent(): void {
    this.stopWaiting();
    this.link?.close();
    this.link = null;
    [...this.session.forgetAll(), ...this.outbox.takeAll()].forEach(({ lost }) => lost?.());
  }
}
