package dev.circulate.rabbitmq;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.contract.Forked;
import dev.circulate.rabbitmq.testkit.PrivateBroker;
import dev.circulate.runtime.Limits;
import dev.circulate.runtime.Node;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four nodes, each a process, one of which calls; the others are killed and started again under
 * load, and the broker as well.
 *
 * <p>{@code -Dcirculate.cluster.rounds=N} goes on for longer: in each round each of the three is
 * killed once, and the broker once.
 */
@Tag("long")
class ClusterTest {
  private static final int CALLERS = 64;
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final int ROUNDS = Integer.getInteger("circulate.cluster.rounds", 1);

  private final PrivateBroker broker = OwnBroker.restartable();
  private final Map<Long, String> outcomes = new ConcurrentHashMap<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong doubled = new AtomicLong();

  /** A node that can be killed. */
  private final class Worker {
    private final String name;
    private final Path begun;
    private Process process;
    private BufferedReader said;

    Worker(String name, Path folder) throws IOException {
      this.name = name;
      this.begun = folder.resolve(name);
      Files.createFile(begun);
      start();
    }

    void start() throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx128m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  WorkerProcess.class.getName(),
                  broker.uri() + "?node=" + name,
                  begun.toString(),
                  Long.toString(GRACE.toSeconds()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      said = process.inputReader();
    }

    void awaitJoined() throws IOException {
      assertThat(said.readLine()).isEqualTo("joined as " + name);
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    /** What its peers and it hold of each other. */
    String held() {
      try {
        process.outputWriter().write('\n');
        process.outputWriter().flush();
        return String.valueOf(said.readLine());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    void end() throws IOException, InterruptedException {
      process.getOutputStream().close();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  @Test
  @Timeout(1200)
  @DisplayName("DI-7 DI-8 nodes and the broker die under load: one outcome for each call")
  void underLoad(@TempDir Path folder) throws Exception {
    List<Worker> workers = new ArrayList<>();
    Limits limits = Limits.builder().grace(GRACE).build();
    try (Node client =
        Node.join(URI.create(broker.uri() + "?node=client"), Root.named("client"), limits)) {
      for (String name : List.of("w1", "w2", "w3")) {
        workers.add(new Worker(name, folder));
      }
      for (Worker worker : workers) {
        worker.awaitJoined();
      }
      until("all are known", () -> client.offering("work").size() == workers.size());
      load(client, workers);
      until("the survivors' tables are clean", () -> workers.stream().allMatch(this::isClean));
    } finally {
      for (Worker worker : workers) {
        worker.end();
      }
    }
    report(workers);
  }

  private boolean isClean(Worker worker) {
    String held = worker.held();
    return held.contains("exports=") && !held.matches(".*(exports|imports)=([2-9]|\\d\\d).*");
  }

  private void load(Node client, List<Worker> workers) throws Exception {
    Channel<Void> enough = Csp.chan();
    List<Forked<Long>> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      long first = i * 1_000_000_000L;
      callers.add(fork(() -> call(client, first, enough)));
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Worker worker : workers) {
        awaitProgress("before " + worker.name + " is killed");
        worker.kill();
        awaitProgress("without " + worker.name);
        worker.start();
        worker.awaitJoined();
      }
      awaitProgress("before the broker is killed");
      broker.kill();
      broker.up();
      awaitProgress("after the broker is back");
    }
    enough.close();
    long made = 0;
    for (Forked<Long> caller : callers) {
      made += caller.join();
    }
    assertThat(outcomes).hasSize((int) made);
  }

  private void awaitProgress(String when) {
    long before = answered.get();
    until("there is progress " + when, () -> answered.get() >= before + 300);
  }

  /** Calls until it is enough; how often. */
  private long call(Node client, long first, Channel<Void> enough) throws InterruptedException {
    long number = first;
    for (; !enough.isClosed(); number++) {
      String outcome;
      try {
        long answer =
            Request.to(client.discover("work").spread(), "work")
                .with("number", number)
                .within(Duration.ofMinutes(5))
                .as(long.class);
        outcome = answer == number ? "answered" : "answered for another";
        answered.incrementAndGet();
      } catch (CallException e) {
        outcome = e.error().code().id();
      }
      if (outcomes.put(number, outcome) != null) {
        doubled.incrementAndGet();
      }
    }
    return number - first;
  }

  private void report(List<Worker> workers) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    outcomes.values().forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
    List<Long> begun = new ArrayList<>();
    for (Worker worker : workers) {
      Files.readAllLines(worker.begun).forEach(line -> begun.add(Long.valueOf(line)));
    }
    Set<Long> distinct = new HashSet<>(begun);
    IO.println(
        "cluster: %d calls, %s; begun %d, of these twice %d; %d kills of nodes, %d of the broker"
            .formatted(
                outcomes.size(),
                counts,
                begun.size(),
                begun.size() - distinct.size(),
                ROUNDS * workers.size(),
                ROUNDS));
    assertThat(doubled).hasValue(0);
    assertThat(counts.keySet()).isSubsetOf("answered", "peer-lost", "unknown-service");
    assertThat(begun).doesNotHaveDuplicates();
    outcomes.forEach(
        (number, outcome) -> {
          if (outcome.equals("answered")) {
            assertThat(distinct).contains(number);
          }
        });
    assertThat(Collections.frequency(outcomes.values(), "answered")).isPositive();
  }
}
