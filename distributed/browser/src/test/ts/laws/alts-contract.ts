import { assert } from "chai";
import { Alts, alts, ChannelClosedException, put, take, type Buffer } from "circulate";
import { untilTakersWait } from "./channel-contract.js";
import { firstNumbers, rejection, until } from "./until.js";
import { takeAll, type Ends, type Wiring } from "./wiring.js";

const ENDED = -1;

/** Takes from either; answers ENDED if the one that was chosen has ended. */
function takeEither(a: Ends<number>, b: Ends<number>, signal?: AbortSignal): Promise<number> {
  return Alts.first<number>()
    .take(a.taking, (value) => value)
    .take(b.taking, (value) => value)
    .onClosed(() => ENDED)
    .await(signal);
}

/** Puts and takes so many values each, in whatever order the alts chooses. */
async function handRound(from: Ends<number>, to: Ends<number>, rounds: number): Promise<number[]> {
  const done = [0, 0] as [number, number];
  const arrived = (value: number): void => {
    assert.equal(value, done[1]++);
  };
  while (done[0] < rounds && done[1] < rounds) {
    await Alts.first<void>()
      .put(to.putting, done[0], () => {
        done[0]++;
      })
      .take(from.taking, arrived)
      .await();
  }
  for (; done[0] < rounds; done[0]++) {
    assert.isTrue(await to.putting.put(done[0]));
  }
  while (done[1] < rounds) {
    arrived((await from.taking.take()) as number);
  }
  return done;
}

/** What an alts promises over channels of a kind that makes its putters wait. */
export function altsContract(buffer: Buffer, wiring: Wiring): void {
  const open = <T = number>(): Promise<Ends<T>> => wiring.connect<T>(buffer);

  it("AL-1 of two takes that wait one happens, and the other has no effect", async () => {
    const [a, b] = [await open(), await open()];
    const either = takeEither(a, b);
    await untilTakersWait(a, 1);
    await untilTakersWait(b, 1);
    assert.isTrue(await b.putting.put(1));
    assert.equal(await either, 1);
    await untilTakersWait(a, 0);
    const next = a.taking.take();
    await untilTakersWait(a, 1);
    assert.isTrue(await a.putting.put(2));
    assert.equal(await next, 2);
  });

  it("AL-1 an aborted alts rejects, and nothing has happened", async () => {
    const [a, b] = [await open(), await open()];
    const abort = new AbortController();
    const either = takeEither(a, b, abort.signal);
    await untilTakersWait(a, 1);
    await untilTakersWait(b, 1);
    abort.abort(new Error("not any more"));
    assert.equal((await rejection(either)).message, "not any more");
    for (const each of [a, b]) {
      await untilTakersWait(each, 0);
      const next = each.taking.take();
      await untilTakersWait(each, 1);
      assert.isTrue(await each.putting.put(7));
      assert.equal(await next, 7);
    }
  });

  it("AL-1 an alts whose time is over has had no effect", async () => {
    const [a, b] = [await open(), await open()];
    const answer = await Alts.first<string>()
      .take(a.taking, (value) => `took ${value}`)
      .take(b.taking, (value) => `took ${value}`)
      .timeout(2, () => "late")
      .await();
    assert.equal(answer, "late");
    await untilTakersWait(a, 0);
    await untilTakersWait(b, 0);
    const put = b.putting.put(3);
    assert.equal(await takeEither(a, b), 3);
    assert.isTrue(await put);
  });

  it("AL-1 many alts on two channels neither lose nor double a value", async () => {
    const [a, b] = [await open(), await open()];
    const each = wiring.slack === 0 ? 300 : 100;
    const putters = firstNumbers(4).map(async (putter) => {
      for (let value = putter * each; value < (putter + 1) * each; value++) {
        const [one, other] = value % 2 === 0 ? [a, b] : [b, a];
        await alts(put(one.putting, value), put(other.putting, value));
      }
    });
    const takers = firstNumbers(4).map(async () => {
      const taken: number[] = [];
      for (let value = await takeEither(a, b); value !== ENDED; value = await takeEither(a, b)) {
        taken.push(value);
      }
      return [...taken, ...(await takeAll(a)), ...(await takeAll(b))]; // the other may hold a few yet
    });
    await Promise.all(putters);
    a.putting.close();
    b.putting.close();
    assert.deepEqual(
      (await Promise.all(takers)).flat().sort((x, y) => x - y),
      firstNumbers(4 * each),
    );
  });

  it("AL-2 takes and puts mix: alts that hand values round in a ring all go on", async () => {
    const rounds = wiring.slack === 0 ? 200 : 50;
    const channels = [await open(), await open(), await open()] as const;
    const members = firstNumbers(3).map((i) =>
      handRound(channels[i] as Ends<number>, channels[(i + 1) % 3] as Ends<number>, rounds),
    );
    assert.deepEqual(await Promise.all(members), [
      [rounds, rounds],
      [rounds, rounds],
      [rounds, rounds],
    ]);
  });

  it("AL-5 a closed channel is ready: its take and its put arm answer closed", async () => {
    const [a, closed] = [await open(), await open()];
    closed.putting.close();
    await until(
      () => "the taking end is closed",
      () => closed.taking.isClosed(),
    );
    assert.equal(await takeEither(a, closed), ENDED);
    const put = await Alts.first<string>()
      .take(a.taking, (value) => `took ${value}`)
      .put(closed.putting, 1, () => "put")
      .onClosed(() => "closed")
      .await();
    assert.equal(put, "closed");
    const failure = await rejection(
      Alts.first<string>()
        .put(closed.putting, 1, () => "put")
        .await(),
    );
    assert.instanceOf(failure, ChannelClosedException);
    assert.include(failure.message, "arm 0");
  });

  it("AL-5 a close ends the alts that waits for the channel", async () => {
    const [a, b] = [await open(), await open()];
    const either = takeEither(a, b);
    await untilTakersWait(a, 1);
    await untilTakersWait(b, 1);
    b.putting.close();
    assert.equal(await either, ENDED);
    await untilTakersWait(a, 0);
  });

  it("AL-5 a take arm whose channel was closed with a cause throws it", async () => {
    const [a, b] = [await open(), await open()];
    const either = rejection(takeEither(a, b));
    await untilTakersWait(a, 1);
    await untilTakersWait(b, 1);
    a.putting.close(new Error("the well is dry"));
    assert.include((await either).message, "the well is dry");
    await untilTakersWait(b, 0);
  });

  it("AL-5 a loop over several leaves out what has ended, and ends when all have", async () => {
    const [a, b] = [await open(), await open()];
    const seen: string[] = [];
    const loop = Alts.each()
      .take(a.taking, (value) => seen.push(`a${value}`))
      .take(b.taking, (value) => seen.push(`b${value}`))
      .run();
    a.putting.close();
    for (let i = 0; i < 3; i++) {
      assert.isTrue(await b.putting.put(i));
    }
    b.putting.close();
    await loop;
    assert.deepEqual(seen, ["b0", "b1", "b2"]);
  });

  it("AL-7 the typed form hands each arm its own value type", async () => {
    const numbers = await open<number>();
    const texts = await open<string>();
    const sent = texts.putting.put("a");
    const choice = await alts(take(numbers.taking), take(texts.taking));
    switch (choice.arm) {
      case 0:
        assert.fail(`there was no ${choice.value.toFixed()}`);
        break;
      case 1:
        assert.equal(choice.value.toUpperCase(), "A");
        break;
      case "closed":
        assert.fail(`arm ${choice.of} is open`);
    }
    assert.isTrue(await sent);
  });
}
