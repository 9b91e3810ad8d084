import type { Comeback, Engine } from "./engine.js";
import { Relayed, type Link, type LinkListener, type Transport } from "./link.js";
import { readPacket, writePacket, type Packet } from "./packet.js";

const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 1_000;

/**
 * Makes another link to where the first one led: at once, then ever more slowly, for as long as the session waits for
 * it.
 */
export class Redial implements Comeback {
  constructor(
    private readonly transport: Transport,
    private readonly uri: string,
  ) {}

  begin(engine: Engine, session: string): boolean {
    void this.dial(engine, session, FIRST_PAUSE);
    return true;
  }

  private async dial(engine: Engine, session: string, pause: number): Promise<void> {
    if (!(await this.isResumed(engine, session)) && !engine.isOver()) {
      engine.later(pause, () => void this.dial(engine, session, Math.min(pause * 2, LONGEST_PAUSE)));
    }
  }

  /** Makes one try; answers whether no other is needed. */
  private async isResumed(engine: Engine, session: string): Promise<boolean> {
    const listener = new Relayed();
    let link: Link;
    try {
      link = await this.transport.connect(this.uri, listener);
    } catch {
      return false;
    }
    if (engine.isOver()) {
      link.close();
      return false;
    }
    link.send(writePacket({ type: "resume", session, received: engine.received() }));
    const answer = await firstAnswer(engine, listener);
    if (answer?.type === "resumed" && !engine.isOver()) {
      try {
        listener.relayTo(engine.goOn(link, answer.received));
      } catch (e) {
        link.close();
        engine.end(`the peer broke the protocol: ${(e as Error).message}`);
      }
      return true;
    }
    link.close();
    if (answer?.type === "bye") {
      engine.end(`the peer did not resume the session: ${answer.sentence}`);
    } else if (answer !== null) {
      engine.end(`the peer broke the protocol: a resume is not answered by ${answer.type}`);
    }
    return answer !== null;
  }
}

/**
 * What the other side says, after its hello; null if it says nothing that can be read, or nothing in time, or nobody
 * waits for it any more.
 */
function firstAnswer(engine: Engine, link: Relayed): Promise<Packet | null> {
  return new Promise((resolve) => {
    const settle = (answer: Packet | null): void => {
      link.hold(); // what follows is for the session
      cancelTimer();
      unwatch();
      resolve(answer);
    };
    const cancelTimer = engine.later(engine.limits.hello, () => settle(null));
    const unwatch = engine.ended.onClose(() => settle(null));
    const listener: LinkListener = {
      frame(text) {
        try {
          const packet = readPacket(text, engine.limits.frame);
          if (packet.type !== "hello" && packet.type !== "beat") {
            settle(packet); // those two are of the session that every link begins with
          }
        } catch {
          settle(null);
        }
      },
      ended: () => settle(null),
    };
    link.relayTo(listener);
  });
}
