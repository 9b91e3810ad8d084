import { assert } from "chai";
import { ask, chan, DEFAULT_LIMITS, fixed, Peer, Root, type Buffer, type Channel, type WritePort } from "circulate";
import { memoryLink } from "./memory-link.js";
import { suite } from "./suite.js";
import type { Ends, Wiring } from "./wiring.js";

/** Two peers in one address space that know nothing of each other but what crosses between them. */
export class TwoSpaces {
  private readonly rootOfB = Root.named("b-root");
  private readonly arrived = chan<Channel<any>>(fixed(16));

  /** In address space a: what is known of b. */
  readonly b: Peer;

  /** In address space b: what is known of a. */
  readonly a: Peer;

  constructor() {
    this.rootOfB.handler("receive", async (request) => {
      await this.arrived.put(request.argument("channel") as Channel<any>);
      return true;
    });
    const ends = memoryLink();
    this.b = Peer.over(ends.near);
    this.a = Peer.over(ends.far, { root: this.rootOfB });
  }

  /** Sends a channel of a's to b, and answers the proxy for it there. */
  async send<C extends WritePort<any>>(channel: C): Promise<C> {
    await ask(this.b.root, "receive", { channel });
    return (await this.arrived.take()) as unknown as C;
  }

  /** Ends both. */
  async close(): Promise<void> {
    this.b.close();
    await this.a.ended.poll(1_000).catch(() => null);
  }
}

/** One party has a channel, and the other, behind a link, a proxy. */
class MemoryWiring implements Wiring {
  readonly slack = DEFAULT_LIMITS.window;
  readonly knowsUndelivered = true;
  private readonly spaces = new TwoSpaces();

  constructor(private readonly far: "putting" | "taking") {}

  get name(): string {
    return `a proxy for ${this.far} over a link in memory`;
  }

  async connect<T>(buffer: Buffer): Promise<Ends<T>> {
    const undelivered: T[] = [];
    const channel = chan<T>(buffer, { onUndelivered: (value) => undelivered.push(value) });
    const proxy = await this.spaces.send(channel);
    return this.far === "putting"
      ? { putting: proxy, taking: channel, undelivered }
      : { putting: channel, taking: proxy, undelivered };
  }

  async exchange(): Promise<void> {
    await ask(this.spaces.b.root, "list");
  }

  async close(): Promise<void> {
    await this.spaces.close();
  }
}

/** DI-1: the contract, kept by proxies from either side. */
export function memoryLaws(): void {
  suite(new MemoryWiring("putting"));
  suite(new MemoryWiring("taking"));
}

/** What the links of these laws promise themselves, wherever the laws run. */
export function memoryLinkLaws(): void {
  describe("a link in memory", () => {
    it("DI-3 tells frames as they were sent, though their tasks are not of one kind", async () => {
      const told = chan<string>(fixed(2));
      const ends = memoryLink();
      const link = ends.near({ frame: () => {}, ended: () => {} });
      ends.far({ frame: (frame) => void told.offer(frame), ended: () => {} });
      await new Promise<void>((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          link.send("second");
          port1.close();
          resolve();
        };
        const late = (timers: number): void => {
          if (timers > 0) {
            setTimeout(() => late(timers - 1));
          } else {
            link.send("first");
            port2.postMessage("now");
          }
        };
        late(8);
      });
      assert.deepEqual([await told.take(), await told.take()], ["first", "second"]);
      link.close();
    });
  });
}
