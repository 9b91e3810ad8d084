package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.circulate.UncaughtHandler;
import dev.circulate.contract.Speechless;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GO-2: whoever reports a failure is not harmed by what is done with it. */
class UncaughtTest {
  @Test
  @DisplayName("GO-2 a handler that throws the failure itself harms nobody who reports it")
  void rethrown() {
    IllegalStateException failure = new IllegalStateException("nobody takes it");
    UncaughtHandler before =
        Uncaught.install(
            (_, _) -> {
              throw failure;
            });
    try {
      assertThatCode(() -> Uncaught.report("a test", failure)).doesNotThrowAnyException();
    } finally {
      Uncaught.install(before);
    }
  }

  @Test
  @DisplayName("GO-2 a failure that throws when it is asked what it says hides no others at exit")
  void speechlessAtExit() {
    assertThatCode(() -> Uncaught.reportAtExit("a test", new Speechless()))
        .doesNotThrowAnyException();
  }
}
