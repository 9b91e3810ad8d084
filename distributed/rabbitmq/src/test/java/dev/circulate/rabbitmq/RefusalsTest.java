package dev.circulate.rabbitmq;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said when there can be no link. */
class RefusalsTest {
  private final AmqpTransport transport = new AmqpTransport();

  private AbstractThrowableAssert<?, ? extends Throwable> connecting(String uri) {
    return assertThatThrownBy(() -> transport.connect(URI.create(uri)))
        .isInstanceOf(IOException.class);
  }

  private static String broker(String user, String path) {
    URI uri = SharedBroker.uri();
    int port = uri.getPort() < 0 ? 5672 : uri.getPort();
    return "amqp://" + user + uri.getHost() + ":" + port + path;
  }

  @Test
  @DisplayName("a node that is not there is named, at once")
  void nobody() {
    connecting(broker("", "?node=nobody"))
        .hasMessageContaining("no link to node 'nobody' at amqp://")
        .hasMessageContaining("NO_ROUTE");
  }

  @Test
  @DisplayName("a broker that is not there is named")
  void noBroker() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    connecting("amqp://127.0.0.1:" + free + "?node=b")
        .hasMessageContaining("no broker answers at amqp://127.0.0.1:" + free)
        .hasMessageContaining("refused");
  }

  @Test
  @DisplayName("a wrong password is told, and not shown")
  void wrongPassword() {
    connecting(broker("guest:hunter2@", "?node=b"))
        .hasMessageContaining("refuses user 'guest'")
        .hasMessageContaining("password")
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  @DisplayName("a virtual host that is not there is named")
  void unknownVirtualHost() {
    connecting(broker("", "/nowhere?node=b"))
        .hasMessageContaining("refuses user 'guest'")
        .hasMessageContaining("nowhere");
  }

  @ParameterizedTest
  @DisplayName("a URI that is not like one for a broker is told, with what was expected")
  @CsvSource({
    "ws://h?node=b, neither amqp nor amqps",
    "amqp:h, names no host",
    "amqp://h, names no node",
    "amqp://u:secret@h?knot=b, which names no node",
    "amqp://h?node=a%20b, a node's name has",
    "amqp://h/a/b?node=c, is written %2F",
  })
  void badUri(String uri, String why) {
    connecting(uri).hasMessageContaining(why).message().doesNotContain("secret");
  }
}
