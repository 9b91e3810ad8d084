package dev.circulate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the rows of the report do. */
class ScenarioTest {
  @Test
  void many_channels_carry_more_than_they_cost_to_open() throws Exception {
    for (int channels : List.of(1, 100, 10_000)) {
      Scenario row = Scenario.named("scaling, channels " + channels);
      long values = row.operations();
      assertThat(values).as(row.name()).isGreaterThanOrEqualTo(20L * channels);
      assertThat(row.run(new CirculatePeer()))
          .as("%s is divided by what it moved", row.name())
          .isEqualTo(values * (values - 1) / 2);
    }
  }
}
