package dev.circulate.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.IChart;

/** The report's plots: one of all ratios, and one of each cost that was scaled. */
final class Charts {
  private static final Pattern SCALED = Pattern.compile("scaling, (.+) (\\d+)");
  private static final String RATIOS = "ratios";
  private static final String GROWTH = "scaling-";
  private static final List<String> FORMATS = List.of("png", "svg");
  private static final int RATIOS_WIDTH = 1000;
  private static final int GROWTH_WIDTH = 700;
  private static final int GROWTH_HEIGHT = 350;

  /** How high a row is in the plot of all ratios. */
  private static final int BAR = 26;

  /** The library of the charts refuses to write less. */
  private static final int FEWEST_LABELS = 2;

  private Charts() {}

  /** Writes the plots of these rows, in place of those that a folder has. */
  static void write(List<Row> rows, Path folder) throws IOException {
    deletePlots(folder);
    List<Row> compared = compared(rows);
    if (!compared.isEmpty()) {
      save(ratios(compared), folder.resolve(RATIOS));
    }
    for (Map.Entry<String, List<Row>> group : scaled(rows).entrySet()) {
      String file = GROWTH + group.getKey().replace(' ', '-');
      save(growth(group.getKey(), group.getValue()), folder.resolve(file));
    }
  }

  private static void deletePlots(Path folder) throws IOException {
    String plots = "{%s,%s*}.{%s}".formatted(RATIOS, GROWTH, String.join(",", FORMATS));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, plots)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** Those that have a line in the plot of all ratios. */
  static List<Row> compared(List<Row> rows) {
    return rows.stream()
        .filter(row -> row.ratio().isPresent())
        .filter(row -> !SCALED.matcher(row.scenario()).matches())
        .filter(row -> !row.scenario().startsWith(Scenario.FLOOR))
        .toList();
  }

  private static HorizontalBarChart ratios(List<Row> rows) {
    HorizontalBarChart chart =
        new HorizontalBarChartBuilder()
            .title("Best peer ÷ ours: above 1 we win")
            .width(RATIOS_WIDTH)
            .height(120 + BAR * rows.size())
            .build();
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setXAxisDecimalPattern("0.0");
    chart.getStyler().setXAxisMaxLabelCount(Math.max(FEWEST_LABELS, rows.size()));
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.addSeries(
        "ratio",
        rows.stream().map(row -> row.ratio().orElseThrow()).toList(),
        rows.stream().map(Row::scenario).toList());
    return chart;
  }

  private static XYChart growth(String what, List<Row> rows) {
    XYChart chart =
        new XYChartBuilder()
            .title("Cost against number of " + what)
            .xAxisTitle(what)
            .yAxisTitle(rows.getFirst().unit())
            .width(GROWTH_WIDTH)
            .height(GROWTH_HEIGHT)
            .build();
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    for (Library library : Library.values()) {
      List<Row> measured =
          rows.stream().filter(row -> row.measured().containsKey(library)).toList();
      if (!measured.isEmpty()) {
        chart.addSeries(
            library.title(),
            measured.stream().map(Charts::number).toList(),
            measured.stream().map(row -> row.median(library)).toList());
      }
    }
    return chart;
  }

  private static Map<String, List<Row>> scaled(List<Row> rows) {
    Map<String, List<Row>> groups = new LinkedHashMap<>();
    rows.stream()
        .filter(row -> SCALED.matcher(row.scenario()).matches() && !row.measured().isEmpty())
        .sorted(Comparator.comparingInt(Charts::number))
        .forEach(
            row -> groups.computeIfAbsent(match(row).group(1), _ -> new ArrayList<>()).add(row));
    return groups;
  }

  private static int number(Row row) {
    return Integer.parseInt(match(row).group(2));
  }

  private static Matcher match(Row row) {
    Matcher matcher = SCALED.matcher(row.scenario());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(row.scenario() + " is not a scaling row");
    }
    return matcher;
  }

  private static void save(IChart chart, Path file) throws IOException {
    for (String format : FORMATS) {
      Files.write(Path.of(file + "." + format), ChartEncoder.getBytes(chart, format));
    }
  }
}
