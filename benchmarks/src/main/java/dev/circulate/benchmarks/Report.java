package dev.circulate.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, for people ({@code report.md}, plots) and for programs ({@code summary.json}).
 * Rows in which we failed come first, then those that we lose.
 */
final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Profile profile;
  private final String machine;
  private final List<Row> rows;

  /**
   * A report.
   *
   * @param machine where it was measured, as lines of a list
   */
  Report(Profile profile, String machine, List<Row> rows) {
    this.profile = profile;
    this.machine = machine;
    this.rows = rows.stream().sorted(Comparator.comparingDouble(Row::standing)).toList();
  }

  void write(Path folder) throws IOException {
    JSON.writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("summary.json").toFile(), summary());
    Files.writeString(folder.resolve("report.md"), markdown());
    Charts.write(rows, folder);
  }

  private ArrayNode summary() {
    ArrayNode summary = JSON.createArrayNode();
    for (Row row : rows) {
      ObjectNode object = summary.addObject();
      object.put("scenario", row.scenario());
      object.put("unit", row.unit());
      object.put("ours", row.ours().orElse(null));
      object.put("peer", row.bestPeer().map(Library::title).orElse(null));
      object.put("best", row.bestPeer().map(row::median).orElse(null));
      object.put("ratio", row.ratio().orElse(null));
      object.put("forks", row.forks());
      ArrayNode failed = object.putArray("failed");
      row.failed().stream().sorted().map(Library::title).forEach(failed::add);
    }
    return summary;
  }

  private String markdown() {
    StringBuilder text = new StringBuilder("# Benchmarks\n\n");
    text.append(machine).append("\n\n");
    text.append(
        """
        Profile %s: %d fork(s), %d iterations of %d ms each after %d to warm up.
        Figures are min / median / max over all iterations of all forks; *ratio* is the best peer's
        median ÷ ours, above 1 where we win. Compare inside a row only.

        """
            .formatted(
                profile.name().toLowerCase(Locale.ROOT),
                profile.forks(),
                profile.iterations(),
                profile.iterationMillis(),
                profile.warmups()));
    List<Row> remote = rows.stream().filter(Report::isRemote).toList();
    List<Row> trying = rows.stream().filter(Report::isTrying).toList();
    List<Row> floors = rows.stream().filter(Report::isFloor).toList();
    List<Row> local =
        rows.stream().filter(row -> !isRemote(row) && !isTrying(row) && !isFloor(row)).toList();
    appendTable(text, local, Library.LOCAL);
    appendTable(text, trying, Library.TRYING);
    appendTable(text, floors, Library.FLOORS);
    appendTable(text, remote, Library.REMOTE);
    return text.toString();
  }

  private static boolean isRemote(Row row) {
    return row.scenario().startsWith(RemoteScenario.PREFIX);
  }

  private static boolean isTrying(Row row) {
    return row.hasPart(Library.JCTOOLS);
  }

  private static boolean isFloor(Row row) {
    return row.scenario().startsWith(Scenario.FLOOR);
  }

  private static void appendTable(StringBuilder text, List<Row> rows, Set<Library> libraries) {
    if (rows.isEmpty()) {
      return;
    }
    text.append("| scenario | unit | ratio | best peer |");
    for (Library library : libraries) {
      text.append(' ').append(library.title()).append(" |");
    }
    text.append("\n| --- | --- | ---: | --- |");
    text.append(" ---: |".repeat(libraries.size())).append('\n');
    rows.forEach(row -> appendRow(text, row, libraries));
    text.append('\n');
  }

  private static void appendRow(StringBuilder text, Row row, Set<Library> libraries) {
    text.append("| %s | %s |".formatted(row.scenario(), row.unit()));
    text.append(
        row.ratio().map(ratio -> String.format(Locale.ROOT, " %.2f |", ratio)).orElse(" |"));
    text.append(row.bestPeer().map(peer -> " " + peer.title() + " |").orElse(" |"));
    for (Library library : libraries) {
      text.append(row.failed().contains(library) ? " failed |" : cell(row.measured().get(library)));
    }
    text.append('\n');
  }

  private static String cell(Row.@Nullable Spread spread) {
    return spread == null
        ? " |"
        : String.format(
            Locale.ROOT, " %.0f / **%.0f** / %.0f |", spread.min(), spread.median(), spread.max());
  }
}
