package dev.circulate.examples;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.rabbitmq.WorkQueue;
import dev.circulate.rabbitmq.testkit.Broker;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * nothing counts twice, since a file that comes back a second time is known. A file that cannot be
 * counted is said to be so. However this ends, it leaves no queue at the broker.
 *
 * <p>The first argument is the folder; without one it is this project's.
 */
public final class WordCount {
  private static final int WORKERS = 3;
  private static final Set<String> TEXTS = Set.of("java", "md", "txt", "xml", "json");

  private WordCount() {}

  /** A file to count. */
  record Job(String path) {}

  /** How often each word stands in a file, or why it is not counted. */
  record Counted(
      String path, Map<String, Object> words, Optional<String> notCounted, long worker) {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(main)));
    List<Path> files = texts(Path.of(args.length > 0 ? args[0] : "..").toRealPath());
    try (Broker broker = Broker.find()) {
      IO.println(broker.sentence());
      String run = "word-count-" + UUID.randomUUID();
      try (WorkQueue<Job> jobs = WorkQueue.open(broker.uri(), run + ".jobs", Job.class);
          Closeable _ = jobs::delete;
          WorkQueue<Counted> results =
              WorkQueue.open(broker.uri(), run + ".results", Counted.class);
          Closeable _ = results::delete) {
        count(files, broker.uri(), run, jobs, results);
      }
    }
  }

  /** Ctrl-C, too, waits until the queues are deleted. */
  private static void end(Thread main) {
    main.interrupt();
    try {
      main.join(Duration.ofSeconds(30));
    } catch (InterruptedException _) {
      // then it ends now
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
        workers.add(startWorker(broker, run));
      }
      for (Process worker : workers) {
        awaitReady(worker);
      }
      IO.println("workers " + workers.stream().map(Process::pid).toList());
      Csp.go("give out files", () -> giveOut(files, jobs, counted));
      results.work(1, result -> counted.put(result.value()));
      follow(files.size(), counted, workers);
    } finally {
      counted.cancel(); // nobody takes results any more, so nobody is to wait with one
      for (Process worker : workers) {
        worker.destroyForcibly().waitFor();
      }
    }
  }

  /** Puts all files into the queue; if that fails, whoever waits for their words hears of it. */
  static void giveOut(List<Path> files, WorkQueue<Job> jobs, Channel<Counted> counted)
      throws InterruptedException {
    try {
      for (Path file : files) {
        jobs.put(new Job(file.toString()));
      }
    } catch (RuntimeException e) {
      counted.close(e);
    }
  }

  private static void follow(int files, Channel<Counted> counted, List<Process> workers)
      throws InterruptedException {
    ProgressBar bar = new ProgressBar(files);
    Set<String> done = new TreeSet<>();
    Set<Long> counting = new TreeSet<>();
    Map<String, Long> words = new TreeMap<>();
    List<String> notCounted = new ArrayList<>();
    while (done.size() < files) {
      Counted result = counted.take();
      if (result == null || !done.add(result.path())) {
        continue; // two have counted it, since the first was killed before it could say so
      }
      counting.add(result.worker());
      result.notCounted().ifPresent(why -> notCounted.add(result.path() + ": " + why));
      result.words().forEach((word, n) -> words.merge(word, ((Number) n).longValue(), Long::sum));
      bar.show(done.size());
      if (done.size() == files / 3) {
        killOne(workers, result.worker());
      }
    }
    bar.end();
    notCounted.forEach(why -> IO.println("not counted: " + why));
    IO.println(
        "counted %d words, %d different ones, in %d files by %d workers"
            .formatted(
                words.values().stream().mapToLong(Long::longValue).sum(),
                words.size(),
                files - notCounted.size(),
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

  private static Process startWorker(URI broker, String run) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                WordCountWorker.class.getName(),
                run)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    // not as an argument: it may have a password, and every user can read command lines
    builder.environment().put(Broker.VARIABLE, broker.toString());
    return builder.start();
  }

  private static void awaitReady(Process worker) throws IOException, InterruptedException {
    // in a block, since a thread that reads a pipe cannot be interrupted
    Channel<String> said = Csp.go(() -> worker.inputReader().readLine());
    if (said.take() == null) {
      throw new IOException("worker " + worker.pid() + " did not start");
    }
  }
}
