package dev.circulate.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Javadoc of commands, from the source to the answer of {@code _commands}. */
class CommandDocsTest {
  private static final String SOURCE =
      """
      package shop;

      import dev.circulate.service.Command;
      import java.util.List;
      import java.util.stream.Stream;

      public class Shop {
        /**
         * Answers the price of {@code item}, see {@link #order(List, int) ordering}.
         *
         * <p>A price &lt; 0 is <em>never</em> answered; one that is to be shown in a shop window is
         * rounded to whole coins, as everybody does it.
         *
         * @param item what is asked for
         * @return the price
         * @since 1.2
         */
        @Command(readOnly = true)
        int price(String item) {
          return 7;
        }

        /// Orders *something*.
        @Command(timeout = "PT5S", deprecated = "order by catalogue number", since = "1.0")
        String order(List<String> items, int[][] counts) {
          return "";
        }

        /** Never a command. */
        void other() {}

        public static class Shelf<T extends Number> {
          /** Puts {@code thing} there. */
          @Command
          void put(T thing, List<? extends T> others, T[] more) {}
        }

        public static class Desk {
          /** Takes a {@code Map<String, List<Integer>>}, as {@code a && b < c} &amp;c. */
          @Command
          void fill(int most) {}

          /** @deprecated ask the shop */
          @Deprecated
          @Command
          Stream<String> queue() {
            return Stream.of();
          }

          /** What the comment says. */
          @Command(doc = "What the annotation says.")
          void say() {}
        }
      }
      """;

  private static URLClassLoader compiled(Path folder) throws Exception {
    Path source = folder.resolve("Shop.java");
    Files.writeString(source, SOURCE);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean ok =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of(
                    "-d",
                    folder.toString(),
                    "-parameters",
                    "-Xlint:all",
                    "-Werror",
                    "-processor",
                    CommandDocs.class.getName(),
                    "-classpath",
                    System.getProperty("java.class.path")),
                null,
                compiler
                    .getStandardFileManager(null, null, null)
                    .getJavaFileObjects(source.toFile()))
            .call();
    assertThat(said.toString().lines().filter(line -> !line.contains("classfile"))).isEmpty();
    assertThat(ok).isTrue();
    return new URLClassLoader(new URL[] {folder.toUri().toURL()});
  }

  @Test
  @DisplayName("SV-3 what the Javadoc of a command says is in the answer of _commands")
  void kept(@TempDir Path folder) throws Exception {
    try (URLClassLoader loader = compiled(folder)) {
      Object shop = loader.loadClass("shop.Shop").getConstructor().newInstance();
      assertThat(Service.docs(Service.of(shop)))
          .isEqualTo(
              """
              order(items: List<String>, counts: int[][]) returns String
                  since 1.0
                  deprecated: order by catalogue number
                  answers within PT5S
                  Orders *something*.
              price(item: String) returns int
                  item: what is asked for
                  since 1.2
                  Answers the price of item, see ordering.
                  A price < 0 is never answered; one that is to be shown in a shop window is rounded to whole
                  coins, as everybody does it.
              """);
      Object shelf = loader.loadClass("shop.Shop$Shelf").getConstructor().newInstance();
      assertThat(Service.docs(Service.of(shelf)))
          .isEqualTo(
              """
              put(thing: Number, others: List<Number>, more: Number[])
                  Puts thing there.
              """);
      Object desk = loader.loadClass("shop.Shop$Desk").getConstructor().newInstance();
      assertThat(Service.docs(Service.of(desk)))
          .isEqualTo(
              """
              fill(most: int)
                  Takes a Map<String, List<Integer>>, as a && b < c &c.
              queue() returns Channel<String>
                  deprecated: ask the shop
              say()
                  What the annotation says.
              """);
    }
  }

  @Test
  @DisplayName("SV-3 the same source keeps the same docs, whenever it is compiled")
  void reproducible(@TempDir Path folder) throws Exception {
    compiled(folder).close();
    assertThat(folder.resolve(KeptDocs.resource("shop.Shop")))
        .content()
        .doesNotContain("#2", "#Mon", "#Tue", "#Wed", "#Thu", "#Fri", "#Sat", "#Sun")
        .contains("price(java.lang.String)=Answers the price of item");
  }
}
