package dev.circulate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the suite and writes its report. A row is measured in rounds: in each, one JVM of every
 * library, one right after the other. So a machine that gets slower in the meantime, or a virtual
 * one that is moved to processors farther apart, is as unkind to all of them.
 */
public final class Bench {
  private final Profile profile;
  private final Pattern include;
  private final Path report;
  private final List<Row> rows = new ArrayList<>();
  private final List<RunResult> raw = new ArrayList<>();
  private final Distance distance = new Distance();

  Bench(Profile profile, Pattern include, Path report) {
    this.profile = profile;
    this.include = include;
    this.report = report;
  }

  /**
   * Runs the suite; ends with status 1 if a library failed in a row.
   *
   * @param args the profile, a regular expression that is looked for in the names of rows, and the
   *     folder to write into
   */
  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      throw new IllegalArgumentException(
          "expected a profile, a regex and a folder; got " + List.of(args));
    }
    Profile profile = Profile.valueOf(args[0].toUpperCase(Locale.ROOT));
    Bench bench = new Bench(profile, Pattern.compile(args[1]), Path.of(args[2]));
    bench.run();
    List<String> failures = bench.failures();
    failures.forEach(System.out::println);
    if (!failures.isEmpty()) {
      System.exit(1);
    }
  }

  private void run() throws Exception {
    Files.createDirectories(report);
    List<Scenario> scenarios =
        Scenario.all().stream().filter(scenario -> isIncluded(scenario.name())).toList();
    List<Footprint.Thing> things =
        List.of(Footprint.Thing.values()).stream()
            .filter(thing -> isIncluded(thing.scenario()))
            .toList();
    List<RemoteScenario> remotes =
        RemoteScenario.all().stream().filter(scenario -> isIncluded(scenario.name())).toList();
    int total = scenarios.size() + things.size() + remotes.size();
    for (Scenario scenario : scenarios) {
      announce(scenario.name(), total);
      measure(scenario);
    }
    for (RemoteScenario scenario : remotes) {
      announce(scenario.name(), total);
      measure(scenario);
    }
    for (Footprint.Thing thing : things) {
      announce(thing.scenario(), total);
      measure(thing);
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("no row has " + include + " in its name");
    }
    System.out.println("Report: " + report.toAbsolutePath());
  }

  private boolean isIncluded(String name) {
    return include.matcher(name).find();
  }

  private void announce(String name, int total) {
    System.out.printf("%n=== %d of %d: %s%n", rows.size() + 1, total, name);
  }

  /** Who failed, row by row. */
  List<String> failures() {
    return rows.stream()
        .flatMap(
            row ->
                row.failed().stream()
                    .map(library -> row.scenario() + ": " + library.title() + " failed"))
        .toList();
  }

  /** Measures a row, and writes the report with it. */
  void measure(Scenario scenario) throws RunnerException, IOException, InterruptedException {
    ChainedOptionsBuilder options =
        options(ScenarioBenchmark.class, scenario.name(), Heap.OPTIONS)
            .operationsPerInvocation(scenario.operations());
    measure(scenario.name(), scenario.unit(), participants(scenario), options);
  }

  private void measure(RemoteScenario scenario)
      throws RunnerException, IOException, InterruptedException {
    ChainedOptionsBuilder options =
        options(RemoteBenchmark.class, scenario.name(), RemoteServer.JVM_OPTIONS)
            .operationsPerInvocation(scenario.operations())
            // two JVMs have much to compile
            .warmupTime(TimeValue.milliseconds(3L * profile.iterationMillis()));
    measure(scenario.name(), scenario.unit(), scenario.libraries(), options);
  }

  private void measure(
      String scenario, String unit, Set<Library> libraries, ChainedOptionsBuilder options)
      throws RunnerException, IOException, InterruptedException {
    options.param("library", libraries.stream().map(Library::name).toArray(String[]::new));
    Map<Library, List<Double>> samples = new EnumMap<>(Library.class);
    Set<Library> failed = EnumSet.noneOf(Library.class);
    for (int round = 0; round < profile.forks(); round++) {
      distance.look();
      Set<Library> missing = EnumSet.copyOf(libraries);
      for (RunResult result : new Runner(options.build()).run()) {
        Library library = Library.valueOf(result.getParams().getParam("library"));
        samples.computeIfAbsent(library, _ -> new ArrayList<>()).addAll(samples(result));
        missing.remove(library);
        raw.add(result);
      }
      failed.addAll(missing);
    }
    samples.keySet().removeAll(failed);
    Map<Library, Row.Spread> measured = new EnumMap<>(Library.class);
    samples.forEach((library, figures) -> measured.put(library, Row.Spread.of(figures)));
    add(scenario, unit, libraries, measured);
  }

  /** Of a library that failed JMH, or a JVM of its own, leaves no figure. */
  private void add(
      String scenario, String unit, Set<Library> libraries, Map<Library, Row.Spread> measured)
      throws IOException, InterruptedException {
    Set<Library> failed = EnumSet.copyOf(libraries);
    failed.removeAll(measured.keySet());
    rows.add(new Row(scenario, unit, profile.forks(), measured, failed));
    write();
  }

  private Set<Library> participants(Scenario scenario) {
    Set<Library> participants = EnumSet.copyOf(scenario.libraries());
    if (Scenario.scaled().contains(scenario)) {
      participants.removeIf(library -> !profile.scales(library));
    }
    return participants;
  }

  private ChainedOptionsBuilder options(
      Class<?> benchmark, String scenario, List<String> jvmOptions) {
    return new OptionsBuilder()
        .include(Pattern.quote(benchmark.getName()))
        .param("scenario", scenario)
        .forks(1)
        .jvmArgsAppend(jvmOptions.toArray(String[]::new))
        .warmupIterations(profile.warmups())
        .warmupTime(TimeValue.milliseconds(profile.iterationMillis()))
        .measurementIterations(profile.iterations())
        .measurementTime(TimeValue.milliseconds(profile.iterationMillis()))
        .timeout(TimeValue.minutes(2));
  }

  private static List<Double> samples(RunResult result) {
    List<Double> samples = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        samples.add(iteration.getPrimaryResult().getScore());
      }
    }
    return samples;
  }

  private void measure(Footprint.Thing thing) throws IOException, InterruptedException {
    Map<Library, Row.Spread> measured = new EnumMap<>(Library.class);
    for (Library library : Library.LOCAL) {
      try {
        List<Double> samples = samples(library, thing);
        measured.put(library, Row.Spread.of(samples));
        System.out.printf(Locale.ROOT, "%s: %.0f%n", library.title(), samples.getFirst());
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
    add(thing.scenario(), "bytes", Library.LOCAL, measured);
  }

  private List<Double> samples(Library library, Footprint.Thing thing)
      throws IOException, InterruptedException {
    List<Double> samples = new ArrayList<>();
    for (int fork = 0; fork < profile.forks(); fork++) {
      samples.add(Footprint.measure(library, thing, count(thing)));
    }
    return samples;
  }

  private int count(Footprint.Thing thing) {
    return thing == Footprint.Thing.PARKED_TAKER ? profile.parked() : 100_000;
  }

  /** After each row, so that an interrupted run leaves a report as well. */
  private void write() throws IOException, InterruptedException {
    Path json = report.resolve("jmh.json");
    ResultFormatFactory.getInstance(ResultFormatType.JSON, json.toString()).writeOut(raw);
    new Report(profile, Machine.describe() + "\n" + distance.describe(), rows).write(report);
  }
}
