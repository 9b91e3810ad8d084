import { Request, chan, type Channel, type Deadline, type WritePort } from "circulate";
import { TwoSpaces } from "./memory.js";

/** Where those who ask a service are. */
export interface Place {
  readonly name: string;

  /** Whether a request is that of another peer. */
  readonly far: boolean;

  /** The channel by which a service is asked from there. */
  reach(port: WritePort<Request>): Promise<WritePort<Request>>;

  close(): Promise<void>;
}

/** With it, in the same page. */
class Near implements Place {
  readonly name = "near";
  readonly far = false;

  async reach(port: WritePort<Request>): Promise<WritePort<Request>> {
    return port;
  }

  async close(): Promise<void> {}
}

/** Behind a link. */
class Far implements Place {
  readonly name = "far";
  readonly far = true;
  private readonly spaces = new TwoSpaces();

  reach(port: WritePort<Request>): Promise<WritePort<Request>> {
    return this.spaces.send(port);
  }

  close(): Promise<void> {
    return this.spaces.close();
  }
}

/** Runs the same laws near and far. */
export function inEachPlace(what: string, laws: (place: Place) => void): void {
  for (const place of [new Near(), new Far()]) {
    describe(`${what}, ${place.name}`, () => {
      after(() => place.close());
      laws(place);
    });
  }
}

/** What a request that is made by hand is answered with. */
export interface Reply {
  readonly answer?: any;
  readonly error?: any;
}

/** Puts a request by hand, as whoever knows nothing of calls does; answers the channel for its answer. */
export async function byHand(
  service: WritePort<Request>,
  message: Record<string, unknown>,
  { deadline, reply = chan<Reply>(1) }: { deadline?: Deadline; reply?: Channel<Reply> } = {},
): Promise<Channel<Reply>> {
  await service.put(Request.of({ ...message, _return: reply }, deadline));
  return reply;
}
