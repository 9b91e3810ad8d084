package dev.circulate.runtime;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
    SimulatedWorld world = new SimulatedWorld(seed);
    try {
      world.live(STEPS);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed %d, %s: %s (again: -Dcirculate.seed=%d)"
              .formatted(seed, world, e.getMessage(), seed),
          e);
    }
    return new WeakReference<>(world);
  }
}
