package dev.circulate.runtime;

import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Scope;
import dev.circulate.contract.Forked;
import dev.circulate.contract.Until;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GO-3: what is opened inside a scope has its own life, and ends when it is closed. */
@SuppressWarnings("NullAway.Init") // each test starts a server of its own
class BackgroundTest {
  private static final URI THERE = URI.create("memory://background");

  private final Root root = Root.named("there").add("x", Root.named("x").port(), Visibility.PUBLIC);
  private final Cuttable network = new Cuttable();
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server = Server.at(THERE).root(root).transport(network).start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** What a block of a scope opens; the scope has ended when this returns. */
  private static <T> T openedInScope(Callable<T> opening) throws InterruptedException {
    return Forked.<T>fork(
            () -> {
              try (Scope scope = Scope.open()) {
                Channel<T> opened = scope.go(opening);
                return Objects.requireNonNull(opened.take());
              }
            })
        .join();
  }

  private static void assertAnswers(Peer peer) throws InterruptedException {
    assertThat(Request.to(peer.root(), "name").within(Until.PATIENCE).as(String.class))
        .isEqualTo("there");
  }

  @Test
  @DisplayName("GO-3 a peer that is connected to inside a scope is there when the scope has ended")
  void peer() throws InterruptedException {
    try (Peer peer = openedInScope(() -> Peer.to(THERE).transport(network).connect())) {
      assertAnswers(peer);
    }
  }

  @Test
  @DisplayName("GO-3 DI-7 and goes on over another link when its first one breaks")
  void resumed() throws InterruptedException {
    try (Peer peer = openedInScope(() -> Peer.to(THERE).transport(network).connect())) {
      network.cut();
      assertAnswers(peer);
    }
  }

  @Test
  @DisplayName("GO-3 a peer goes on when the scope in which it was connected to is cancelled")
  void cancelled() throws InterruptedException {
    Peer connected =
        fork(() -> {
              try (Scope scope = Scope.open()) {
                Channel<Peer> opened = scope.go(() -> Peer.to(THERE).transport(network).connect());
                Peer peer = Objects.requireNonNull(opened.take());
                scope.cancel();
                return peer;
              }
            })
            .join();
    try (Peer peer = connected) {
      assertAnswers(peer);
    }
  }

  @Test
  @DisplayName("GO-3 DI-10 so does one over channels of strings")
  void strings() throws InterruptedException {
    Channel<String> there = Csp.chan();
    Channel<String> back = Csp.chan();
    try (Peer answering = Peer.buildTransport(root.port(), there, back);
        Peer peer =
            openedInScope(() -> Peer.buildTransport(Root.named("asking").port(), back, there))) {
      assertAnswers(peer);
      assertThat(answering.lost()).isNull();
    }
  }

  @Test
  @DisplayName("GO-3 a pool and a discovery that are made inside a scope go on finding nodes")
  void pool() throws InterruptedException {
    try (StaticDiscovery discovery =
            openedInScope(() -> new StaticDiscovery(List.of(THERE), Duration.ofMillis(20)));
        Pool pool = openedInScope(() -> new Pool(discovery, "x"))) {
      assertThat(pool.awaitNodes(1, Until.PATIENCE)).isTrue();
      assertThat(Request.to(pool.spread(), "name").within(Until.PATIENCE).as(String.class))
          .isEqualTo("x");
    }
  }

  @Test
  @DisplayName("GO-3 a node that joins inside a scope has not left when the scope has ended")
  void node() throws InterruptedException {
    URI here = URI.create("memory://background-node");
    try (Node node = openedInScope(() -> Node.join(here, root))) {
      assertThat(node.discover("x").awaitNodes(1, Until.PATIENCE)).isTrue();
    }
  }
}
