package dev.circulate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run leaves, whichever rows it had: it is written anew after each. */
class ReportTest {
  @TempDir private Path folder;

  @Test
  void the_first_row_alone() throws IOException {
    write(row("buffered 16", Library.KOTLIN));
    assertThat(folder.resolve("ratios.png")).isNotEmptyFile();
    assertThat(folder.resolve("ratios.svg")).isNotEmptyFile();
    assertThat(folder.resolve("report.md"))
        .content()
        .contains("| buffered 16 | ns | 2.00 | kotlin |");
  }

  @Test
  void floors_are_no_peers() {
    Row local = row("buffered 16", Library.KOTLIN);
    Row remote = row("remote calls, WebSocket JSON, 1", Library.GRPC_DEFAULT);
    assertThat(
            Charts.compared(
                List.of(
                    row("floor, rendezvous 1-1", Library.PARKING),
                    local,
                    row("floor, remote calls, WebSocket, 1", Library.WEB_SOCKET),
                    remote)))
        .containsExactly(local, remote);
  }

  @Test
  void what_is_scaled_has_a_plot_of_its_own() throws IOException {
    write(row("scaling, arms 2", Library.JOX), row("scaling, arms 1024", Library.JOX));
    assertThat(folder.resolve("scaling-arms.png")).isNotEmptyFile();
    assertThat(folder.resolve("ratios.png")).doesNotExist();
  }

  @Test
  void one_object_for_each_row() throws IOException {
    write(row("buffered 16", Library.KOTLIN));
    JsonNode summary = new ObjectMapper().readTree(folder.resolve("summary.json").toFile());
    assertThat(summary)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    [{"scenario": "buffered 16", "unit": "ns", "ours": 50.0, "peer": "kotlin",
                      "best": 100.0, "ratio": 2.0, "forks": 3, "failed": []}]
                    """));
  }

  @Test
  void a_row_in_which_we_failed_is_the_first() throws IOException {
    Row lost =
        new Row(
            "spawn and join 1",
            "ns",
            3,
            Map.of(Library.KOTLIN, Row.Spread.of(List.of(100.0))),
            EnumSet.of(Library.CIRCULATE, Library.JDK));
    write(row("buffered 16", Library.KOTLIN), lost);
    assertThat(folder.resolve("report.md"))
        .content()
        .containsSubsequence(
            "| spawn and join 1 | ns | | kotlin | failed | | 100 / **100** / 100 | | failed |",
            "| buffered 16 |");
    assertThat(new ObjectMapper().readTree(folder.resolve("summary.json").toFile()).at("/0/failed"))
        .map(JsonNode::asText)
        .containsExactly("circulate", "JDK");
  }

  @ParameterizedTest
  @CsvSource({"0.4, 0.9", "-1, 50", "50, 0.3"})
  void what_is_less_than_a_unit_is_not_compared(double ours, double best) {
    Row row =
        new Row(
            "bytes, abandoned timeout",
            "bytes",
            1,
            Map.of(
                Library.CIRCULATE,
                Row.Spread.of(List.of(ours)),
                Library.JOX,
                Row.Spread.of(List.of(best))),
            Set.of());
    assertThat(row.ratio()).isEmpty();
  }

  @Test
  void plots_of_an_earlier_run_go() throws IOException {
    write(row("buffered 16", Library.KOTLIN), row("scaling, arms 2", Library.JOX));
    write(row("scaling, go blocks 1", Library.JDK));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "report.md", "summary.json", "scaling-go-blocks.png", "scaling-go-blocks.svg");
    }
  }

  private void write(Row... rows) throws IOException {
    new Report(Profile.MEDIUM, "- a machine", List.of(rows)).write(folder);
  }

  private static Row row(String scenario, Library peer) {
    return new Row(
        scenario,
        "ns",
        3,
        Map.of(
            Library.CIRCULATE,
            Row.Spread.of(List.of(40.0, 50.0, 60.0)),
            peer,
            Row.Spread.of(List.of(90.0, 100.0, 110.0))),
        Set.of());
  }

  @Test
  void rows_that_we_lose_come_first_the_worst_before_the_others() throws IOException {
    write(
        row("won", Library.KOTLIN),
        new Row("alone", "ns", 3, Map.of(Library.CIRCULATE, Row.Spread.of(List.of(1.0))), Set.of()),
        compared("lost", 100, 50),
        compared("worse", 100, 25));
    assertThat(new ObjectMapper().readTree(folder.resolve("summary.json").toFile()))
        .extracting(row -> row.path("scenario").asText())
        .containsExactly("worse", "lost", "won", "alone");
    assertThat(folder.resolve("report.md"))
        .content()
        .containsSubsequence("| worse |", "| lost |", "| won |", "| alone |");
  }

  private static Row compared(String scenario, double ours, double best) {
    return new Row(
        scenario,
        "ns",
        3,
        Map.of(
            Library.CIRCULATE,
            Row.Spread.of(List.of(ours)),
            Library.KOTLIN,
            Row.Spread.of(List.of(best))),
        Set.of());
  }

  @Test
  void figures_are_the_least_the_middle_and_the_greatest() throws IOException {
    assertThat(Row.Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Row.Spread(1, 3, 9));
    write(row("buffered 16", Library.KOTLIN));
    assertThat(folder.resolve("report.md"))
        .content()
        .contains("| 40 / **50** / 60 |")
        .contains("| 90 / **100** / 110 |");
  }

  @Test
  void each_library_of_a_row_has_its_figures_there() throws IOException {
    for (Library peer : Library.values()) {
      if (peer != Library.CIRCULATE) {
        write(row(nameWith(peer), peer));
        assertThat(folder.resolve("report.md"))
            .content()
            .as(peer.title())
            .contains(" " + peer.title() + " |")
            .contains("| 90 / **100** / 110 |");
      }
    }
  }

  /** The name of a row in which a library takes part. */
  private static String nameWith(Library peer) {
    if (Library.LOCAL.contains(peer) || Library.TRYING.contains(peer)) {
      return "offer and poll 1024, 1-1";
    }
    return Library.REMOTE.contains(peer)
        ? RemoteScenario.PREFIX + "calls, WebSocket JSON, 1"
        : Scenario.FLOOR + "of it";
  }
}
