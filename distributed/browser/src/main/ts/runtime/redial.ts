import { messageOf } from "../errors.js";
import type { Comeback, Engine } from "./engine.js";
import { ProtocolException } from "./exceptions.js";
import { Relayed, type Link, type LinkListener, type Transport } from "./link.js";
import { OVERLOADED, readPacket, VIOLATION, writePacket, type Packet } from "./packet.js";
import { shortened } from "./sentence.js";

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
    const resume = writePacket({ type: "resume", session, received: engine.received() });
    if (!isSent(link, resume)) {
      return false;
    }
    try {
      const answer = await firstAnswer(engine, listener);
      if (answer === null || engine.isOver() || (answer.type === "bye" && answer.code === OVERLOADED)) {
        link.close();
        return false;
      } else if (answer.type === "bye") {
        link.close();
        engine.end(`the peer did not resume the session: ${shortened(answer.sentence)}`);
      } else if (answer.type === "resumed") {
        listener.relayTo(engine.goOn(link, answer.received));
      } else {
        throw new ProtocolException(`a resume is not answered by ${answer.type}`);
      }
    } catch (e) {
      refuse(engine, link, shortened(messageOf(e)));
    }
    return true;
  }
}

/** Sends a frame; a link that fails at that is closed. */
function isSent(link: Link, frame: string): boolean {
  try {
    link.send(frame);
    return true;
  } catch {
    link.close();
    return false;
  }
}

/** The other side has broken the protocol on a link that the session does not have yet. */
function refuse(engine: Engine, link: Link, sentence: string): void {
  isSent(link, writePacket({ type: "bye", code: VIOLATION, sentence, received: engine.received() }));
  link.close();
  engine.end(`the peer broke the protocol: ${sentence}`);
}

/**
 * What the other side says, after its hello; null if it says nothing in time, or nobody waits for it any more.
 *
 * @throws CodecException if it cannot be read
 */
function firstAnswer(engine: Engine, link: Relayed): Promise<Packet | null> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      link.hold(); // what follows is for the session
      cancelTimer();
      unwatch();
    };
    const settle = (answer: Packet | null): void => {
      end();
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
        } catch (e) {
          end();
          reject(e);
        }
      },
      ended: () => settle(null),
    };
    link.relayTo(listener);
  });
}
