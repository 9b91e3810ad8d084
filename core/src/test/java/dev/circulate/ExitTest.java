package dev.circulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Failures in a JVM that exits; each test runs one. */
class ExitTest {
  /** A program that ends with failures that nobody took and that were not collected. */
  public static final class Failing {
    private Failing() {}

    public static void main(String[] args) throws Exception {
      if (args.length > 0) {
        Csp.setUncaughtHandler(
            (where, failure) -> System.out.println("told: " + where + ": " + failure.getMessage()));
      }
      Channel<Integer> lost = fail("nobody takes this");
      Channel<Integer> taken = fail("somebody takes this");
      while (!lost.isClosed()) {
        Thread.onSpinWait();
      }
      try {
        taken.take();
      } catch (ChannelFailedException e) {
        System.out.println("taken: " + e.getCause() + ", and not " + lost);
      }
    }

    private static Channel<Integer> fail(String name) {
      return Csp.go(
          name,
          () -> {
            throw new IllegalStateException("thrown where " + name);
          });
    }
  }

  @Test
  @DisplayName("GO-2 a failure that nobody took is reported when the JVM exits")
  void reported() throws Exception {
    assertThat(run())
        .contains("go block 'nobody takes this'")
        .contains("IllegalStateException: thrown where nobody takes this")
        .contains("at dev.circulate.ExitTest$Failing")
        .contains("taken: java.lang.IllegalStateException: thrown where somebody takes this")
        .doesNotContain("go block 'somebody takes this'");
  }

  @Test
  @DisplayName("GO-2 an uncaught handler in force is told when the JVM exits")
  void handled() throws Exception {
    assertThat(run("handler"))
        .contains("told: go block 'nobody takes this': thrown where nobody takes this")
        .doesNotContain("told: go block 'somebody takes this'");
  }

  private static String run(String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Failing.class.getName());
    builder.command().addAll(List.of(arguments));
    Process process = builder.redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ends by itself").isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
