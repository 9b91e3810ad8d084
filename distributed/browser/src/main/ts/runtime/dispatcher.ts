import { COMMAND, Deadline, Request, type Origin } from "../service/request.js";
import { ProtocolException } from "./exceptions.js";
import type { Import } from "./import.js";
import { Incoming } from "./incoming.js";
import type { Message } from "./packet.js";
import type { Tables } from "./tables.js";

/** Does what the peer's messages say, to the channels that they name. Nothing that it does waits. */
export class Dispatcher {
  private readonly incoming: Incoming;
  private readonly origin: Origin;

  constructor(
    private readonly tables: Tables,
    depth: number,
    peer: string,
  ) {
    this.incoming = new Incoming(depth, (reference) => tables.resolve(reference));
    this.origin = { local: false, peer };
  }

  /**
   * Does what one message says.
   *
   * @throws ProtocolException if it must not come
   * @throws CodecException if a body in it cannot be read
   */
  act(message: Message): void {
    const { target } = message;
    const { tables } = this;
    switch (message.type) {
      case "forward":
        return this.forward(message);
      case "take":
        return tables.export(target).take(message.count);
      case "untake":
        return tables.export(target).untake(message.count);
      case "home":
        return tables.export(target).home(this.incoming.convert(message.body));
      case "close":
        return tables.export(target).close(message.cause);
      case "cancel":
        return tables.export(target).cancel(message.cause);
      case "release":
        return tables.release(target, message.count);
      case "value":
        return this.asking(target).value(this.incoming.convert(message.body));
      case "untaken":
        return this.asking(target).untaken(message.count);
      case "credit":
        return tables.imported(target)?.sender.credited(message.count);
      case "closed":
        return tables.imported(target)?.closedThere(message.cause, message.drained === true);
    }
  }

  private forward({ target, body, request, deadline = -1, released }: Message & { type: "forward" }): void {
    const own = this.tables.export(target);
    const value = this.incoming.convert(body);
    if (released) {
      // first, or whoever passes the answer on closes the channel and the peer is told of that
      this.tables.release(target, released);
    }
    if (isMap(value) && (request === true || COMMAND in value)) {
      const until = deadline < 0 ? Deadline.NONE : Deadline.after(deadline);
      own.forward(Request.received(value as object, this.origin, until));
    } else {
      own.forward(value);
    }
  }

  /** A channel that is held here and waits for an answer, which keeps it from being forgotten. */
  private asking(target: string): Import {
    const held = this.tables.imported(target);
    if (held === undefined) {
      throw new ProtocolException(`nothing was asked of '${target}'`);
    }
    return held;
  }
}

function isMap(value: unknown): value is object {
  return (
    value instanceof Map ||
    (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
  );
}
