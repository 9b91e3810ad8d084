package dev.circulate.internal;

import static dev.circulate.internal.Scenarios.scenario;

import dev.circulate.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Alts, with and without a default, and operations with a limit, over two channels of which one has
 * a buffer, while one of them is closed, the other cancelled, and what was taken given back:
 * however they are interleaved, each value that was accepted is taken once, handed to the hook
 * once, or still there; a value that was refused is nowhere; and nobody's arm is left.
 */
public class AltsEndLincheckTest {
  private static final Duration MOMENT = Duration.ofNanos(1);
  private static final int MOST_VALUES = 64;

  /** Of each value: how often it was accepted, less how often it was taken or undelivered. */
  private final AtomicIntegerArray inside = new AtomicIntegerArray(MOST_VALUES);

  private volatile boolean cancelled;

  private final AtomicInteger values = new AtomicInteger();
  private final LocalChannel<Integer> a =
      LocalChannel.open(new Buffer.Rendezvous(), null, this::out);
  private final LocalChannel<Integer> b =
      ChannelOperations.warm(LocalChannel.open(new Buffer.Fixed(1), null, this::out));

  public AltsEndLincheckTest() {
    Time.install(new Impatient());
  }

  private void in(int value, boolean accepted) {
    if (accepted) {
      inside.incrementAndGet(value);
    }
  }

  private void out(@Nullable Object value) {
    if (value != null) {
      inside.decrementAndGet((int) value);
    }
  }

  @Operation
  public void putInTime() throws InterruptedException {
    int value = values.incrementAndGet();
    in(value, a.offer(value, MOMENT));
  }

  @Operation
  public void takeInTime() throws InterruptedException {
    out(a.poll(MOMENT));
  }

  @Operation
  public void putToBufferInTime() throws InterruptedException {
    int value = values.incrementAndGet();
    in(value, b.offer(value, MOMENT));
  }

  @Operation
  public void drain() {
    b.drain(2).forEach(this::out);
  }

  /** Takes what it does not want. */
  @Operation
  public void takeAndGiveBack() {
    Integer value = b.poll();
    if (value != null) {
      b.giveBack(value);
    }
  }

  @Operation
  public void putToEither() throws InterruptedException {
    int value = values.incrementAndGet();
    Selection alts = new Selection();
    alts.put(a, value);
    alts.put(b, value);
    await(alts, value);
  }

  @Operation
  public void takeFromEither() throws InterruptedException {
    Selection alts = new Selection();
    alts.take(a);
    alts.take(b);
    await(alts, 0);
  }

  @Operation
  public void putOrTakeTheSame() throws InterruptedException {
    int value = values.incrementAndGet();
    Selection alts = new Selection();
    alts.put(a, value);
    alts.take(a);
    await(alts, value);
  }

  @Operation
  public void putOrTakeTheSameBuffered() throws InterruptedException {
    int value = values.incrementAndGet();
    Selection alts = new Selection();
    alts.take(b);
    alts.put(b, value);
    await(alts, value);
  }

  /** With a default. */
  @Operation
  public void tryEither() {
    int value = values.incrementAndGet();
    Selection alts = new Selection();
    alts.take(b);
    alts.put(a, value);
    settle(alts, alts.attempt(), value);
  }

  @Operation(runOnce = true)
  public void closeOne() {
    a.close();
  }

  @Operation(runOnce = true)
  public void closeBuffered() {
    b.close();
  }

  @Operation(runOnce = true)
  public void cancelBuffered() {
    b.cancel();
    cancelled = true;
  }

  private void await(Selection alts, int value) throws InterruptedException {
    settle(alts, alts.await(Time.current().nanoTime() + 1), value);
  }

  private void settle(Selection alts, int chosen, int value) {
    if (chosen < 0) {
      return;
    }
    if (alts.isClosed()) {
      if (!((LocalChannel<?>) alts.closedPort()).isClosed()) {
        throw new IllegalStateException("an alts found a channel closed that is open");
      }
      return;
    }
    Object taken = alts.value();
    in(value, taken == null);
    out(taken);
  }

  @Validate
  public void eachValueIsSomewhere() {
    int waiting = a.waitingTakers() + a.waitingPutters() + b.waitingTakers() + b.waitingPutters();
    if (waiting != 0) {
      throw new IllegalStateException(waiting + " arms are left, and nobody waits");
    }
    a.drain(MOST_VALUES).forEach(this::out);
    List<Integer> left = b.drain(MOST_VALUES);
    if (cancelled && !left.isEmpty()) {
      throw new IllegalStateException(left + " is left in a channel that was cancelled");
    }
    left.forEach(this::out);
    for (int value = 1; value <= values.get(); value++) {
      if (inside.get(value) != 0) {
        throw new IllegalStateException(
            value + " was accepted " + inside.get(value) + " times more than it was found");
      }
    }
  }

  private static Actor act(String operation) {
    return Scenarios.act(AltsEndLincheckTest.class, operation);
  }

  @Test
  @DisplayName("AL-1 AL-2 AL-4 CH-5 CH-8b CH-12 alts and limits, while their channels end")
  void conserved() {
    Scenarios.checking()
        .addCustomScenario(
            scenario(
                List.of(act("putToBufferInTime")),
                List.of(act("putToEither")),
                List.of(act("drain"), act("cancelBuffered"))))
        .addCustomScenario(
            scenario(
                List.of(),
                List.of(act("putOrTakeTheSame")),
                List.of(act("putOrTakeTheSame"), act("closeOne"))))
        .addCustomScenario(
            scenario(
                List.of(act("putToBufferInTime")),
                List.of(act("takeAndGiveBack")),
                List.of(act("cancelBuffered"))))
        .addCustomScenario(
            scenario(List.of(), List.of(act("takeInTime")), List.of(act("tryEither"))))
        .threads(2)
        .actorsPerThread(4)
        .actorsBefore(1)
        .actorsAfter(0)
        .iterations(Integer.getInteger("lincheck.scenarios"))
        .invocationsPerIteration(2_000)
        .check(getClass());
  }
}
