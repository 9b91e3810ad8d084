package dev.circulate.internal;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Scope;
import dev.circulate.UncaughtHandler;
import dev.circulate.service.Origin;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the library keeps running works for nobody, whoever started it. */
class BackgroundBlockTest {
  @Test
  @DisplayName("GO-3 a block in the background has no scope, no deadline and no caller")
  void alone() throws InterruptedException {
    Channel<Context> seen = chan();
    try (Scope scope = Scope.open()) {
      scope.go(
          () ->
              Context.current()
                  .within(Duration.ofMinutes(1))
                  .calledBy(new Origin.Remote("a peer", null))
                  .run(() -> GoBlock.background("own", () -> seen.put(Context.current()))));
    } // though the block still waits
    assertThat(seen.take()).isEqualTo(new Context(Time.NEVER, Origin.local()));
  }

  @Test
  @DisplayName("GO-2 what a block in the background throws goes to the uncaught handler at once")
  void fails() throws InterruptedException {
    Channel<String> told = chan(1);
    UncaughtHandler before =
        Csp.setUncaughtHandler((where, failure) -> told.offer(where + ": " + failure.getMessage()));
    try {
      GoBlock.background(
          "own",
          () -> {
            throw new IllegalStateException("the well is dry");
          });
      assertThat(Objects.requireNonNull(told.take())).isEqualTo("go block 'own': the well is dry");
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }
}
