import type { Link, LinkListener, Transport } from "circulate";
import { HELLO } from "./scripted.js";

/** What a server says first whose session can be resumed. */
export const RESUMABLE = HELLO.replace(/]$/, ',"~:session","a secret"]');

/** What it says when it goes on with a session, having heard so many batches. */
export function resumed(received: number): string {
  return `["^ ","~:type","~:resumed","~:received",${received}]`;
}

/** What it says last. */
export function bye(code: string): string {
  return `["^ ","~:type","~:bye","~:code","${code}","~:sentence","so it is"]`;
}

/** A link that keeps what it is given, and whose other end the test is. */
export class HeldLink implements Link {
  readonly peer = "a scripted server";
  readonly heard: string[] = [];
  isClosed = false;

  constructor(
    readonly listener: LinkListener,
    private readonly isFailing = false,
  ) {}

  send(frame: string): void {
    if (this.isFailing) {
      throw new Error("out of paper");
    }
    this.heard.push(frame);
  }

  backlog(): number {
    return 0;
  }

  close(): void {
    this.isClosed = true;
  }
}

/** Makes links of which the first says hello and the others nothing. */
export class MuteAfterwards implements Transport {
  readonly links: HeldLink[] = [];
  failing = false;

  connect(_uri: string, listener: LinkListener): Promise<Link> {
    const link = new HeldLink(listener, this.failing);
    this.links.push(link);
    if (this.links.length === 1) {
      setTimeout(() => listener.frame(RESUMABLE));
    }
    return Promise.resolve(link);
  }
}
