package dev.circulate.internal;

import static dev.circulate.internal.Scenarios.scenario;

import dev.circulate.Buffer;
import dev.circulate.Gathering;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Threads that put to a channel with a gatherer and take from it: however they are interleaved,
 * each value that was accepted is taken, or has come through when all are done.
 */
public class GathererLincheckTest {
  private static final Duration MOMENT = Duration.ofNanos(1);

  private final GathererChannel<Integer> channel;

  /** How many values were accepted and not taken. */
  private final AtomicInteger inside = new AtomicInteger();

  public GathererLincheckTest() {
    Time.install(new Impatient());
    channel =
        GathererChannel.open(new Buffer.Fixed(2), null, null, Gathering.map(value -> value), null);
  }

  @Operation
  public void offer() {
    count(channel.offer(1), 1);
  }

  /** Waits to put, where an intake may find it. */
  @Operation
  public void putInTime() throws InterruptedException {
    count(channel.offer(1, MOMENT), 1);
  }

  @Operation
  public void poll() {
    count(channel.poll() != null, -1);
  }

  /** Takes what has come through, and does not run the gatherer. */
  @Operation
  public void takeInTime() throws InterruptedException {
    count(channel.poll(MOMENT) != null, -1);
  }

  @Operation
  public void drain() {
    inside.addAndGet(-channel.drain(2).size());
  }

  private void count(boolean happened, int change) {
    if (happened) {
      inside.addAndGet(change);
    }
  }

  @Validate
  public void nothingIsLeftBehind() {
    int accepted = inside.get();
    int through = 0;
    while (channel.takeSide().poll() != null) {
      through++;
    }
    if (through != accepted) {
      throw new IllegalStateException(
          through + " values came through of " + accepted + " that were accepted");
    }
  }

  /** One leaves the gatherer as another comes to it. */
  private static ExecutionScenario twoPutters() {
    return scenario(List.of(), List.of(act("offer")), List.of(act("offer")));
  }

  /** One accepts while another, who only looks, is at the gatherer. */
  private static ExecutionScenario putAgainstPoll() {
    return scenario(List.of(), List.of(act("offer")), List.of(act("poll")));
  }

  /** One waits to put, and is let in by another, who does not run the gatherer. */
  private static ExecutionScenario putToFull() {
    return scenario(
        List.of(act("offer"), act("offer")), List.of(act("putInTime")), List.of(act("takeInTime")));
  }

  /** One accepts while another, who takes all there is, is at the gatherer. */
  private static ExecutionScenario putAgainstDrain() {
    return scenario(List.of(act("offer")), List.of(act("offer")), List.of(act("drain")));
  }

  private static Actor act(String operation) {
    return Scenarios.act(GathererLincheckTest.class, operation);
  }

  @Test
  @DisplayName("CH-5 CH-10 whoever is at the gatherer, nothing that was accepted is left before it")
  void comesThrough() {
    Scenarios.checking()
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(0)
        .iterations(Integer.getInteger("lincheck.scenarios"))
        .invocationsPerIteration(Integer.getInteger("lincheck.interleavings"))
        .check(getClass());
  }

  @Test
  @DisplayName("CH-5 CH-10 the same where two meet at a certain instruction, which takes a search")
  void comesThroughThere() {
    Scenarios.checking()
        .addCustomScenario(twoPutters())
        .addCustomScenario(putAgainstPoll())
        .addCustomScenario(putToFull())
        .addCustomScenario(putAgainstDrain())
        .iterations(0)
        .invocationsPerIteration(4_000)
        .check(getClass());
  }
}
