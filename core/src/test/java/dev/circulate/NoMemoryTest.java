package dev.circulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A put for which there is no memory; each test runs a JVM that has little. */
class NoMemoryTest {
  /** A program whose first value needs more room than there is. */
  public static final class TooLarge {
    private TooLarge() {}

    public static void main(String[] args) throws Exception {
      Channel<Integer> channel = Csp.chan(Buffer.MAX_CAPACITY);
      try {
        channel.offer(1);
      } catch (OutOfMemoryError e) {
        System.out.println("thrown");
      }
      Thread other = Thread.ofPlatform().daemon().start(channel::close);
      System.out.println(other.join(Duration.ofSeconds(10)) ? "closed" : "hangs");
    }
  }

  /** A program that fills a channel without a bound until there is no room, and then empties it. */
  public static final class TooMany {
    private TooMany() {}

    public static void main(String[] args) throws Exception {
      Channel<Integer> channel = Csp.chan(Csp.unbounded());
      int[] accepted = {0};
      try {
        while (channel.offer(accepted[0] % 100)) {
          accepted[0]++;
        }
      } catch (OutOfMemoryError e) {
        System.out.println("thrown");
      }
      Thread other =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    int taken = 0;
                    Integer next = channel.poll();
                    while (next != null && next == taken % 100) {
                      taken++;
                      next = channel.poll();
                    }
                    System.out.println(taken == accepted[0] ? "all" : taken + " of " + accepted[0]);
                  });
      System.out.println(other.join(Duration.ofSeconds(10)) ? "taken" : "hangs");
    }
  }

  @Test
  @DisplayName("CH-7 a channel that had no memory for its buffer throws, and can be closed")
  void tooLarge() throws Exception {
    assertThat(run(TooLarge.class)).containsExactly("thrown", "closed");
  }

  @Test
  @DisplayName("CH-5 what was accepted is taken after a put for which there was no memory")
  void tooMany() throws Exception {
    assertThat(run(TooMany.class)).containsExactly("thrown", "all", "taken");
  }

  private static String[] run(Class<?> program) throws Exception {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName())
            .redirectErrorStream(true)
            .start();
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .split("\\R");
    } finally {
      process.destroyForcibly();
    }
  }
}
