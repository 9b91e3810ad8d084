import { ticker, timeout, type ReadPort } from "circulate";
import { firstNumbers, turn, until } from "../laws/until.js";
import { batch, HELLO, message, ScriptedPeer } from "./scripted.js";

/** More often than the clock is looked at while a page hears one frame. */
const LOOKS = 12;

const PERIOD = 10;

/** Runs something while the clock, from the nth look at it on, is ahead by more than a period. */
async function withLeap(nth: number, what: () => Promise<void>): Promise<void> {
  const clock = performance.now;
  let looks = 0;
  performance.now = () => clock.call(performance) + (looks++ < nth ? 0 : PERIOD + 1);
  try {
    await what();
  } finally {
    performance.now = clock;
  }
}

/** A peer that holds a channel, and what it says to take one value of it. */
async function taking(channel: ReadPort<unknown>): Promise<{ peer: ScriptedPeer; take: string }> {
  const peer = new ScriptedPeer();
  await peer.say(HELLO);
  void peer.victim.root.put({ channel } as never);
  await turn();
  const guid = /"~#chan-guid",\["([0-9a-f]{32})"/.exec(peer.heard.at(-1) ?? "")?.[1] as string;
  return { peer, take: message("take", guid, ',"~:count",1') };
}

/** Channels that the clock fills or closes, for a taker behind a link: whenever their moment comes. */
export function momentLaws(): void {
  describe("a far taker", () => {
    it("AL-6 DI-3 is told that a timeout has passed, whenever that is", async () => {
      for (const nth of firstNumbers(LOOKS)) {
        const { peer, take } = await taking(timeout(PERIOD));
        await withLeap(nth, async () => {
          await peer.say(batch(1, take));
          await until(
            () => `it is told, with a leap at look ${nth}`,
            () => peer.told("closed").some(({ drained }) => drained),
          );
        });
        peer.victim.close();
      }
    });

    it("AL-6 DI-3 gets a tick for each take, whenever that comes", async () => {
      for (const nth of firstNumbers(LOOKS)) {
        const { peer, take } = await taking(ticker(PERIOD));
        await withLeap(nth, async () => {
          for (const times of [1, 2]) {
            await peer.say(batch(times, take));
            await until(
              () => `there is tick ${times}, with a leap at look ${nth}`,
              () => peer.told("value").length === times,
            );
          }
        });
        peer.victim.close();
      }
    });
  });
}
