package dev.circulate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as slower between two reports. */
class CompareTest {
  @TempDir private Path folder;

  @Test
  void slower_than_before_and_than_the_peer() throws IOException {
    Path older = report("older", row(100, "2.0"));
    Path newer = report("newer", row(200, "1.0"));
    assertThat(Compare.slower(older, newer))
        .containsExactly("buffered 16: 100 -> 200 ns/value, ratio 2.00 -> 1.00");
    assertThat(Compare.slower(newer, older)).isEmpty();
  }

  @Test
  void a_slower_machine_is_not_a_slower_row() throws IOException {
    Path older = report("older", row(100, "2.0"));
    assertThat(Compare.slower(older, report("newer", row(200, "2.0")))).isEmpty();
  }

  @Test
  void without_a_peer_our_figure_decides() throws IOException {
    Path older = report("older", row(100, "null"));
    assertThat(Compare.slower(older, report("newer", row(200, "null")))).hasSize(1);
    assertThat(Compare.slower(older, report("newer", row(110, "null")))).isEmpty();
  }

  @Test
  void nothing_less_a_byte_is_still_nothing() throws IOException {
    Path same = report("same", row(-1, "null"));
    assertThat(Compare.slower(same, same)).isEmpty();
  }

  @Test
  void a_missing_row_is_told() throws IOException {
    assertThat(Compare.slower(report("older", row(100, "2.0")), report("newer", "")))
        .containsExactly("buffered 16: not in the newer report");
  }

  @Test
  void not_a_report() throws IOException {
    Path wrong = Files.writeString(folder.resolve("wrong"), "{}");
    assertThatThrownBy(() -> Compare.slower(wrong, wrong))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected an array of rows, got OBJECT");
  }

  private Path report(String name, String rows) throws IOException {
    return Files.writeString(folder.resolve(name), "[" + rows + "]");
  }

  private static String row(int ours, String ratio) {
    return """
    {"scenario": "buffered 16", "unit": "ns/value", "ours": %d, "ratio": %s}\
    """
        .formatted(ours, ratio);
  }

  @Test
  void a_luckier_peer_is_not_a_slower_row() throws IOException {
    Path older = report("older", row(100, "2.0"));
    assertThat(Compare.slower(older, report("newer", row(100, "1.0")))).isEmpty();
  }

  @Test
  void slower_by_more_than_fifteen_percent() throws IOException {
    Path older = report("older", row(1000, "2.0"));
    assertThat(Compare.slower(older, report("within", row(1140, "1.6")))).isEmpty();
    assertThat(Compare.slower(older, report("besides", row(1200, "1.75")))).isEmpty();
    assertThat(Compare.slower(older, report("beyond", row(1160, "1.73")))).hasSize(1);
  }

  @Test
  void what_had_failed_before_did_not_become_slower() throws IOException {
    String failed =
        """
        {"scenario": "buffered 16", "unit": "ns/value", "ours": null, "ratio": null}\
        """;
    Path older = report("older", failed);
    Path newer = report("newer", row(100, "2.0"));
    assertThat(Compare.slower(older, newer)).isEmpty();
    assertThat(Compare.slower(newer, older))
        .containsExactly("buffered 16: not in the newer report");
  }
}
