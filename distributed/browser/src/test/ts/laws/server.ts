import { ask, chan, connect, type Buffer, type Channel, type Peer } from "circulate";
import { serverCallLaws } from "./server-calls.js";
import { serverLinkLaws } from "./server-links.js";
import { serverTravelLaws } from "./server-travel.js";
import { serverValueLaws } from "./server-values.js";
import type { Site } from "./site.js";
import { suite } from "./suite.js";
import type { Ends, Wiring } from "./wiring.js";

/** Narrow, since many laws begin with a full one; the usual one is that of the links in memory. */
const WINDOW = 32;

let keys = 0;

async function connectTo({ uri, options }: Site): Promise<Peer> {
  return connect(uri, { ...options, limits: { window: WINDOW } });
}

async function exchange(peer: Peer | null): Promise<void> {
  if (peer !== null) {
    await ask(peer.root, "list");
  }
}

/** A channel of the server's, of which both parties hold the same proxy. */
class TheirWiring implements Wiring {
  readonly name = "a channel of a Java server";
  readonly slack = WINDOW;
  readonly knowsUndelivered = false;
  private peer: Promise<Peer> | null = null;

  constructor(private readonly site: Site) {}

  async connect<T>(buffer: Buffer): Promise<Ends<T>> {
    this.peer ??= connectTo(this.site);
    const { root } = await this.peer;
    const channel = await ask<Channel<T>>(root, "open", { ...buffer });
    return { putting: channel, taking: channel, undelivered: [] };
  }

  async exchange(): Promise<void> {
    await exchange(await this.peer);
  }

  async close(): Promise<void> {
    (await this.peer)?.close();
  }
}

/** A channel of one page's, and another page's proxy for it, with the server between them. */
class OursWiring implements Wiring {
  readonly slack = 2 * WINDOW;
  readonly knowsUndelivered = true;
  private peers: Promise<[Peer, Peer]> | null = null;

  constructor(
    private readonly site: Site,
    private readonly far: "putting" | "taking",
  ) {}

  get name(): string {
    return `another page's proxy for ${this.far}, through a Java server`;
  }

  async connect<T>(buffer: Buffer): Promise<Ends<T>> {
    this.peers ??= Promise.all([connectTo(this.site), connectTo(this.site)]);
    const [one, other] = await this.peers;
    const undelivered: T[] = [];
    const channel = chan<T>(buffer, { onUndelivered: (value) => undelivered.push(value) });
    const key = `${this.far} ${keys++}`;
    await ask(one.root, "leave", { key, channel });
    const proxy = await ask<Channel<T>>(other.root, "fetch", { key });
    return this.far === "putting"
      ? { putting: proxy, taking: channel, undelivered }
      : { putting: channel, taking: proxy, undelivered };
  }

  async exchange(): Promise<void> {
    for (const peer of (await this.peers) ?? []) {
      await exchange(peer);
    }
  }

  async close(): Promise<void> {
    (await this.peers)?.forEach((peer) => peer.close());
  }
}

/** DI-1 over a real server, and what only two address spaces can show. */
export function serverLaws(site: Site): void {
  suite(new TheirWiring(site));
  suite(new OursWiring(site, "putting"));
  suite(new OursWiring(site, "taking"));
  serverCallLaws(site);
  serverValueLaws(site);
  serverTravelLaws(site);
  serverLinkLaws(site);
}
