import type { WritePort } from "../channel.js";
import type { PeerLostException } from "../errors.js";
import { PUT_SIDE, TAKE_SIDE, WHOLE, type Port } from "../internal/faces.js";
import type { Request } from "../service/request.js";
import { CodecException, ProtocolException } from "./exceptions.js";
import { Export, mostUnderWay, type Beneath } from "./export.js";
import { Import } from "./import.js";
import { Inflow } from "./inflow.js";
import type { Limits } from "./limits.js";
import { ProxyChannel } from "./proxy-channel.js";
import { ALL, PUT, Reference, TAKE } from "./reference.js";
import type { Named, Voice } from "./voice.js";

/** The name of each side's root, known without being given. */
const ROOT = "root";

/** How many channels each side holds of the other's. */
export interface Held {
  /** Channels of ours that the peer holds. */
  readonly exports: number;

  /** Channels of the peer's that are held here. */
  readonly imports: number;
}

/**
 * Which channel has which name in one session: those of ours that the peer holds, and those of the peer's that are
 * held here. Names are 128 random bits and mean nothing in any other session. A channel given with the same rights
 * twice has one name; the count of how often it was given is what a release is compared with.
 */
export class Tables {
  private readonly exports = new Map<string, Export>();
  private readonly imports = new Map<string, Import>();

  /** The names of channels that can be given again, by their rights. */
  private readonly named = new Map<object, Map<string, Export>>();

  /** What of the peer's waits in channels, by their rights. */
  private readonly inflows = new WeakMap<object, Map<string, Inflow>>();

  /** Why there is no peer any more; null while there is. */
  private gone: PeerLostException | null = null;

  constructor(
    private readonly peer: Voice,
    private readonly peerName: string,
    private readonly limits: Limits,
  ) {}

  // ---- ours

  /** Names our root, which has that name as long as the session lasts. */
  exportRoot(root: Port): void {
    const own = new Export(this.peer, new Reference(ROOT, PUT, false), beneath(root));
    own.given = 1;
    this.exports.set(ROOT, own);
  }

  /** The name of a port that is sent: made now, or the one that it has; `into` is where the channel is noted. */
  give(port: Port, into: Named[]): Reference {
    const of = beneath(port);
    const home = this.home(of, into);
    if (home !== null) {
      return home;
    }
    const inflow = this.inflowOf(of);
    inflow.requireGivable(mostUnderWay(this.peer), port);
    let names = this.named.get(of.whole);
    let own = names?.get(of.rights);
    if (own === undefined) {
      own = this.admit(new Export(this.peer, new Reference(newGuid(), of.rights, false), of, inflow));
      if (names === undefined) {
        names = new Map();
        this.named.set(of.whole, names);
      }
      names.set(of.rights, own);
    }
    return this.given(own, into);
  }

  private inflowOf({ whole, rights }: Beneath): Inflow {
    const known = this.inflows.get(whole) ?? new Map<string, Inflow>();
    const inflow = known.get(rights) ?? new Inflow();
    this.inflows.set(whole, known.set(rights, inflow));
    return inflow;
  }

  /** A name for a reply channel, good for one put. */
  giveReply(port: Port, into: Named[]): Reference {
    const of = beneath(port);
    const home = this.home(of, into);
    if (home !== null) {
      return home;
    }
    const putOnly = { ...of, takes: undefined };
    return this.given(this.admit(new Export(this.peer, new Reference(newGuid(), PUT, true), putOnly)), into);
  }

  private given(own: Export, into: Named[]): Reference {
    own.given++;
    into.push({ sent: () => own.announce(), dropped: () => this.takeBack(own, 1) });
    return own.reference;
  }

  /** The peer's own name for a proxy that goes back to it, kept until it is sent; null for anything else. */
  private home({ whole, rights }: Beneath, into: Named[]): Reference | null {
    const held = ProxyChannel.heldBy(whole);
    if (held === null || this.imports.get(held.reference.guid) !== held || !held.pin()) {
      return null;
    }
    into.push(held);
    const { guid, rights: given } = held.reference;
    return new Reference(guid, given === ALL ? rights : given, false);
  }

  private admit(own: Export): Export {
    if (this.gone !== null) {
      throw this.gone;
    }
    if (this.exports.size >= this.limits.exports) {
      throw new CodecException(`the peer holds ${this.exports.size} channels already, the limit of this side`);
    }
    this.exports.set(own.reference.guid, own);
    return own;
  }

  /** Our channel of that name; a name that was never given is a violation. */
  export(guid: string): Export {
    const own = this.exports.get(guid);
    if (own === undefined) {
      throw new ProtocolException(`no channel was ever given the name '${guid}'`);
    }
    return own;
  }

  /** The peer has forgotten a channel that it was given so often. */
  release(guid: string, count: number): void {
    const own = this.export(guid);
    if (count > own.given || guid === ROOT) {
      throw new ProtocolException(`a release of ${count} where ${own.given} were given`);
    }
    own.released();
    this.takeBack(own, count);
  }

  private takeBack(own: Export, count: number): void {
    own.given -= count;
    if (own.given > 0) {
      return;
    }
    const { reference, beneath: of } = own;
    const names = this.named.get(of.whole);
    if (names?.get(reference.rights) === own) {
      names.delete(reference.rights);
      if (names.size === 0) {
        this.named.delete(of.whole);
      }
    }
    this.exports.delete(reference.guid);
    own.end();
  }

  // ---- the peer's

  /** The port that a reference from the peer means here. */
  resolve(reference: Reference): Port {
    const own = this.exports.get(reference.guid);
    if (own !== undefined) {
      return own.port(reference.rights);
    }
    const known = this.imports.get(reference.guid);
    const held = known ?? this.keep(new Import(this.peer, reference, this.peerName));
    const proxy = held.receive();
    return proxy === null ? this.resolve(reference) : faceOf(proxy, held.reference.rights);
  }

  private keep(held: Import): Import {
    if (this.gone !== null) {
      throw this.gone;
    }
    if (this.imports.size >= this.limits.imports) {
      throw new ProtocolException(`more than ${this.limits.imports} channels held at once, the limit of this side`);
    }
    this.imports.set(held.reference.guid, held);
    return held;
  }

  /** The peer's root; the caller holds its face as long as the session lasts. */
  resolveRoot(): WritePort<Request> {
    const held = this.keep(new Import(this.peer, new Reference(ROOT, PUT, false), this.peerName));
    return (held.receive() as ProxyChannel).writePort() as WritePort<Request>;
  }

  /** The import of that name; undefined if it was forgotten, which the peer may not know yet. */
  imported(guid: string): Import | undefined {
    return this.imports.get(guid);
  }

  forget(forgotten: Import): void {
    const { guid } = forgotten.reference;
    if (this.imports.get(guid) === forgotten) {
      this.imports.delete(guid);
    }
  }

  /** The window is larger by so many values than it was, or smaller. */
  widen(by: number): void {
    this.imports.forEach((held) => held.sender.widen(by));
  }

  // ---- all

  /** Ends everything, since the peer is gone. */
  lose(lost: PeerLostException): void {
    this.gone = lost;
    const ours = [...this.exports.values()];
    const theirs = [...this.imports.values()];
    this.exports.clear();
    this.named.clear();
    this.imports.clear();
    theirs.forEach((held) => held.lose(lost));
    ours.forEach((own) => own.lose(lost));
  }

  /** How many channels each side holds of the other's, the roots not counted. */
  held(): Held {
    return {
      exports: this.exports.size - (this.exports.has(ROOT) ? 1 : 0),
      imports: this.imports.size - (this.imports.has(ROOT) ? 1 : 0),
    };
  }
}

function beneath(port: Port): Beneath {
  const { [PUT_SIDE]: puts, [TAKE_SIDE]: takes, [WHOLE]: whole } = port;
  // a proxy may be held with less than all
  const given = ProxyChannel.heldBy(whole)?.reference.rights ?? ALL;
  const rights = puts === undefined ? TAKE : takes === undefined ? PUT : given;
  return { port, whole, rights, puts, takes };
}

function faceOf(proxy: ProxyChannel, rights: string): Port {
  if (rights.includes("p") && rights.includes("t")) {
    return proxy;
  }
  return (rights.includes("p") ? proxy.writePort() : proxy.readPort()) as unknown as Port;
}

function newGuid(): string {
  const bits = crypto.getRandomValues(new Uint8Array(16));
  return [...bits].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
