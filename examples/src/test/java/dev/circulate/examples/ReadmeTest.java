package dev.circulate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is true. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  /** One to a file, as seen from the page that it is in. */
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

  private static final ThrowingConsumer<Path> EXISTS = path -> assertThat(path).exists();

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  @Test
  @DisplayName("the README's first program compiles and says hello")
  void firstProgram(@TempDir Path folder) throws IOException, InterruptedException {
    Matcher program = JAVA.matcher(readme());
    assertThat(program.find()).isTrue();
    Path file = Files.writeString(folder.resolve("Hello.java"), program.group(1));
    try (Program hello = Program.start(System.getProperty("java.class.path"), file.toString())) {
      assertThat(hello.awaitSuccess(Duration.ofMinutes(2))).isEqualTo("hello\n");
    }
  }

  @Test
  @DisplayName("the README's links lead somewhere")
  void links() throws IOException {
    assertThat(linked(ROOT.resolve("README.md"))).hasSizeGreaterThan(10).allSatisfy(EXISTS);
  }

  @Test
  @DisplayName("so do those of the documentation's other pages")
  void linksOfOtherPages() throws IOException {
    List<Path> linked = new ArrayList<>(linked(ROOT.resolve("benchmarks/README.md")));
    try (DirectoryStream<Path> pages = Files.newDirectoryStream(ROOT.resolve("docs"), "*.md")) {
      for (Path page : pages) {
        linked.addAll(linked(page));
      }
    }
    assertThat(linked).hasSizeGreaterThan(10).allSatisfy(EXISTS);
  }

  /** The files that a page links to. */
  private static List<Path> linked(Path page) throws IOException {
    return LINK.matcher(Files.readString(page))
        .results()
        .map(link -> page.resolveSibling(link.group(1)))
        .toList();
  }
}
