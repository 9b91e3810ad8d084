import { messageOf, PeerLostException } from "../errors.js";
import type { Request } from "../service/request.js";
import { CodecException } from "./exceptions.js";
import type { Limits } from "./limits.js";
import { measured } from "./measure.js";
import { Outgoing } from "./outgoing.js";
import { ALL, Reference } from "./reference.js";
import type { Tables } from "./tables.js";
import { settle, type Named, type Parcel } from "./voice.js";

/** Makes the bodies that cross for values, and holds them against the limits. */
export class Packer {
  private readonly checking: Outgoing;

  constructor(
    private readonly tables: Tables,
    private readonly limits: Limits,
  ) {
    this.checking = new Outgoing(limits.depth, () => new Reference("", ALL, false));
  }

  pack(value: unknown): Parcel {
    return this.packed((named) => new Outgoing(this.limits.depth, (port) => this.tables.give(port, named)).body(value));
  }

  packRequest(request: Request): Parcel {
    const reply: unknown = request.replyTo();
    return this.packed((named) =>
      new Outgoing(this.limits.depth, (port) =>
        port === reply ? this.tables.giveReply(port, named) : this.tables.give(port, named),
      ).message(request.message()),
    );
  }

  /** All or nothing: what was named before something could not be sent is taken back. */
  private packed(bodyNaming: (named: Named[]) => unknown): Parcel {
    const channels: Named[] = [];
    try {
      const body = bodyNaming(channels);
      return { body, length: measured(body, this.limits), channels };
    } catch (e) {
      settle({ channels }, false);
      throw told(e);
    }
  }

  check(value: unknown): void {
    try {
      measured(this.checking.body(value), this.limits);
    } catch (e) {
      throw told(e);
    }
  }
}

/** A value may run code while it is read: what that throws is why it cannot be sent. */
function told(thrown: unknown): unknown {
  return thrown instanceof CodecException || thrown instanceof PeerLostException
    ? thrown
    : new CodecException(`cannot read what is to be sent: ${messageOf(thrown)}`, { cause: thrown });
}
