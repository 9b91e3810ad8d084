package dev.circulate.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;

/** What a process told of the tests that it ran, as tests of ours. */
final class Told {
  private static final Path TESTS = Path.of("target", "tests");

  private Told() {}

  /** Skips the caller's test where no Node was when this was built. */
  static void assumeNode() {
    assumeTrue(
        Files.exists(TESTS.resolve("node.js")),
        "skipped: there was no Node to build the JavaScript module and its tests with");
  }

  /**
   * Runs a process, which writes what it tells to the file that is its last argument.
   *
   * @param name what the file is called
   * @param environment what it has besides ours
   * @param command the process, without its last argument
   * @param last what comes before the file in the last argument
   */
  static Stream<DynamicTest> by(
      String name, Map<String, String> environment, List<String> command, String last)
      throws IOException, InterruptedException {
    Path file = TESTS.toAbsolutePath().resolve(name + ".json");
    Files.deleteIfExists(file);
    List<String> whole = new ArrayList<>(command);
    whole.add(last + file);
    File log = TESTS.resolve(name + ".log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(log);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(12, TimeUnit.MINUTES)).as("it ends").isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(file).as(() -> "what was told; the log says: " + text(log)).exists();
    return tests(new ObjectMapper().readTree(file.toFile()));
  }

  /** The tests in a list of what was told, which is not empty. */
  static Stream<DynamicTest> tests(JsonNode told) {
    assertThat(told).as("tests that were told of").isNotEmpty();
    return StreamSupport.stream(told.spliterator(), false).map(Told::test);
  }

  private static String text(File log) {
    try {
      return Files.readString(log.toPath());
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static DynamicTest test(JsonNode one) {
    return DynamicTest.dynamicTest(
        one.get("title").asText(),
        () -> {
          if (one.has("error")) {
            throw new AssertionError(one.get("error").asText());
          }
        });
  }
}
