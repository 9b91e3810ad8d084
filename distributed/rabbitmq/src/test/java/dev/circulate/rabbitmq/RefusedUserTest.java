package dev.circulate.rabbitmq;

import static dev.circulate.contract.Until.PATIENCE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.UncaughtHandler;
import dev.circulate.rabbitmq.testkit.PrivateBroker;
import dev.circulate.runtime.Discovery;
import dev.circulate.runtime.Node;
import dev.circulate.runtime.Peer;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A user of the broker who may not do what a queue of work needs. */
@Tag("long")
@Timeout(120)
class RefusedUserTest {
  /** What a node writes to, but for where it says that it is there. */
  private static final String ALL_BUT_NODES = "circulate\\.(node|watch|link)\\..*|amq\\.default";

  private final PrivateBroker broker = OwnBroker.restartable();
  private final String user = "user-" + UUID.randomUUID();
  private final String name = "test-" + UUID.randomUUID();
  private final Channel<String> told = Csp.chan(Csp.unbounded());
  private UncaughtHandler before;

  @BeforeEach
  void listen() {
    before = Csp.setUncaughtHandler((where, failure) -> told.offer(where + ": " + failure));
  }

  @AfterEach
  void delete() throws Exception {
    Csp.setUncaughtHandler(before);
    WorkQueue.open(broker.uri(), name, Integer.class).delete();
    broker.control("delete_user", user);
  }

  private URI asUser(String configure, String write, String read) throws Exception {
    broker.control("add_user", user, "secret");
    broker.control("set_permissions", "-p", "/", user, configure, write, read);
    return URI.create("amqp://" + user + ":secret@127.0.0.1:" + broker.uri().getPort());
  }

  @Test
  @DisplayName("the rights that the documentation names are enough for nodes, links and work")
  void enough() throws Exception {
    String own = "circulate\\..*";
    URI uri = asUser(own, own + "|amq\\.default", own);
    Channel<Integer> seen = Csp.chan(1);
    try (Node node = Node.join(uri, Root.named("r"));
        Peer peer = Peer.connect(node.uri());
        WorkQueue<Integer> queue = WorkQueue.open(uri, name, Integer.class)) {
      assertThat(Request.to(peer.root(), "name").as(String.class)).isEqualTo("r");
      queue.work(1, work -> seen.put(work.value()));
      assertThat(queue.put(1)).isTrue();
      assertThat(seen.poll(PATIENCE)).isEqualTo(1);
    }
    assertThat(told.poll()).isNull();
  }

  @Test
  @DisplayName("a node that may not say that it is there does not join, and is told why")
  void mayNotSpeak() throws Exception {
    URI uri = asUser(".*", ALL_BUT_NODES, ".*");
    assertThatThrownBy(() -> Node.join(uri, Root.named("r")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be found")
        .hasMessageContaining("ACCESS_REFUSED")
        .hasMessageContaining("circulate.nodes");
  }

  @Test
  @DisplayName("one that may not any more is told so, once, and speaks when it may again")
  void silenced() throws Exception {
    URI uri = asUser(".*", ".*", ".*");
    try (Node node = Node.join(uri, Root.named("r").add("x", Csp.chan(), Visibility.PUBLIC));
        Node other = Node.join(broker.uri(), Root.named("other"))) {
      Channel<Discovery.Event> events = other.events();
      assertThat(next(events, node)).isEqualTo(Discovery.Event.Kind.CAME);
      broker.control("set_permissions", "-p", "/", user, ".*", ALL_BUT_NODES, ".*");
      broker.control("close_all_connections", "a test");
      assertThat(requireNonNull(told.poll(PATIENCE), "nobody was told"))
          .contains("registry at")
          .contains("ACCESS_REFUSED")
          .doesNotContain("secret");
      assertThat(next(events, node)).isEqualTo(Discovery.Event.Kind.LEFT);
      broker.control("set_permissions", "-p", "/", user, ".*", ".*", ".*");
      assertThat(next(events, node)).isEqualTo(Discovery.Event.Kind.CAME);
    }
  }

  /** What happens next to a node, whatever happens to others. */
  private static Discovery.Event.Kind next(Channel<Discovery.Event> events, Node node)
      throws InterruptedException {
    Discovery.Event event;
    do {
      event = requireNonNull(events.poll(PATIENCE), "no event came");
    } while (!event.offer().node().equals(node.name()));
    return event.kind();
  }

  @Test
  @DisplayName("who works without the right to read is told so, once, and works when it has it")
  void mayNotRead() throws Exception {
    URI uri = asUser(".*", ".*", "");
    Channel<Integer> seen = Csp.chan(1);
    try (WorkQueue<Integer> queue = WorkQueue.open(uri, name, Integer.class)) {
      assertThat(queue.put(1)).isTrue();
      queue.work(1, work -> seen.put(work.value()));
      assertThat(requireNonNull(told.poll(PATIENCE), "nobody was told"))
          .contains("consumer of queue circulate.work." + name)
          .contains("ACCESS_REFUSED")
          .doesNotContain("secret");
      broker.control("set_permissions", "-p", "/", user, ".*", ".*", ".*");
      assertThat(seen.poll(PATIENCE)).isEqualTo(1);
      assertThat(told.poll()).isNull();
    }
  }

  @Test
  @DisplayName(
      "who works with a password that is no more is told so, once, and works when it is again")
  void passwordChanges() throws Exception {
    URI uri = asUser(".*", ".*", ".*");
    Channel<Integer> seen = Csp.chan(Csp.unbounded());
    try (WorkQueue<Integer> queue = WorkQueue.open(uri, name, Integer.class)) {
      queue.work(1, work -> seen.put(work.value()));
      broker.control("change_password", user, "another");
      broker.control("close_all_connections", "a test");
      assertThat(requireNonNull(told.poll(PATIENCE), "nobody was told"))
          .contains("consumer of queue circulate.work." + name)
          .contains("ACCESS_REFUSED")
          .doesNotContain("secret");
      broker.control("change_password", user, "secret");
      assertThat(queue.put(1)).isTrue();
      assertThat(seen.poll(PATIENCE)).isEqualTo(1);
      assertThat(told.poll()).isNull();
    }
  }
}
