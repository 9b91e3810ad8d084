package dev.circulate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way of calling gets all the answers. */
class CallsTest {
  @ParameterizedTest
  @EnumSource
  void all_answers_come(Calls calls) throws Exception {
    assertThat(calls.call(100)).isEqualTo(5050);
    assertThat(Scenario.named(calls.title()).run(new CirculatePeer())).isEqualTo(200_010_000L);
  }
}
