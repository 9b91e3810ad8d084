package dev.circulate.runtime;

import static dev.circulate.contract.Until.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.UncaughtHandler;
import dev.circulate.WritePort;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Visibility;
import dev.circulate.testkit.TestTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Nodes in one process. */
class NodeTest extends NodeContract {
  @Override
  protected URI uri(String node) {
    return URI.create("memory://node-" + node);
  }

  @Test
  @DisplayName("SV-6 the deadline of who asks for a service first is not that of its nodes")
  void deadlineOfTheFirst() throws Exception {
    Root asking = Root.named("asking");
    try (TestTime time = TestTime.install();
        Node b = Node.join(uri("b"), asking)) {
      asking.delegate(b.locator());
      Node a = Node.join(uri("a"), offering("x"));
      Duration limit = Duration.ofMillis(300);
      WritePort<Request> x =
          Request.to(asking.port(), "locate-service")
              .with("service", "x")
              .within(limit)
              .as(Request.CHANNEL);
      assertThat(ask(x)).isEqualTo("x");
      time.advance(limit);
      a.close();
      time.runUntilEveryBlockWaits();
      try (Node again = Node.join(uri("a"), offering("x"))) {
        assertThat(b.discover("x").awaitNodes(1, PATIENCE)).isTrue();
        assertThat(ask(x)).isEqualTo("x");
        assertThat(again.peers()).hasSize(1);
      }
    }
  }

  @Test
  @DisplayName("what a node offers is told though its root could not say it once")
  void failedLook() throws Exception {
    AtomicBoolean failing = new AtomicBoolean();
    Root root =
        Root.builder("moody")
            .intercept(
                (request, next) -> {
                  if (failing.get()) {
                    throw new IllegalStateException("not now");
                  }
                  return next.proceed(request);
                })
            .open();
    Channel<Throwable> reported = Csp.chan(Csp.sliding(1));
    UncaughtHandler before = Csp.setUncaughtHandler((_, failure) -> reported.offer(failure));
    try (TestTime time = TestTime.install();
        Node node = Node.join(uri("moody"), root)) {
      failing.set(true);
      time.advance(Duration.ofSeconds(1));
      assertThat(reported.take()).hasMessageContaining("not now");
      failing.set(false);
      root.add("x", Csp.chan(), Visibility.PUBLIC);
      time.advance(Duration.ofSeconds(1));
      assertThat(node.offering("x")).hasSize(1);
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  @Test
  @DisplayName("a pool that the program has closed is not the one that is found next")
  void closedPool() throws Exception {
    try (Node a = Node.join(uri("closing-a"), offering("x"));
        Node b = Node.join(uri("closing-b"), Root.named("b-root"))) {
      Pool pool = b.discover("x");
      assertThat(b.discover("x")).isSameAs(pool);
      pool.close();
      Pool next = b.discover("x");
      assertThat(next.awaitNodes(1, PATIENCE)).isTrue();
      assertThat(ask(next.spread())).isEqualTo("x");
      Await.until("one session with a", () -> a.peers().size() == 1, () -> a.peers().toString());
    }
  }

  @Test
  @DisplayName("with a node its pools are closed, and those that it is asked for afterwards")
  void poolsOfClosed() throws Exception {
    Node node = Node.join(uri("closed"), offering("x"));
    Pool before = node.discover("x");
    assertThat(before.awaitNodes(1, PATIENCE)).isTrue();
    node.close();
    assertThat(before.spread().isClosed()).isTrue();
    assertThat(node.discover("x").spread().isClosed()).isTrue();
  }

  private static Root offering(String service) {
    return Root.named("a-root").add(service, Root.named(service).port(), Visibility.PUBLIC);
  }

  @Test
  @DisplayName("where nodes do not find each other by themselves is told, with where they do")
  void noRegistry() {
    assertThatThrownBy(() -> Node.join(URI.create("ws://localhost:0/csp"), Root.named("r")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("do not find each other")
        .hasMessageContaining("memory");
  }
}
