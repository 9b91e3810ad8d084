package dev.circulate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.rabbitmq.testkit.Broker;
import dev.circulate.rabbitmq.testkit.EmbeddedBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A farm of processes counts each file once, although one of them is killed. */
@Timeout(180) // five processes start
class WordCountTest {
  private static final int FILES = 120;

  @TempDir private Path folder;

  /** Files with known words. */
  private int write() throws IOException {
    int words = 0;
    for (int i = 0; i < FILES; i++) {
      int lines = 1_000 + i;
      Files.writeString(folder.resolve("file" + i + ".txt"), "two words\n".repeat(lines));
      words += 2 * lines;
    }
    return words;
  }

  private void assertCountsAll(Map<String, String> environment) throws Exception {
    int words = write();
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WordCount.class.getName(),
                folder.toString())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process farm = builder.start();
    farm.getOutputStream().close();
    String said = new String(farm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(farm.waitFor()).as(said).isZero();
    assertThat(said)
        .contains("killed worker")
        .contains("[########################################] 120 of 120 files")
        .containsPattern(
            "counted " + words + " words, 2 different ones, in 120 files by [23] workers");
  }

  @Test
  @DisplayName("over the broker that is there, or is started")
  void found() throws Exception {
    assertCountsAll(Map.of());
  }

  @Test
  @DisplayName("over the broker within a JVM")
  void embedded() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      assertCountsAll(Map.of(Broker.VARIABLE, broker.uri().toString()));
    }
  }
}
