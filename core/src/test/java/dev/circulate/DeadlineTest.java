package dev.circulate;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SV-6: the moment until which a caller waits. */
class DeadlineTest {
  private final Deadline soon = Deadline.after(Duration.ofMinutes(1));
  private final Deadline late = Deadline.after(Duration.ofHours(1));
  private final Deadline none = Deadline.none();

  @Test
  @DisplayName("SV-6 of two deadlines the first to come counts, and none never comes")
  void earlier() {
    assertThat(soon.earlier(late)).isSameAs(soon);
    assertThat(late.earlier(soon)).isSameAs(soon);
    assertThat(soon.earlier(none)).isSameAs(soon);
    assertThat(none.earlier(soon)).isSameAs(soon);
    assertThat(none.earlier(none).exists()).isFalse();
  }

  @Test
  @DisplayName("SV-6 of a deadline that has passed there is nothing left, and not less")
  void passed() {
    for (Duration wait : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
      Deadline over = Deadline.after(wait);
      long then = System.nanoTime();
      until("time has gone on", () -> System.nanoTime() > then);
      assertThat(over.hasPassed()).isTrue();
      assertThat(over.remaining()).isZero();
    }
    assertThat(soon.hasPassed()).isFalse();
    assertThat(soon.remaining()).isBetween(Duration.ofNanos(1), Duration.ofMinutes(1));
  }

  @Test
  @DisplayName("SV-6 where there is no deadline there is time")
  void none() {
    assertThat(none.exists()).isFalse();
    assertThat(none.hasPassed()).isFalse();
    assertThat(none.remaining()).isGreaterThan(Duration.ofDays(100_000));
    assertThat(Deadline.current().exists()).as("outside of commands").isFalse();
  }
}
