package dev.circulate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
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
  void the_middle_half() {
    assertThat(Distance.describe(List.of(200.0, 100.0))).contains("takes 100 to 200 ns");
    assertThat(Distance.describe(List.of(9.0, 2.0, 1.0, 3.0, 4.0))).contains("takes 2 to 4 ns");
  }

  @Test
  void not_measured() {
    assertThat(distance.describe()).isEqualTo("- Distance: one processor, or not measured");
  }
}
