package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.testkit.TestTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RateTest {
  @Test
  @DisplayName("DI-9 one a second is one at once, and not another")
  void oneASecond() {
    Rate rate = new Rate(1);
    assertThat(rate.take()).isTrue();
    assertThat(rate.take()).isFalse();
  }

  @Test
  @DisplayName("DI-9 each second brings as many as may be in one, and a quiet time no more")
  void eachSecond() {
    try (TestTime time = TestTime.install()) {
      Rate rate = new Rate(3);
      for (int wait = 0; wait < 3; wait++) {
        assertThat(List.of(rate.take(), rate.take(), rate.take(), rate.take()))
            .containsExactly(true, true, true, false);
        time.advance(Duration.ofSeconds(1 + wait * 60));
      }
    }
  }
}
