import { Peer, Root, type Channel, type Link, type LinkListener, type PeerOptions } from "circulate";
import { readPacket, type Message } from "../../../main/ts/runtime/packet.js";
import { turn } from "../laws/until.js";

/** A peer that says what it is told to, and keeps what it is told. */
export class ScriptedPeer {
  readonly heard: string[] = [];
  readonly victim: Peer;
  private listener!: LinkListener;

  constructor(options?: PeerOptions) {
    this.victim = Peer.over((listener) => {
      this.listener = listener;
      return this.link();
    }, options);
  }

  private link(): Link {
    return { peer: "a scripted peer", send: (frame) => this.heard.push(frame), backlog: () => 0, close: () => {} };
  }

  async say(...frames: string[]): Promise<void> {
    for (const frame of frames) {
      this.listener.frame(frame);
      await turn();
    }
  }

  /** Its link breaks for good. */
  async cut(): Promise<void> {
    this.listener.ended("cut");
    await turn();
  }

  /** What it was told of in messages of one type. */
  told<T extends Message["type"]>(type: T): (Message & { type: T })[] {
    return this.heard
      .map((text) => readPacket(text, 1 << 20))
      .flatMap((packet) => (packet.type === "batch" ? packet.messages : []))
      .filter((one) => one.type === type) as (Message & { type: T })[];
  }
}

/** A page that the peer has given a channel, named `theirs`, with some rights; the peer's next batch is the second. */
export async function holding(
  rights: string,
  options: PeerOptions = {},
): Promise<{ peer: ScriptedPeer; proxy: Channel<unknown> }> {
  const given: Channel<unknown>[] = [];
  const root = Root.named("page").handler("keep", (request) => {
    given.push(request.argument("channel") as Channel<unknown>);
  });
  const peer = new ScriptedPeer({ root, ...options });
  const channel = `["~#chan-guid",["theirs","${rights}",false]]`;
  const body = `,"~:body",["^ ","~:_cmd","keep","~:channel",${channel}],"~:request",true`;
  await peer.say(HELLO, batch(1, message("forward", "root", body)));
  return { peer, proxy: given[0] as Channel<unknown> };
}

/** A page whose peer has been given a channel, and knows it by a name. */
export async function giving(channel: unknown, options?: PeerOptions): Promise<{ peer: ScriptedPeer; guid: string }> {
  const peer = new ScriptedPeer(options);
  await peer.say(HELLO);
  return { peer, guid: await given(peer, channel) };
}

/** Gives it a channel once more; answers by what name. */
export async function given(peer: ScriptedPeer, channel: unknown): Promise<string> {
  void peer.victim.root.put({ channel } as never);
  await turn();
  const told = peer.heard.findLast((frame) => frame.includes("~#chan-guid"));
  return /"~#chan-guid",\["([0-9a-f]{32})"/.exec(told ?? "")?.[1] as string;
}

/** For a page that can say less to its peer than another may say to the page. */
export const SHORT_FRAMES: PeerOptions = { limits: { frame: 1_024 } };

/** What it says first, and how many values may be on their way to it. */
export function helloWith(window: number): string {
  return HELLO.replace(/]$/, `,"~:window",${window}]`);
}

/** What it says first. It tells no window, and does not resume. */
export const HELLO = '["^ ","~:type","~:hello","~:version",1,"~:name","scripted"]';

/** The frame of a batch. */
export function batch(number: number, ...messages: string[]): string {
  return `["^ ","~:type","~:batch","~:number",${number},"~:messages",[${messages.join()}]]`;
}

/** One message in it. */
export function message(type: string, target: string, more = ""): string {
  return `["^ ","~:type","~:${type}","~:target","${target}"${more}]`;
}
