package dev.circulate.examples;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.rabbitmq.WorkQueue;
import dev.circulate.rabbitmq.testkit.Broker;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Counts words with a farm: this process finds the files and shows how far they are, three {@link
 * WordCountWorker} processes count, and a durable queue of a broker stands between them.
 *
 * <p>It takes the broker that is there, and starts one if there is none. In the middle it kills a
 * worker, with what that has in its hands: the broker gives it to another, nothing is lost, and
 * nothing counts twice, since a file that comes back a second time is known.
 *
 * <p>The first argument is the folder; without one it is this project's.
 */
public final class WordCount {
  private static final int WORKERS = 3;
  private static final Set<String> TEXTS = Set.of("java", "md", "txt", "xml", "json");

  private WordCount() {}

  /** A file to count. */
  record Job(String path) {}

  /** How often each word stands in a file. */
  record Counted(String path, Map<String, Object> words, long worker) {}

  public static void main(String[] args) throws IOException, InterruptedException {
    List<Path> files = texts(Path.of(args.length > 0 ? args[0] : "..").toRealPath());
    try (Broker broker = Broker.find()) {
      IO.println(broker.sentence());
      String run = "word-count-" + UUID.randomUUID();
      try (WorkQueue<Job> jobs = WorkQueue.open(broker.uri(), run + ".jobs", Job.class);
          WorkQueue<Counted> results =
              WorkQueue.open(broker.uri(), run + ".results", Counted.class)) {
        count(files, broker.uri(), run, jobs, results);
        jobs.delete();
        results.delete();
      }
    }
  }

  private static List<Path> texts(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> isText(folder.relativize(path)) && Files.isRegularFile(path))
          .sorted()
          .toList();
    }
  }

  private static boolean isText(Path path) {
    for (Path part : path) {
      if (part.toString().equals("target") || part.toString().startsWith(".")) {
        return false;
      }
    }
    String name = path.toString();
    return TEXTS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private static void count(
      List<Path> files, URI broker, String run, WorkQueue<Job> jobs, WorkQueue<Counted> results)
      throws IOException, InterruptedException {
    Channel<Counted> counted = Csp.chan(16);
    List<Process> workers = new ArrayList<>();
    try {
      for (int i = 0; i < WORKERS; i++) {
        workers.add(worker(broker, run));
      }
      IO.println("workers " + workers.stream().map(Process::pid).toList());
      Csp.go(
          "give out files",
          () -> {
            for (Path file : files) {
              jobs.put(new Job(file.toString()));
            }
          });
      results.work(1, result -> counted.put(result.value()));
      follow(files.size(), counted, workers);
    } finally {
      for (Process worker : workers) {
        worker.destroyForcibly().waitFor();
      }
    }
  }

  private static void follow(int files, Channel<Counted> counted, List<Process> workers)
      throws InterruptedException {
    ProgressBar bar = new ProgressBar(files);
    Set<String> done = new TreeSet<>();
    Set<Long> counting = new TreeSet<>();
    Map<String, Long> words = new TreeMap<>();
    while (done.size() < files) {
      Counted result = counted.take();
      if (result == null || !done.add(result.path())) {
        continue; // two have counted it, since the first was killed before it could say so
      }
      counting.add(result.worker());
      result.words().forEach((word, n) -> words.merge(word, ((Number) n).longValue(), Long::sum));
      bar.show(done.size());
      if (done.size() == files / 3) {
        killOne(workers, result.worker());
      }
    }
    bar.end();
    IO.println(
        "counted %d words, %d different ones, in %d files by %d workers"
            .formatted(
                words.values().stream().mapToLong(Long::longValue).sum(),
                words.size(),
                files,
                counting.size()));
  }

  private static void killOne(List<Process> workers, long pid) {
    for (Process worker : workers) {
      if (worker.pid() == pid) {
        worker.destroyForcibly();
        IO.println("\nkilled worker " + pid);
      }
    }
  }

  private static Process worker(URI broker, String run) throws IOException {
    Process worker =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                WordCountWorker.class.getName(),
                broker.toString(),
                run)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = worker.inputReader();
    if (said.readLine() == null) {
      throw new IOException("a worker did not start");
    }
    return worker;
  }
}
