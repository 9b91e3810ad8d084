package dev.circulate.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tells from two reports what became slower. A row counts as slower when our figure grew
 * <em>and</em> our ratio to the best peer fell, each by more than the tolerance: the first alone
 * may be a slower machine, the second alone a luckier peer. A row without a peer is judged by our
 * figure.
 */
public final class Compare {
  private static final double TOLERANCE = 1.15;

  private static final ObjectMapper JSON = new ObjectMapper();

  private Compare() {}

  /**
   * Prints what became slower; ends with status 1 if anything did.
   *
   * @param args the older and the newer {@code summary.json}
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: Compare older/summary.json newer/summary.json");
      System.exit(2);
    }
    List<String> slower = slower(Path.of(args[0]), Path.of(args[1]));
    slower.forEach(System.out::println);
    System.out.println(slower.size() + " rows became slower");
    System.exit(slower.isEmpty() ? 0 : 1);
  }

  /** A line for each row that became slower, and for each that is missing from the newer report. */
  static List<String> slower(Path older, Path newer) throws IOException {
    Map<String, JsonNode> now = rows(newer);
    List<String> lines = new ArrayList<>();
    rows(older)
        .forEach(
            (scenario, before) -> {
              JsonNode after = now.get(scenario);
              if (after == null || after.path("ours").isNull()) {
                lines.add(scenario + ": not in the newer report");
              } else if (isSlower(before, after)) {
                lines.add(describe(scenario, before, after));
              }
            });
    return lines;
  }

  private static boolean isSlower(JsonNode before, JsonNode after) {
    boolean grew = ours(after) > Math.max(0, ours(before)) * TOLERANCE + Row.NOISE;
    boolean alone = before.path("ratio").isNull() || after.path("ratio").isNull();
    return grew && (alone || ratio(after) * TOLERANCE < ratio(before));
  }

  private static String describe(String scenario, JsonNode before, JsonNode after) {
    return String.format(
        Locale.ROOT,
        "%s: %.0f -> %.0f %s, ratio %.2f -> %.2f",
        scenario,
        ours(before),
        ours(after),
        after.path("unit").asText(),
        ratio(before),
        ratio(after));
  }

  private static double ours(JsonNode row) {
    return row.path("ours").asDouble();
  }

  private static double ratio(JsonNode row) {
    return row.path("ratio").asDouble(Double.NaN);
  }

  private static Map<String, JsonNode> rows(Path summary) throws IOException {
    JsonNode array = JSON.readTree(Files.readString(summary));
    if (!array.isArray()) {
      throw new IOException(summary + ": expected an array of rows, got " + array.getNodeType());
    }
    Map<String, JsonNode> rows = new LinkedHashMap<>();
    for (JsonNode row : array) {
      if (!row.path("ours").isNull()) {
        rows.put(row.path("scenario").asText(), row);
      }
    }
    return rows;
  }
}
