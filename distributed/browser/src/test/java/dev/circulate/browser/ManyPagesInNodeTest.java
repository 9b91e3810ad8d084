package dev.circulate.browser;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.circulate.runtime.Limits;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two hundred peers in JavaScript, in a few processes, at one server: all links are cut at a
 * stroke, again and again, while callers go on.
 *
 * <p>{@code -Dcirculate.cuts=20} cuts them that often.
 */
@Tag("long")
@Timeout(600)
class ManyPagesInNodeTest {
  private static final int PROCESSES = 4;
  private static final int PAGES = 50;
  private static final int CALLERS = 16;
  private static final int MOST_CALLS = 100_000_000;
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);
  private static final Peer.Held NOTHING = new Peer.Held(0, 0);

  private final Set<Object> ids = ConcurrentHashMap.newKeySet();
  private final AtomicInteger doubled = new AtomicInteger();
  private final Semaphore calls = new Semaphore(0);
  private final List<Pages> processes = new ArrayList<>();

  /** One of the processes. */
  private record Pages(Process process, Writer told, BufferedReader tells)
      implements AutoCloseable {
    static Pages start(URI uri, int number) throws IOException {
      List<?> command =
          List.of("node", "target/tests/many-pages.js", uri, PAGES, CALLERS, number * MOST_CALLS);
      Process process =
          new ProcessBuilder(command.stream().map(String::valueOf).toList())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new Pages(process, process.outputWriter(), process.inputReader());
    }

    String line() throws IOException {
      return requireNonNull(tells.readLine(), "the process has ended");
    }

    JsonNode end() throws IOException {
      told.append('\n').flush();
      return new ObjectMapper().readTree(line());
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private Object once(Request request) {
    Object id = requireNonNull(request.argument("id"));
    if (!ids.add(id)) {
      doubled.incrementAndGet();
    }
    calls.release();
    return id;
  }

  @Test
  @DisplayName("DI-7 200 peers in JavaScript, cut and resumed under 64 callers: nothing lost")
  void cutAndResumed() throws Exception {
    Told.assumeNode();
    int cuts = Integer.getInteger("circulate.cuts", 3);
    try (Server server =
            Server.at(URI.create("ws://127.0.0.1:0/csp"))
                .root(Root.named("far").handler("once", this::once))
                .limits(Limits.builder().grace(Duration.ofSeconds(60)).build())
                .start();
        Relay relay = new Relay(server.uri())) {
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(Pages.start(relay.uri(), i));
      }
      for (Pages process : processes) {
        assertThat(process.line()).isEqualTo("there");
      }
      for (int i = 0; i < cuts; i++) {
        awaitCalls();
        relay.cut();
      }
      awaitCalls();
      assertNothingLost(server);
      assertThat(relay.accepted()).as("links").isGreaterThan(PROCESSES * PAGES * (1 + cuts / 2));
      System.out.printf(
          "%d calls by %d peers in JavaScript through %d links, none lost or doubled%n",
          ids.size(), PROCESSES * PAGES, relay.accepted());
    } finally {
      processes.forEach(Pages::close);
    }
  }

  /** So many that each peer has had its turn. */
  private void awaitCalls() throws InterruptedException {
    calls.drainPermits();
    assertThat(calls.tryAcquire(2 * PROCESSES * PAGES, 1, TimeUnit.MINUTES))
        .as("calls pass")
        .isTrue();
  }

  private void assertNothingLost(Server server) throws IOException {
    int asked = 0;
    for (Pages process : processes) {
      JsonNode told = process.end();
      assertThat(told.get("wrong")).as("answers that are wrong").isEmpty();
      assertThat(told.get("lost").asInt()).as("sessions that were lost").isZero();
      asked += told.get("asked").asInt();
    }
    assertThat(ids).as("calls that arrived").hasSize(asked);
    assertThat(doubled).as("calls that arrived twice").hasValue(0);
    assertThat(server.peers()).as("sessions").hasSize(PROCESSES * PAGES);
    long begun = System.nanoTime();
    while (!held(server).stream().allMatch(NOTHING::equals)) { // which nobody tells
      assertThat(System.nanoTime() - begun).as("tables: %s", held(server)).isLessThan(PATIENCE);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static List<Peer.Held> held(Server server) {
    return server.peers().stream().map(Peer::held).toList();
  }
}
