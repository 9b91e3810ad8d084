package dev.circulate.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random networks of go blocks, one after the other for many minutes: each is of some shape, has
 * channels cancelled and blocks interrupted at random, and keeps count of its values; at the end
 * the heap is where it was. {@code mvn -Psoak -pl core test} runs it; {@code -Dsoak.minutes=60} for
 * longer, {@code -Dsoak.seed} to begin with the same networks again.
 */
class Soak {
  private static final long ALLOWED_GROWTH = 4L << 20;

  @Test
  @Timeout(Integer.MAX_VALUE)
  @DisplayName(
      "CH-5 CH-12 CH-13 GO-1 millions of go blocks: every value accounted for, the heap flat")
  void heapStaysFlat() throws Exception {
    Duration length = Duration.ofMinutes(Long.getLong("soak.minutes", 10));
    long seed = Long.getLong("soak.seed", System.nanoTime());
    System.out.println("soak.seed=" + seed + " for " + length);
    long start = System.nanoTime();
    long blocks = 0;
    long before = 0;
    for (long round = 0; System.nanoTime() - start < length.toNanos(); round++) {
      blocks += new RandomNetwork(seed + round).run();
      if (before == 0 && System.nanoTime() - start > length.toNanos() / 5) {
        before = usedHeap();
      }
    }
    long after = usedHeap();
    System.out.printf("%,d go blocks; heap %,d bytes, then %,d%n", blocks, before, after);
    assertThat(after)
        .as("bytes in use, and before it was %s", before)
        .isLessThan(before + ALLOWED_GROWTH);
  }

  /** What is in use once collecting frees no more. */
  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int unchanged = 0; unchanged < 5; unchanged++) {
      System.gc();
      long used = runtime.totalMemory() - runtime.freeMemory();
      if (used < least) {
        least = used;
        unchanged = 0;
      }
    }
    return least;
  }
}
