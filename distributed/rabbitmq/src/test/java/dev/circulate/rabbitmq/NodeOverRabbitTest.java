package dev.circulate.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.runtime.Discovery;
import dev.circulate.runtime.Node;
import dev.circulate.runtime.NodeContract;
import dev.circulate.service.Root;
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
}
