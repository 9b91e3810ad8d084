import { assert } from "chai";
import { chan, ChannelFailedException, fixed, promise, Root, type Channel } from "circulate";
import { TwoSpaces } from "../laws/memory.js";
import { PATIENCE, rejection, until } from "../laws/until.js";
import { batch, given, giving, HELLO, message, ScriptedPeer, SHORT_FRAMES } from "./scripted.js";

const WORDLESS = (): void => {};
const WORDS = "cannot send a function";

function assertOver(peer: ScriptedPeer, words: string): void {
  const [last, ...before] = peer.told("closed").reverse();
  assert.isTrue(last?.drained);
  assert.include(last?.cause?.message, words);
  assert.isFalse(before.some(({ drained }) => drained));
}

async function holding(...values: unknown[]): Promise<Channel<unknown>> {
  const channel = chan<unknown>(fixed(values.length));
  for (const value of values) {
    assert.isTrue(await channel.put(value));
  }
  return channel;
}

/** A value that cannot be sent: the channel is over for its far holder, and what is left stays for others. */
export function cannotCrossLaws(): void {
  describe("a value that cannot be sent", () => {
    for (const buffer of [fixed(2), promise()]) {
      it(`CH-8 DI-9 is told to its far taker, whatever is left in a ${buffer.kind}`, async () => {
        const spaces = new TwoSpaces();
        const own = chan<unknown>(buffer);
        const far = await spaces.send(own);
        await own.put(WORDLESS);
        await own.put("good");
        const failure = await rejection(far.poll(PATIENCE));
        assert.instanceOf(failure, ChannelFailedException);
        assert.include(String((failure as { cause?: unknown }).cause), WORDS);
        assert.instanceOf(await rejection(far.take()), ChannelFailedException);
        assert.isFalse(await far.put("more"));
        assert.equal(own.buffered(), 1);
        await until(
          () => "both tables are empty",
          () => [spaces.a, spaces.b].every((peer) => peer.held().exports + peer.held().imports === 0),
        );
        assert.isNull(spaces.b.lost());
        await spaces.close();
      });
    }

    it("CH-8 DI-9 is followed by no later one; a taker that gives up is withdrawn", async () => {
      const own = await holding(WORDLESS, "good");
      const { peer, guid } = await giving(own);
      await peer.say(batch(1, message("take", guid, ',"~:count",2')));
      assertOver(peer, WORDS);
      await peer.say(
        batch(2, message("untake", guid, ',"~:count",2')),
        batch(3, message("take", guid, ',"~:count",1'), message("untake", guid, ',"~:count",2')),
      );
      assert.deepEqual(
        peer.told("untaken").map(({ count }) => count),
        [2, 1],
      );
      assert.lengthOf(peer.told("value"), 0);
      assertOver(peer, WORDS);
      assert.deepEqual(own.drain(2), ["good"]);
    });

    it("CH-14 DI-9 leaves who was before it its way home", async () => {
      const own = await holding("first", WORDLESS, "good");
      const { peer, guid } = await giving(own);
      await peer.say(
        batch(1, message("take", guid, ',"~:count",2')),
        batch(2, message("untake", guid, ',"~:count",2'), message("home", guid, ',"~:body","first"')),
      );
      assertOver(peer, WORDS);
      assert.deepEqual(
        peer.told("untaken").map(({ count }) => count),
        [1],
      );
      assert.deepEqual(own.drain(3), ["first", "good"]);
      await peer.say(batch(3, message("release", guid, ',"~:count",1')));
      assert.deepEqual(peer.victim.held(), { exports: 0, imports: 0 });
    });

    it("CH-8 DI-9 is why a channel is over for its holder that was closed without a cause", async () => {
      const own = await holding(WORDLESS, "good");
      own.close();
      const { peer, guid } = await giving(own);
      await peer.say(batch(1, message("take", guid, ',"~:count",1')));
      assertOver(peer, WORDS);
      assert.isNull(own.closeCause());
    });

    it("DI-6 DI-9 is told again to who is given the channel again; a new name means what is left", async () => {
      const own = await holding(WORDLESS, "good");
      const { peer, guid } = await giving(own);
      await peer.say(batch(1, message("take", guid, ',"~:count",1')));
      const told = peer.told("closed").length;
      assert.equal(await given(peer, own), guid);
      const again = peer.told("closed").slice(told);
      assert.deepEqual(
        again.map(({ drained }) => drained),
        [true],
      );
      assert.include(again[0]?.cause?.message, WORDS);
      await peer.say(batch(2, message("release", guid, ',"~:count",2')));
      assert.deepEqual(peer.victim.held(), { exports: 0, imports: 0 });
      const anew = await given(peer, own);
      assert.notEqual(anew, guid);
      await peer.say(batch(3, message("take", anew, ',"~:count",1')));
      assert.deepEqual(
        peer.told("value").map(({ target, body }) => [target, body]),
        [[anew, "good"]],
      );
    });

    it("DI-9 DI-12 ends a channel that is not ours to close for whoever it was passed on to", async () => {
      const kept: Channel<unknown>[] = [];
      const root = Root.named("middle").handler("keep", (request) => {
        kept.push(request.argument("channel") as Channel<unknown>);
      });
      const owner = new ScriptedPeer({ root });
      const body =
        ',"~:body",["^ ","~:_cmd","keep","~:channel",["~#chan-guid",["theirs","pt",false]]],"~:request",true';
      await owner.say(HELLO, batch(1, message("forward", "root", body)));
      const { peer, guid } = await giving(kept[0], SHORT_FRAMES);
      await peer.say(batch(1, message("take", guid, ',"~:count",1')));
      await owner.say(batch(2, message("value", "theirs", `,"~:body","${"x".repeat(1_000)}"`)));
      assertOver(peer, "a value, in its frame, of");
      assert.deepEqual([owner.told("close"), owner.told("cancel")], [[], []]);
      await peer.say(batch(2, message("release", guid, ',"~:count",1')));
      assert.deepEqual(peer.victim.held(), { exports: 0, imports: 0 });
    });
  });
}
