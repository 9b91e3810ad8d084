package dev.circulate.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the tests of whole programs rely on. */
class ProgramTest {
  @Test
  @DisplayName("a program that does not end fails its test, which says so, and is ended with it")
  void hanging() throws Exception {
    ProcessHandle handle;
    try (Program program =
        Program.start(
            System.getProperty("java.class.path"),
            ServerProcess.class.getName(),
            "ws://127.0.0.1:0/csp")) {
      handle = program.handle();
      assertThatThrownBy(() -> program.awaitSuccess(Duration.ZERO))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("it had not ended after PT0S");
    }
    assertThat(handle.isAlive()).isFalse();
  }
}
