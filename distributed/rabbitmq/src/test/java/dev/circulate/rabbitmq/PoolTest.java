package dev.circulate.rabbitmq;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.runtime.Pool;
import dev.circulate.runtime.Server;
import dev.circulate.runtime.StaticDiscovery;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Several nodes over the broker, found from a list, that offer one service. */
class PoolTest {
  private static Server node(String name) throws IOException {
    Root service = Root.named(name);
    Root root = Root.named("root of " + name).add("x", service.port(), Visibility.PUBLIC);
    return Server.start(SharedBroker.uri(), root);
  }

  private static String ask(Pool pool) throws InterruptedException {
    return Request.to(pool.spread(), "name").as(String.class);
  }

  private static String asked(Pool pool) {
    try {
      return ask(pool);
    } catch (CallException e) {
      return "nobody yet";
    } catch (InterruptedException e) {
      throw new AssertionError("the test was interrupted", e);
    }
  }

  private static boolean bothAreAsked(Pool pool) {
    return Set.copyOf(List.of(asked(pool), asked(pool))).equals(Set.of("a", "b"));
  }

  @Test
  @DisplayName("requests are spread over the nodes, and go on with those that are left")
  void spread() throws Exception {
    Server a = node("a");
    try (Server b = node("b")) {
      List<URI> uris = List.of(a.uri(), b.uri());
      try (StaticDiscovery discovery = new StaticDiscovery(uris, Duration.ofMillis(100));
          Pool pool = new Pool(discovery, "x")) {
        until("both are asked", () -> bothAreAsked(pool));
        Map<String, Integer> asked = new HashMap<>();
        for (int i = 0; i < 20; i++) {
          asked.merge(ask(pool), 1, Integer::sum);
        }
        assertThat(asked).isEqualTo(Map.of("a", 10, "b", 10));
        a.close();
        for (int i = 0; i < 20; i++) {
          assertThat(ask(pool)).isEqualTo("b");
        }
      }
    } finally {
      a.close();
    }
  }

  @Test
  @DisplayName("a key belongs to one node while the nodes are the same")
  void byKey() throws Exception {
    try (Server a = node("a");
        Server b = node("b")) {
      List<URI> uris = List.of(a.uri(), b.uri());
      try (StaticDiscovery discovery = new StaticDiscovery(uris, Duration.ofMillis(100));
          Pool pool = new Pool(discovery, "x")) {
        until("both are asked", () -> bothAreAsked(pool));
        for (int key = 0; key < 10; key++) {
          String first = Request.to(pool.byKey(key), "name").as(String.class);
          assertThat(Request.to(pool.byKey(key), "name").as(String.class)).isEqualTo(first);
        }
      }
    }
  }

  @Test
  @DisplayName("SV-4 with no node there, the answer says so")
  void nobody() throws Exception {
    try (StaticDiscovery discovery = new StaticDiscovery(List.of(), Duration.ofSeconds(1));
        Pool pool = new Pool(discovery, "x")) {
      assertThatThrownBy(() -> ask(pool))
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.error()).isInstanceOf(CallError.UnknownService.class));
    }
  }
}
