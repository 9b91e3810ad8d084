package dev.circulate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/start.md tells a newcomer to write is what there is. */
class StartPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern VERSIONED =
      Pattern.compile("<artifactId>([\\w-]+)</artifactId>\\s*<version>([^<]+)</version>");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(circulate-[a-z-]+)` \\|.*\\| `([a-z.]+)`(?:, `([a-z.]+)`)? \\|$");

  private final String page = read(ROOT.resolve("docs/start.md"));

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Path> poms() throws IOException {
    try (Stream<Path> all = Files.find(ROOT, 4, (path, _) -> path.endsWith("pom.xml"))) {
      return all.filter(path -> !path.toString().contains("target")).toList();
    }
  }

  @Test
  @DisplayName("the versions of the page's project are those of this one")
  void versions() {
    String parent = read(ROOT.resolve("pom.xml"));
    List<MatchResult> used = VERSIONED.matcher(page).results().toList();
    assertThat(used).hasSize(6);
    for (MatchResult each : used.subList(1, used.size())) {
      assertThat(parent).as(each.group(1)).contains(">" + each.group(2) + "<");
    }
  }

  @Test
  @DisplayName(
      "every artifact of the table is a module, which has the packages that stand beside it")
  void artifacts() throws IOException {
    List<MatchResult> rows = ROW.matcher(page).results().toList();
    assertThat(rows).hasSize(8);
    for (MatchResult row : rows) {
      Path pom =
          poms().stream()
              .filter(
                  each ->
                      read(each)
                          .replaceAll(
                              "(?s)<parent>.*?</parent>|<dependencies>.*?</dependencies>", "")
                          .contains("<artifactId>" + row.group(1) + "</artifactId>"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no module is " + row.group(1)));
      Set<String> packages =
          Stream.of(row.group(2), row.group(3))
              .filter(name -> name != null)
              .collect(Collectors.toSet());
      for (String name : packages) {
        assertThat(pom.resolveSibling("src/main/java").resolve(name.replace('.', '/'))).exists();
      }
    }
  }

  @Test
  @DisplayName("the page's program says hello")
  void program(@TempDir Path folder) throws IOException, InterruptedException {
    Matcher program = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(program.find()).isTrue();
    Path file = Files.writeString(folder.resolve("Hello.java"), program.group(1));
    String classes = System.getProperty("java.class.path");
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "-parameters",
                    "-proc:none",
                    "-cp",
                    classes,
                    "-d",
                    folder.toString(),
                    file.toString()))
        .isZero();
    try (Program hello = Program.start(folder + File.pathSeparator + classes, "app.Hello")) {
      assertThat(hello.awaitSuccess(Duration.ofMinutes(2))).isEqualTo("hello far side\n");
    }
  }

  @Test
  @DisplayName("every link of the page leads somewhere")
  void links() {
    List<String> links =
        Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(page).results().map(r -> r.group(1)).toList();
    assertThat(links).hasSizeGreaterThan(10);
    assertThat(links).allSatisfy(link -> assertThat(ROOT.resolve("docs").resolve(link)).exists());
  }
}
