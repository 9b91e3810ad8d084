package dev.circulate.testkit;

import static dev.circulate.Csp.go;
import static dev.circulate.Csp.ticker;
import static dev.circulate.Csp.timeout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.Scope;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Timeouts and tickers on a clock that the test moves. */
class TimersTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  @DisplayName("AL-6 GO-5 a ticker ticks at its moments, whenever one begins to wait for it")
  void atItsMoments() throws Exception {
    try (TestTime time = TestTime.install()) {
      ReadPort<Long> ticks = ticker(MINUTE);
      time.advance(Duration.ofSeconds(90));
      assertThat(ticks.poll()).isEqualTo(1);
      Channel<Long> second = go(() -> ticks.take());
      time.advance(Duration.ofSeconds(30).minusNanos(1));
      assertThat(second.isClosed()).isFalse();
      time.advance(Duration.ofNanos(1));
      assertThat(second.poll()).isEqualTo(2);
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("AL-6 CH-12 who gave up waiting for a timeout, or a ticker, leaves no timer behind")
  void givenUp() throws Exception {
    List<Supplier<ReadPort<?>>> kinds =
        List.of(() -> timeout(Duration.ofHours(1)), () -> ticker(Duration.ofHours(1)));
    for (Supplier<ReadPort<?>> kind : kinds) {
      try (TestTime time = TestTime.install()) {
        ReadPort<?> late = kind.get();
        Channel<Boolean> limited = go(() -> late.poll(MINUTE) == null);
        time.advance(MINUTE);
        assertThat(limited.take()).isTrue();
        time.assertNothingLeftOver();
        ReadPort<?> interrupted = kind.get();
        try (Scope scope = Scope.open()) {
          scope.go(() -> takeOnce(interrupted));
          time.runUntilEveryBlockWaits();
          scope.cancel();
        }
        time.assertNothingLeftOver();
      }
    }
  }

  private static <T> @Nullable T takeOnce(ReadPort<T> port) throws InterruptedException {
    return port.take();
  }

  @Test
  @DisplayName("AL-6 GO-5 the limit of an alts counts from when it is said, not from the wait")
  void limitFromWhenSaid() throws Exception {
    try (TestTime time = TestTime.install()) {
      Alts<String> limited = Alts.<String>first().timeout(MINUTE, () -> "late");
      time.advance(MINUTE);
      Channel<String> outcome = go(limited::await);
      time.runUntilEveryBlockWaits();
      assertThat(outcome.poll()).isEqualTo("late");
      time.assertNothingLeftOver();
    }
  }

  @Test
  @DisplayName("GO-5 all that is to happen at one moment happens")
  void atOneMoment() throws Exception {
    try (TestTime time = TestTime.install()) {
      Channel<Void> first = go(() -> timeout(MINUTE).take());
      Channel<Void> second = go(() -> timeout(MINUTE).take());
      time.advance(MINUTE);
      assertThat(first.isClosed()).isTrue();
      assertThat(second.isClosed()).isTrue();
      time.assertNothingLeftOver();
    }
  }
}
