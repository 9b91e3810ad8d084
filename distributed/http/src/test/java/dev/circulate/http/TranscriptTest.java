package dev.circulate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.circulate.runtime.Authenticator;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The {@code curl} transcripts of the documentation, done again: a block of a page that is marked
 * as {@code console} and begins with {@code $ curl}. Two servers answer, that of {@link Cafe} at
 * port 8080 and one with gates at 8081, which really are at free ports.
 */
class TranscriptTest {
  private static final Path REST = Path.of("../../docs/rest.md");
  private static final List<Path> PAGES = List.of(REST, Path.of("../../README.md"));
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final String PROMPT = "$ ";

  /**
   * One command and what it printed.
   *
   * @param page where it stands
   */
  record Transcript(Path page, String command, String output) {
    @Override
    public String toString() {
      return page.getFileName() + ": " + command;
    }
  }

  private static Rest open;
  private static Rest gated;

  @BeforeAll
  static void start() throws IOException {
    Root root = Root.named("b-root").add("cafe", Service.of(new Cafe()), Visibility.PUBLIC);
    open = Rest.serve(root).port(0).start();
    gated =
        Rest.serve(root)
            .port(0)
            .authenticator(Authenticator.bearer(Map.of("secret", "alice")::get))
            .allowOrigins("https://app.example")
            .hosts("api.example")
            .bodyLimit(1_000)
            .timeouts(Duration.ofSeconds(5), Duration.ofMinutes(1))
            .grace(Duration.ofSeconds(10))
            .start();
  }

  @AfterAll
  static void stop() {
    open.close();
    gated.close();
  }

  private static Stream<Matcher> blocks(Path page, String language) {
    try {
      return BLOCK
          .matcher(Files.readString(page))
          .results()
          .map(result -> BLOCK.matcher(result.group()))
          .filter(block -> block.matches() && block.group(1).equals(language));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Transcript> transcripts() {
    return PAGES.stream().flatMap(TranscriptTest::transcripts);
  }

  private static Stream<Transcript> transcripts(Path page) {
    return blocks(page, "console")
        .map(block -> block.group(2))
        .filter(text -> text.startsWith(PROMPT + "curl "))
        .flatMap(text -> commands(page, text).stream());
  }

  private static List<Transcript> commands(Path page, String block) {
    List<Transcript> commands = new ArrayList<>();
    for (String part : block.split("(?m)^\\$ ", -1)) {
      if (!part.isEmpty()) {
        int end = part.indexOf('\n');
        while (part.charAt(end - 1) == '\\') { // it goes on in the next line
          end = part.indexOf('\n', end + 1);
        }
        commands.add(
            new Transcript(page, part.substring(0, end), part.substring(end + 1).stripTrailing()));
      }
    }
    return commands;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transcripts")
  @DisplayName("a transcript of the documentation is what curl prints")
  void transcript(Transcript transcript) throws Exception {
    assumeTrue(isInstalled(), "curl is not installed");
    String printed =
        run(
            transcript
                .command
                .replace("localhost:8080", "localhost:" + open.uri().getPort())
                .replace("localhost:8081", "localhost:" + gated.uri().getPort()));
    assertThat(
            printed
                .replace("localhost:" + open.uri().getPort(), "localhost:8080")
                .replace("localhost:" + gated.uri().getPort(), "localhost:8081"))
        .isEqualTo(transcript.output);
  }

  @Test
  @DisplayName("the page on REST has transcripts, and its service is the one that answers them")
  void page() throws IOException {
    assertThat(transcripts(REST)).hasSizeGreaterThan(10);
    String cafe =
        Files.readString(Path.of("src/test/java/dev/circulate/http/Cafe.java"))
            + Files.readString(Path.of("src/test/java/dev/circulate/http/TranscriptTest.java"));
    assertThat(blocks(REST, "java").map(block -> block.group(2)))
        .isNotEmpty()
        .first()
        .satisfies(code -> assertThat(cafe).contains(code));
  }

  private static boolean isInstalled() throws InterruptedException {
    try {
      return new ProcessBuilder("curl", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** What a command prints, without the carriage returns that end the lines of a header. */
  private static String run(String command) throws IOException, InterruptedException {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true);
    shell.environment().put("NO_PROXY", "*");
    Process process = shell.start();
    try {
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(command).isTrue();
      return printed.replace("\r", "").stripTrailing();
    } finally {
      process.destroyForcibly();
    }
  }
}
