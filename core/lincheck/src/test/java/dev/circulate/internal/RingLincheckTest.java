package dev.circulate.internal;

import static dev.circulate.internal.Scenarios.scenario;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A ring by itself, without the lock that looks once more: who is refused finds it full, or empty,
 * at that moment.
 */
@Param(name = "value", gen = IntGen.class, conf = "1:5")
public class RingLincheckTest {
  /** Not a power of two: a slot that is free says nothing of room. */
  private static final int CAPACITY = 3;

  /** One thread at a time. */
  public static class Specification {
    private final Deque<Integer> values = new ArrayDeque<>();

    public String offer(int value) {
      if (isFull()) {
        return Ring.Offered.FULL.name();
      }
      values.add(value);
      return Ring.Offered.ACCEPTED.name();
    }

    public @Nullable Integer poll() {
      return values.poll();
    }

    public boolean isFull() {
      return values.size() == CAPACITY;
    }

    public boolean isEmpty() {
      return values.isEmpty();
    }
  }

  private final Ring<Integer> ring = new Ring<>(CAPACITY);

  @Operation(params = "value")
  public String offer(int value) {
    return ring.offer(value).name();
  }

  @Operation
  public @Nullable Integer poll() {
    return ring.poll();
  }

  @Operation
  public boolean isFull() {
    return ring.isFull();
  }

  @Operation
  public boolean isEmpty() {
    return ring.isEmpty();
  }

  private static Actor act(String operation, Object... arguments) {
    return Scenarios.act(RingLincheckTest.class, operation, arguments);
  }

  @Test
  @DisplayName("CH-3 CH-4 a ring refuses only what it has no room for, and is empty only if it is")
  void linearizable() {
    List<Actor> two = List.of(act("offer", 1), act("offer", 2));
    List<Actor> one = List.of(act("offer", 1));
    Scenarios.checking()
        // never full, never empty: each is so only to who reads the indexes in the wrong order
        .addCustomScenario(
            scenario(two, List.of(act("offer", 3)), List.of(act("poll"), act("offer", 4))))
        .addCustomScenario(
            scenario(two, List.of(act("isFull")), List.of(act("poll"), act("offer", 4))))
        .addCustomScenario(
            scenario(one, List.of(act("isEmpty")), List.of(act("offer", 3), act("poll"))))
        .addCustomScenario(
            scenario(
                one,
                List.of(act("poll")),
                List.of(act("offer", 3), act("poll"), act("offer", 4), act("poll"))))
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(1)
        .iterations(Integer.getInteger("lincheck.scenarios"))
        .invocationsPerIteration(1_000)
        .sequentialSpecification(Specification.class)
        .check(getClass());
  }
}
