package dev.circulate.rabbitmq;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.circulate.rabbitmq.testkit.PrivateBroker;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that dies and comes back, under a node that stays. */
class BrokerRestartTest {
  @Test
  @Timeout(120) // a broker is started twice
  @DisplayName("DI-8 a broker that dies cuts every link at once, and the node is back when it is")
  void restart() throws Exception {
    assumeTrue(PrivateBroker.isInstalled(), "a broker restart needs an installed RabbitMQ");
    try (PrivateBroker broker = PrivateBroker.start();
        Server server = Server.start(URI.create(broker.uri() + "?node=b"), Root.named("b-root"))) {
      Peer peer = Peer.connect(server.uri());
      assertThat(Request.to(peer.root(), "name").as(String.class)).isEqualTo("b-root");
      broker.kill();
      assertThatThrownBy(() -> peer.ended().take()).hasMessageContaining("is lost");
      broker.up();
      until("the node answers again", () -> answers(server.uri()));
    }
  }

  /** The node opens its inbox again a little after the broker is up. */
  private static boolean answers(URI uri) {
    try (Peer peer = Peer.connect(uri)) {
      return Request.to(peer.root(), "name").as(String.class).equals("b-root");
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError("the test was interrupted", e);
    }
  }
}
