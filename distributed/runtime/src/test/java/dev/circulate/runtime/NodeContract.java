package dev.circulate.runtime;

import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Blocks;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.runtime.Discovery.Event;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What nodes that find each other by themselves keep, wherever they meet. */
public abstract class NodeContract {
  /** Where a node of that name joins; names are used again in each test. */
  protected abstract URI uri(String node);

  private Node join(String name, Root root) throws IOException, InterruptedException {
    return Node.join(uri(name), root);
  }

  private static Root rootWith(String service, String answer) {
    return Root.named("root of " + answer).add(service, Root.named(answer).port(), PUBLIC);
  }

  private static final Visibility PUBLIC = Visibility.PUBLIC;

  private static Event next(Channel<Event> events) throws InterruptedException {
    return requireNonNull(events.poll(PATIENCE), "no event came");
  }

  static String ask(WritePort<Request> service) throws InterruptedException {
    return Request.to(service, "name").as(String.class);
  }

  @Test
  @DisplayName("who waits for a node's end waits until it is closed")
  void awaitsStop() throws Exception {
    Channel<Void> waiting;
    try (Node node = join("a", Root.named("a-root"))) {
      waiting = Csp.go("waits for the node", node::awaitStop);
      until(
          "it waits",
          () ->
              Blocks.waiting().stream()
                  .anyMatch(block -> block.name().equals("waits for the node")));
    }
    assertThat(waiting.take()).isNull();
  }

  @Test
  @DisplayName("a node finds what others offer, and not what is private there")
  void finds() throws Exception {
    Root offering = rootWith("x", "a").add("hidden", Root.named("h").port(), Visibility.PRIVATE);
    try (Node a = join("a", offering);
        Node b = join("b", Root.named("b-root"))) {
      until("b knows a", () -> !b.offering("x").isEmpty());
      assertThat(b.offering("x").getFirst().node()).isEqualTo(a.name());
      assertThat(ask(b.discover("x").spread())).isEqualTo("a");
      assertThat(b.offering("hidden")).isEmpty();
      assertThatThrownBy(() -> ask(b.discover("hidden").spread()))
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.error()).isInstanceOf(CallError.UnknownService.class));
    }
  }

  @Test
  @DisplayName("nodes are watched as they come, change what they offer, and leave")
  void events() throws Exception {
    try (Node b = join("b", Root.named("b-root"))) {
      Channel<Event> events = b.events();
      assertThat(next(events).offer().node()).isEqualTo(b.name());
      Root root = rootWith("x", "a");
      Node a = join("a", root);
      Event came = next(events);
      assertThat(came.kind()).isEqualTo(Event.Kind.CAME);
      assertThat(came.offer().node()).isEqualTo(a.name());
      assertThat(came.offer().services()).isEqualTo(Set.of("x"));
      root.add("y", Root.named("a").port(), PUBLIC);
      assertThat(next(events).kind()).isEqualTo(Event.Kind.LEFT);
      assertThat(next(events).offer().services()).isEqualTo(Set.of("x", "y"));
      root.remove("y");
      assertThat(next(events).kind()).isEqualTo(Event.Kind.LEFT);
      assertThat(next(events).offer().services()).isEqualTo(Set.of("x"));
      a.close();
      Event left = next(events);
      assertThat(left.kind()).isEqualTo(Event.Kind.LEFT);
      assertThat(left.offer().node()).isEqualTo(a.name());
    }
  }

  @Test
  @DisplayName("when the node that is used leaves, the next call goes to another")
  void nextOne() throws Exception {
    Node a = join("a", rootWith("x", "a"));
    try (Node b = join("b", rootWith("x", "b"));
        Node c = join("c", Root.named("c-root"))) {
      until("both are known", () -> c.offering("x").size() == 2);
      WritePort<Request> x = c.discover("x").inTurn();
      until("both are connected", () -> a.peers().size() == 1 && b.peers().size() == 1);
      a.close();
      for (int i = 0; i < 10; i++) {
        assertThat(ask(x)).isEqualTo("b");
      }
    } finally {
      a.close();
    }
  }

  @Test
  @DisplayName("RT-1 locate-service reaches other nodes where the root is told to ask the locator")
  void locates() throws Exception {
    Root asking = Root.named("asking");
    try (Node a = join("a", rootWith("x", "a"));
        Node b = join("b", asking)) {
      until("b knows a", () -> !b.offering("x").isEmpty());
      assertThatThrownBy(() -> locate(asking, "x")).isInstanceOf(CallException.class);
      asking.delegate(b.locator());
      assertThat(ask(locate(asking, "x"))).isEqualTo("a");
      assertThatThrownBy(() -> locate(asking, "y"))
          .isInstanceOf(CallException.class)
          .hasMessageContaining("offers service 'y'");
      assertThat(a.name()).isNotEqualTo(b.name());
    }
  }

  private static WritePort<Request> locate(Root root, String service) throws InterruptedException {
    return Request.to(root.port(), "locate-service").with("service", service).as(Request.CHANNEL);
  }
}
