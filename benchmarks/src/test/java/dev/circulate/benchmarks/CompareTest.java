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
}
