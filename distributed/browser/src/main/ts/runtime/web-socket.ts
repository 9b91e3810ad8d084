import { after } from "../internal/time.js";
import { DEFAULT_LIMITS } from "./limits.js";
import type { Link, LinkListener, Transport } from "./link.js";

/** As much of a `WebSocket` as is used: a browser's, Node's, or that of the package `ws`. */
export interface WebSocketLike {
  readonly bufferedAmount: number;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  send(text: string): void;
  close(): void;
}

/** What makes one. */
export type WebSocketClass = new (uri: string) => WebSocketLike;

/** Links over WebSocket. */
export class WebSocketTransport implements Transport {
  /** @param patience how many milliseconds to wait until a link is there: 10,000 unless told otherwise */
  constructor(
    private readonly socketClass: WebSocketClass | undefined = (globalThis as { WebSocket?: WebSocketClass }).WebSocket,
    private readonly patience = DEFAULT_LIMITS.hello,
  ) {}

  connect(uri: string, listener: LinkListener): Promise<Link> {
    return new Promise((resolve, reject) => {
      if (this.socketClass === undefined) {
        throw new TypeError("there is no WebSocket here: give one, such as that of the package 'ws'");
      }
      requireAddress(uri);
      const socket = new this.socketClass(uri);
      let ended = false;
      const end = (why: string): void => {
        if (!ended) {
          ended = true;
          cancelTimer();
          reject(new Error(`cannot connect to ${uri}: ${why}`));
          listener.ended(why);
        }
      };
      const cancelTimer = after(this.patience, () => {
        end(`no answer within ${this.patience} ms`);
        socket.close();
      });
      socket.onopen = () => {
        cancelTimer();
        resolve(new WebSocketLink(socket, uri, end));
      };
      socket.onmessage = ({ data }: { data: unknown }) => {
        if (!ended) {
          listener.frame(data as string); // or what is none, which is a violation
        }
      };
      socket.onerror = ({ message }: { message?: string }) => end(message || "it broke, or was refused");
      socket.onclose = ({ code, reason }: { code?: number; reason?: string }) =>
        end(`it was closed with status ${code}${reason ? ` (${reason})` : ""}`);
    });
  }
}

/** Browsers and packages differ in what they take, and in what they say of the rest. */
function requireAddress(uri: string): void {
  const wrong = faultOf(uri);
  if (wrong !== null) {
    throw new TypeError(
      `cannot connect to ${uri}: ${wrong}; expected an address as ws://host:port/path, or wss://host:port/path for TLS`,
    );
  }
}

function faultOf(uri: string): string | null {
  if (!/^[a-z][a-z\d+.-]*:/i.test(uri)) {
    return "it has no scheme";
  }
  let url: URL;
  try {
    url = new URL(uri);
  } catch {
    return "it cannot be read";
  }
  const { protocol, hash } = url;
  if (protocol !== "ws:" && protocol !== "wss:") {
    return `its scheme is '${protocol.slice(0, -1)}'`;
  }
  return hash === "" ? null : `it has a fragment, '${hash}'`;
}

class WebSocketLink implements Link {
  constructor(
    private readonly socket: WebSocketLike,
    readonly peer: string,
    private readonly end: (why: string) => void,
  ) {}

  send(frame: string): void {
    try {
      this.socket.send(frame);
    } catch {
      this.end("it is closed");
    }
  }

  backlog(): number {
    return this.socket.bufferedAmount;
  }

  close(): void {
    this.socket.close();
  }
}
