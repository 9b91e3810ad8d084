import { assert } from "chai";
import { FrameLostException, ProtocolException } from "../../../main/ts/runtime/exceptions.js";
import { limitsWith } from "../../../main/ts/runtime/limits.js";
import { readPacket, writePacket, type Packet } from "../../../main/ts/runtime/packet.js";
import { Session } from "../../../main/ts/runtime/session.js";
import { random } from "../laws/traffic.js";
import { firstNumbers } from "../laws/until.js";

const LIMITS = limitsWith();

const BEAT: Packet = { type: "beat", said: 0, received: 0 };

/** Nothing is to be done of what says nothing. */
const unasked = (): void => {};

function helloWithBeat(beat: number): Packet {
  return { type: "hello", version: 1, name: "a server", session: "a secret", beat, window: 64 };
}

/** One side of a simulated session: what it was told, and what is on its way to it. */
class Side {
  readonly session = new Session(LIMITS, true, 0);
  readonly heard: unknown[] = [];
  onTheWay: string[] = [];
  next = 0;

  constructor() {
    this.session.state = "open";
    this.session.name = "a secret";
  }

  sayNumber(to: Side): void {
    const saying = { message: { type: "value", target: "g", body: this.next++ } as const };
    const text = writePacket(this.session.batch([saying]));
    this.session.keep([saying], text.length, 0);
    to.onTheWay.push(text);
  }

  /** Hears the next frame that is on its way; answers whether the link has shown that it lost something. */
  hear(): boolean {
    const text = this.onTheWay.shift();
    if (text === undefined) {
      return false;
    }
    try {
      this.session.heard(readPacket(text, LIMITS.frame), text.length, 0, (message) =>
        this.heard.push("body" in message ? message.body : message),
      );
      return false;
    } catch (e) {
      assert.instanceOf(e, FrameLostException);
      return true;
    }
  }
}

/** Another link: both say how far they have received, and repeat what is kept after that. */
function resume(a: Side, b: Side): void {
  a.onTheWay = [];
  b.onTheWay = [];
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    one.session.resumed(other.session.received, 0);
  }
  a.session.unconfirmed(0).forEach((packet) => b.onTheWay.push(writePacket(packet)));
  b.session.unconfirmed(0).forEach((packet) => a.onTheWay.push(writePacket(packet)));
}

/** The state of a session, without clock or socket. */
export function sessionLaws(): void {
  describe("a session", () => {
    it("DI-7 whatever links lose, both sides hear what was said, once and in order", () => {
      for (let seed = 0; seed < 100; seed++) {
        const next = random(seed);
        const [a, b] = [new Side(), new Side()];
        for (let step = 0; step < 200; step++) {
          const [one, other] = next() < 0.5 ? [a, b] : [b, a];
          const what = next();
          if (what < 0.4) {
            one.sayNumber(other);
          } else if (what < 0.45) {
            other.onTheWay.push(writePacket(one.session.beat(0)));
          } else if (what < 0.5) {
            one.onTheWay.splice(Math.floor(next() * one.onTheWay.length), 1); // the link loses a frame
          } else if (what < 0.52 || one.hear()) {
            resume(a, b);
          }
        }
        resume(a, b);
        while (a.onTheWay.length + b.onTheWay.length > 0) {
          assert.isFalse(a.hear() || b.hear());
        }
        assert.deepEqual(b.heard, firstNumbers(a.next), `seed ${seed}`);
        assert.deepEqual(a.heard, firstNumbers(b.next), `seed ${seed}`);
      }
    });

    it("DI-7 ignores a batch that comes again", () => {
      const [a, b] = [new Side(), new Side()];
      a.sayNumber(b);
      const [again = ""] = b.onTheWay;
      b.onTheWay.push(again);
      assert.isFalse(b.hear() || b.hear(), "nothing is missing");
      assert.deepEqual(b.heard, [0]);
    });

    it("DI-4 says no more than may be unconfirmed, and goes on when it is confirmed", () => {
      const side = new Side();
      const saying = { message: { type: "value", target: "g", body: 1 } as const };
      assert.isTrue(side.session.hasRoom());
      side.session.keep([saying], LIMITS.unacked, 0);
      assert.isFalse(side.session.hasRoom());
      side.session.heard({ type: "beat", said: 0, received: 1 }, 10, 0, unasked);
      assert.isTrue(side.session.hasRoom());
      assert.deepEqual(side.session.forgetAll(), []);
    });

    it("DI-8 DI-8b is silent for no longer than a beat, and suspects who is silent for too long", () => {
      const { session } = new Side();
      assert.equal(session.due(LIMITS.beat - 1), "nothing");
      assert.equal(session.due(LIMITS.beat), "beat");
      session.beat(LIMITS.beat);
      assert.equal(session.due(LIMITS.beat + 1), "nothing");
      assert.equal(session.due(LIMITS.silence), "silence");
      session.heard(BEAT, 10, LIMITS.silence, unasked);
      assert.notEqual(session.due(LIMITS.silence + 1), "silence");
    });

    it("DI-8b says nothing before the peer's first word, which may be for another session", () => {
      const session = new Session(LIMITS, true, 0);
      assert.equal(session.due(LIMITS.beat), "nothing");
      session.heard(helloWithBeat(0), 10, LIMITS.beat, unasked);
      assert.equal(session.due(LIMITS.beat), "beat");
    });

    it("DI-8b answers a beat when half of its own has passed: in a page that is not seen no other clock runs", () => {
      const { session } = new Side();
      const half = LIMITS.beat / 2;
      assert.equal(session.dueSinceHeard(half - 1), "nothing");
      assert.equal(session.dueSinceHeard(half), "beat");
      session.beat(half);
      assert.equal(session.dueSinceHeard(half + 1), "nothing");
    });

    it("DI-8 tells its beat in the hello, and judges the peer by the beat that this tells", () => {
      const session = new Session(LIMITS, true, 0);
      const hello = readPacket(writePacket(session.hello("page")), LIMITS.frame);
      assert.deepInclude(hello, { type: "hello", beat: LIMITS.beat });
      assert.equal(session.patience(), LIMITS.silence);
      session.heard(helloWithBeat(1_000), 10, 0, unasked);
      assert.equal(session.patience(), 2_500);
      assert.notEqual(session.due(2_499), "silence");
      assert.equal(session.due(2_500), "silence");
      for (let second = 1; second <= 100; second++) {
        session.heard(BEAT, 10, second * 1_000, unasked);
      }
      assert.approximately(session.patience(), 2_000, 50); // on a steady link
      for (let second = 103; second <= 400; second += 3) {
        session.heard(BEAT, 10, second * 1_000, unasked);
      }
      assert.isAbove(session.patience(), 4_000); // on one where beats come late
    });

    it("DI-8 a session that cannot be resumed, or is told no beat, waits for as long as it may", () => {
      for (const [resumes, beat] of [
        [false, 1_000],
        [true, 0],
        [true, LIMITS.silence - 1],
      ] as const) {
        const session = new Session(LIMITS, resumes, 0);
        session.heard(helloWithBeat(beat), 10, 0, unasked);
        assert.equal(session.patience(), LIMITS.silence);
      }
    });

    it("DI-8b a peer that may be silent for longer than is allowed is refused in words", () => {
      const session = new Session(LIMITS, true, 0);
      assert.throws(
        () => session.heard(helloWithBeat(16_000), 10, 0, unasked),
        ProtocolException,
        "a beat of 16000 ms: a silence of 16000 ms ends the session here",
      );
    });

    it("DI-8b confirms many batches without being asked", () => {
      const [a, b] = [new Side(), new Side()];
      for (let i = 0; i < 32; i++) {
        assert.isFalse(b.session.owesAck());
        a.sayNumber(b);
        b.hear();
      }
      assert.isTrue(b.session.owesAck());
      assert.equal(b.session.due(1), "beat");
    });

    it("DI-8b confirms much that came without being asked, however few batches it was", () => {
      const { session } = new Side();
      const half = { type: "batch", received: 0, messages: [] } as const;
      session.heard({ ...half, number: 1 }, (128 << 10) - 1, 0, unasked);
      assert.isFalse(session.owesAck());
      session.heard({ ...half, number: 2 }, 1, 0, unasked);
      assert.isTrue(session.owesAck());
      session.beat(1);
      assert.isFalse(session.owesAck());
    });

    it("DI-7 what a batch that comes again confirms counts", () => {
      const [a, b] = [new Side(), new Side()];
      a.sayNumber(b);
      b.hear();
      b.sayNumber(a);
      const again = { type: "batch", number: 1, received: 1, messages: [] } as const;
      b.session.heard(again, 10, 0, unasked);
      assert.deepEqual(b.session.forgetAll(), []);
    });

    it("DI-8 no peer may be silent for longer than is allowed, however late its beats are", () => {
      const session = new Session(LIMITS, true, 0);
      session.heard(helloWithBeat(1_000), 10, 0, unasked);
      session.heard(BEAT, 10, 100 * LIMITS.silence, unasked);
      assert.equal(session.patience(), LIMITS.silence);
    });

    it("a limit that cannot be kept is refused", () => {
      assert.throws(() => limitsWith({ window: 0 }), RangeError, "'window' is at least 1, not 0");
      assert.throws(() => limitsWith({ beat: 20_000 }), RangeError, "beat=20000 silence=16000");
      assert.throws(
        () => limitsWith({ window: Infinity }),
        RangeError,
        "'window' is told to the peer as a whole number",
      );
      assert.throws(() => limitsWith({ beat: 0.5 + 1 }), RangeError, "'beat' is told to the peer as a whole number");
      assert.throws(() => limitsWith({ grace: -1 }), RangeError, "'grace'");
      assert.equal(limitsWith({ grace: 0 }).grace, 0);
    });
  });
}
