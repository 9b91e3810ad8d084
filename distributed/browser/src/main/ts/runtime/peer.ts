import type { ReadPort, WritePort } from "../channel.js";
import { messageOf, PeerLostException } from "../errors.js";
import { isPort, type Port } from "../internal/faces.js";
import type { Request } from "../service/request.js";
import { Root } from "../service/root.js";
import { Engine, type Comeback } from "./engine.js";
import { limitsWith, type Limits } from "./limits.js";
import { Relayed, type Link, type LinkListener, type Transport } from "./link.js";
import { Redial } from "./redial.js";
import type { Held } from "./tables.js";
import { WebSocketTransport, type WebSocketClass } from "./web-socket.js";

/** What can be set for a peer. */
export interface PeerOptions {
  /** What the other side finds here: unless told otherwise a root without services. */
  readonly root?: Root | WritePort<Request>;

  /** What the other side may demand, where it differs from {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits>;

  /**
   * What proves to the other side who this one is, as in HTTP's header `Authorization`: `Bearer ` and a token. Over a
   * network it needs TLS.
   */
  readonly credentials?: string;

  /** Is handed every value that was put to a channel of the peer's and may not have arrived when the peer is lost. */
  readonly onUndelivered?: (value: unknown) => void;
}

/** What can be set for a connection. */
export interface ConnectOptions extends PeerOptions {
  /** What makes the WebSockets, where there is no global one: in Node 20 the class of the package `ws`. */
  readonly webSocket?: WebSocketClass;

  /** What makes the links instead of WebSockets. */
  readonly transport?: Transport;
}

/**
 * Connects to a server, and waits until it has said hello.
 *
 * @param uri where to, such as `wss://example.org/csp`
 * @throws Error if there is nobody, or nobody that speaks this protocol; the message names the URI and says why
 *
 * @example
 * const peer = await connect("wss://example.org/csp");
 * const ticks = chan<Tick>(sliding(1));
 * await ask(peer.root, "subscribe", { to: ticks });
 * for await (const tick of ticks) plot(tick);
 */
export async function connect(uri: string, options: ConnectOptions = {}): Promise<Peer> {
  const transport = options.transport ?? new WebSocketTransport(options.webSocket, limitsWith(options.limits).hello);
  const listener = new Relayed();
  const link = await transport.connect(uri, listener);
  const { peer, engine } = begin(link, listener, options, new Redial(transport, uri));
  try {
    await engine.ready.poll(engine.limits.hello);
  } catch {
    throw new Error(`cannot talk to ${uri}: ${messageOf(peer.lost())}`);
  }
  if (!engine.ready.isClosed()) {
    peer.close();
    throw new Error(`whoever is at ${uri} said nothing for ${engine.limits.hello} ms`);
  }
  return peer;
}

/** Begins a session; no link stays of one that cannot be as it was told to be. */
function begin(
  link: Link,
  listener: Relayed,
  { root = Root.named("page"), limits, credentials, onUndelivered = () => {} }: PeerOptions,
  comeback: Comeback | null,
): { peer: Peer; engine: Engine } {
  try {
    const port = root instanceof Root ? root.port : root;
    if (!isPort(port)) {
      throw new TypeError("a root is a Root, or a channel that takes requests");
    }
    const name = root instanceof Root ? root.name : String(port);
    const engine = new Engine(name, link.peer, port as Port, limitsWith(limits), comeback, onUndelivered);
    listener.relayTo(engine.start(link, credentials));
    return { peer: new Peer(engine), engine };
  } catch (e) {
    link.close();
    throw e;
  }
}

/**
 * Another address space that this one talks to: its root is at hand, and any channel in any message means the same
 * thing on both sides. {@link connect} makes one.
 *
 * **A broken link.** When the link breaks, or the peer is silent for too long, another is made, and the session goes
 * on where it was: nothing is lost, doubled or reordered, and puts and calls under way wait meanwhile. **The end.**
 * When no link comes within {@link Limits.grace}, the peer breaks the protocol, or either side closes, then at once
 * every proxy of this peer closes with a {@link PeerLostException}, waiting puts answer false, and calls under way fail
 * with *peer lost*. There is no way back from that: who wants to go on connects anew.
 */
export class Peer {
  readonly #engine: Engine;

  /** @internal */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * The peer at the other end of a link that the program made, such as a worker's message port. It has that link
   * only: when it breaks the session ends.
   *
   * @param link is given who is to be told of its frames, and answers the link
   */
  static over(link: (listener: LinkListener) => Link, options: PeerOptions = {}): Peer {
    const listener = new Relayed();
    return begin(link(listener), listener, options, null).peer;
  }

  /** The peer's root: takes requests. */
  get root(): WritePort<Request> {
    return this.#engine.remoteRoot;
  }

  /** A channel that closes, with a {@link PeerLostException}, when the session has ended. */
  get ended(): ReadPort<never> {
    return this.#engine.ended.readPort();
  }

  /** Why the session ended; null while it goes on. */
  lost(): PeerLostException | null {
    return this.#engine.ended.closeCause() as PeerLostException | null;
  }

  /** How many channels each side holds of the other's now. */
  held(): Held {
    return this.#engine.held();
  }

  /** Leaves in order: says so to the peer, and ends the session. Does not wait for the peer. */
  close(): void {
    this.#engine.leave();
  }

  toString(): string {
    return `peer ${this.#engine.peer}`;
  }
}
