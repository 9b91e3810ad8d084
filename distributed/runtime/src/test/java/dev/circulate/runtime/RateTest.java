package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

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
}
