package dev.circulate.runtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GO-5: how bad a network can be. */
class FaultsTest {
  @ParameterizedTest(name = "GO-5 {0} of the frames is no share")
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.NEGATIVE_INFINITY})
  void shares(double share) {
    assertThatThrownBy(() -> Faults.NONE.withLoss(share))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Faults.NONE.withDuplicates(share))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Faults.NONE.withReordering(share))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Faults.NONE.withDelay(share, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Faults.NONE.withCuts(share))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("GO-5 a frame meets one fault at most: all shares together are one, or less")
  void sum() {
    Faults all = Faults.NONE.withLoss(0.5).withCuts(0.25).withReordering(0.25);
    assertThat(all.loss() + all.cuts() + all.reordering()).isEqualTo(1);
    assertThatThrownBy(() -> all.withDuplicates(0.25))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("more faults than frames: the shares add up to 1.25");
  }

  @Test
  @DisplayName("GO-5 no frame arrives before it was sent")
  void early() {
    assertThatThrownBy(() -> Faults.NONE.withDelay(0.1, Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("before it was sent");
  }

  @Test
  @DisplayName("GO-5 each share is changed by itself")
  void each() {
    Faults all =
        Faults.NONE
            .withLoss(0.1)
            .withDuplicates(0.2)
            .withReordering(0.15)
            .withDelay(0.25, Duration.ofMillis(3))
            .withCuts(0.05);
    assertThat(all).isEqualTo(new Faults(0.1, 0.2, 0.15, 0.25, 0.05, Duration.ofMillis(3)));
  }
}
