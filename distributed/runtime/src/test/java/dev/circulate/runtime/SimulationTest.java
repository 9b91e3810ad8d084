package dev.circulate.runtime;

import java.lang.ref.WeakReference;
import java.util.List;
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

  @Test
  @Timeout(value = 6, unit = TimeUnit.HOURS) // a million worlds, if asked for
  @DisplayName(
      "DI-1 DI-2 DI-4 DI-5 DI-6 DI-7 DI-8 in no world is a value lost, doubled or reordered unsaid")
  void worlds() {
    Long only = Long.getLong("circulate.seed");
    if (only != null) {
      live(only);
      return;
    }
    long first = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2);
    for (long seed = first; seed < first + Long.getLong("circulate.seeds", 500); seed++) {
      live(seed);
    }
  }

  @Test
  @DisplayName("DI-6 when a world is over nothing keeps it, nor its sessions and channels")
  void forgotten() {
    long first = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2);
    List<WeakReference<SimulatedWorld>> over =
        LongStream.range(first, first + 100).mapToObj(SimulationTest::live).toList();
    Await.until(
        "no world",
        () -> {
          System.gc();
          return over.stream().allMatch(world -> world.get() == null);
        },
        () ->
            LongStream.range(first, first + 100)
                .filter(seed -> over.get((int) (seed - first)).get() != null)
                .mapToObj(seed -> "that of seed " + seed)
                .toList()
                .toString());
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
