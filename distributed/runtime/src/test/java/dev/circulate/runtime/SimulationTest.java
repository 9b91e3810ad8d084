package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Csp;
import dev.circulate.runtime.session.Message;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many simulated worlds, each from a seed. {@code -Dcirculate.seeds=1000000} lives more of them,
 * {@code -Dcirculate.seed=N} the one that failed.
 */
class SimulationTest {
  private static final int STEPS = 400;
  private static final long WORLDS = Long.getLong("circulate.seeds", 500);

  @Test
  @Timeout(value = 6, unit = TimeUnit.HOURS) // a million worlds, if asked for
  @DisplayName(
      "DI-1 DI-2 DI-4 DI-5 DI-6 DI-7 DI-8 in no world is a value lost, doubled or reordered unsaid")
  void worlds() {
    seeds(WORLDS).forEach(SimulationTest::live);
  }

  @Test
  @Timeout(value = 6, unit = TimeUnit.HOURS)
  @DisplayName("DI-6 when a world is over nothing keeps it, nor its sessions and channels")
  void forgotten() {
    Map<Long, WeakReference<SimulatedWorld>> over = new TreeMap<>();
    seeds(WORLDS / 5).forEach(seed -> over.put(seed, live(seed)));
    Await.until(
        "no world",
        () -> {
          System.gc();
          over.values().removeIf(world -> world.get() == null);
          return over.isEmpty();
        },
        () -> "those of the seeds " + over.keySet());
  }

  /** The one that is asked for, or so many. */
  private static LongStream seeds(long number) {
    Long only = Long.getLong("circulate.seed");
    if (only != null) {
      return LongStream.of(only);
    }
    long first = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2);
    return LongStream.range(first, first + number);
  }

  private static WeakReference<SimulatedWorld> live(long seed) {
    return new WeakReference<>(live(seed, new Ledger()));
  }

  private static SimulatedWorld live(long seed, Ledger ledger) {
    SimulatedWorld world = new SimulatedWorld(seed, ledger);
    try {
      world.live(STEPS);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed %d, %s: %s (again: -Dcirculate.seed=%d)"
              .formatted(seed, world, e.getMessage(), seed),
          e);
    }
    return world;
  }

  // ---- the simulation itself

  @ParameterizedTest(name = "what is wrong in the world of seed {0} is told with it")
  @ValueSource(longs = {0, 1, 2, 3})
  void seedIsTold(long seed) {
    Ledger ledger = new Ledger();
    long twice = ledger.put("a channel", 1);
    ledger.accepted(twice);
    ledger.taken(twice, "a channel", 1);
    assertThatThrownBy(() -> ledger.taken(twice, "a channel", 1))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> live(seed, ledger))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("seed " + seed)
        .hasMessageContaining("a value is taken once")
        .hasMessageEndingWith("(again: -Dcirculate.seed=" + seed + ")");
  }

  @Test
  @DisplayName("CH-5 a value that is nowhere in the end of a world is noticed")
  void lostValue() {
    Ledger ledger = new Ledger();
    ledger.accepted(ledger.put("a channel", 1));
    assertThatThrownBy(() -> new SimulatedWorld(1, ledger).live(0))
        .hasMessageContaining("accepted values are nowhere: [1]");
  }

  @Test
  @DisplayName("DI-6 what is left in a table at the end of a world is noticed")
  void leftOver() {
    SimulatedWorld world = new SimulatedWorld(1, new Ledger());
    aSide(world).conversation.tables().giveReply(Csp.chan(), new ArrayList<>());
    assertThatThrownBy(() -> world.live(0)).hasMessageContaining("DI-6 left over in");
  }

  @Test
  @DisplayName("DI-4 more that waits to be said than windows account for is noticed")
  void unsaid() {
    SimulatedWorld world = new SimulatedWorld(1, new Ledger());
    for (int i = 0; i < 10_000; i++) {
      aSide(world).conversation.say(new Message.Credit("whatever", 1), 0, Voice.NOTHING);
    }
    assertThatThrownBy(() -> world.live(1)).hasMessageContaining("messages wait to be said");
  }

  private static SimulatedWire.Side aSide(SimulatedWorld world) {
    return world.wires().getFirst().sides().getFirst();
  }

  @Test
  @DisplayName("DI-7 DI-8 everything that can go wrong does so in some world")
  void badEnough() {
    Set<SimulatedWorld.Fault> met = EnumSet.noneOf(SimulatedWorld.Fault.class);
    LongStream.range(0, 200).forEach(seed -> met.addAll(live(seed, new Ledger()).met()));
    assertThat(met).containsExactly(SimulatedWorld.Fault.values());
  }

  @Test
  @DisplayName("a seed lives the same life again, and another seed another")
  void again() {
    List<Integer> first = histories();
    assertThat(histories()).isEqualTo(first);
    assertThat(first).doesNotHaveDuplicates();
  }

  private static List<Integer> histories() {
    return LongStream.range(0, 50)
        .mapToObj(
            seed -> {
              Ledger ledger = new Ledger();
              live(seed, ledger);
              return ledger.history();
            })
        .toList();
  }
}
