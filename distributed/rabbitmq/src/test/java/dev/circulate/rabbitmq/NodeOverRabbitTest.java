package dev.circulate.rabbitmq;

import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.UncaughtHandler;
import dev.circulate.runtime.Discovery;
import dev.circulate.runtime.Node;
import dev.circulate.runtime.NodeContract;
import dev.circulate.service.Command;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Nodes that meet at a broker. */
class NodeOverRabbitTest extends NodeContract {
  @Override
  protected URI uri(String node) {
    return URI.create(OwnBroker.uri() + "?node=" + node);
  }

  @Test
  @DisplayName("a node without a name gets one; what is said of it shows no password")
  void unnamed() throws Exception {
    URI uri = OwnBroker.uri();
    URI withPassword = URI.create("amqp://guest:guest@" + uri.getHost() + ":" + uri.getPort());
    try (Node node = Node.join(withPassword, Root.named("r"))) {
      assertThat(node.uri().getQuery()).isEqualTo("node=" + node.name());
      assertThat(new Discovery.Offer(node.name(), node.uri(), Set.of("x")).toString())
          .contains(node.name())
          .doesNotContain("guest");
    }
  }

  static final class Answering {
    @Command
    int answer() {
      return 42;
    }
  }

  @Test
  @DisplayName("a service that cannot be announced is told of once, and those that come later are")
  void unspeakable() throws Exception {
    Channel<Throwable> told = Csp.chan(Csp.unbounded());
    UncaughtHandler before = Csp.setUncaughtHandler((_, failure) -> told.offer(failure));
    Root root = Root.named("r");
    try (Node node = Node.join(uri("unspeakable"), root)) {
      root.add("two\nlines", Service.of(new Answering()), Visibility.PUBLIC);
      assertThat(told.poll(PATIENCE)).hasMessageContaining("no line breaks");
      assertThat(root.remove("two\nlines")).isTrue();
      root.add("one", Service.of(new Answering()), Visibility.PUBLIC);
      until("it is known", () -> !node.offering("one").isEmpty());
      assertThat(told.poll()).isNull();
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }
}
