package dev.circulate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;

/** What a report says of the way from one processor to another. */
class DistanceTest {
  private final Distance distance = new Distance();

  @Test
  void several_looks() throws InterruptedException {
    assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);
    distance.look();
    distance.look();
    assertThat(distance.describe()).matches("- Distance: a number takes \\d+ to \\d+ ns .+");
  }

  @Test
  void not_measured() {
    assertThat(distance.describe()).isEqualTo("- Distance: one processor, or not measured");
  }
}
