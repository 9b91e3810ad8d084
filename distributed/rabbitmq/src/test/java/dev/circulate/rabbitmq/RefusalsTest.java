package dev.circulate.rabbitmq;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.circulate.Csp;
import dev.circulate.UncaughtHandler;
import dev.circulate.contract.Forked;
import dev.circulate.runtime.Link;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
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
  @DisplayName("who asks again and again, and is not let in, is told so once, without the password")
  @CsvSource({"guest:hunter2@, '', refused", "'', /nowhere, nowhere"})
  void notLetIn(String user, String path, String why) throws Exception {
    dev.circulate.Channel<String> told = Csp.chan(Csp.unbounded());
    UncaughtHandler before =
        Csp.setUncaughtHandler((where, failure) -> told.offer(where + ": " + failure));
    Broker broker = Broker.of(AmqpAddress.of(URI.create(broker(user, path))), AmqpOptions.DEFAULTS);
    try {
      Refusals refusals = new Refusals("a worker");
      for (int i = 0; i < 2; i++) {
        refusals.failed(catchThrowableOfType(IOException.class, broker::channel));
      }
    } finally {
      broker.release();
      Csp.setUncaughtHandler(before);
    }
    assertThat(told.drain(2))
        .singleElement()
        .asString()
        .startsWith("a worker: ")
        .contains("the broker refuses")
        .contains(why)
        .doesNotContain("hunter2");
  }

  @Test
  @DisplayName(
      "DI-6 who gives up connecting, and who connects in vain, holds nothing of the broker")
  void nothingHeld() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(SharedBroker.uri());
    int before = Broker.held();
    Duration patience = Duration.ofMillis(200);
    AmqpOptions brief = new AmqpOptions(32, 1 << 20, 10, patience, Duration.ofSeconds(10), null);
    AmqpTransport transport = new AmqpTransport(brief);
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      // an inbox that nobody reads
      channel.queueDeclare(Mailbox.NODES + "deaf", false, true, true, null);
      URI deaf = SharedBroker.node("deaf");
      assertThatThrownBy(() -> transport.connect(deaf))
          .hasMessageContaining("did not accept a link within PT0.2S");
      Forked<Link> connecting = fork(() -> transport.connect(deaf));
      until("an opening is there", () -> Broker.held() > before);
      connecting.interrupt();
      connecting.joinFailure(InterruptedException.class);
      until("nothing is held", () -> Broker.held() == before);
    }
  }

  @ParameterizedTest
  @DisplayName("a URI that is not like one for a broker is told, with what was expected")
  @CsvSource({
    "ws://h?node=b, neither amqp nor amqps",
    "amqp:h, names no host",
    "amqp://h, names no node",
    "amqp://u:secret@my_host:5672?node=b, no underscore",
    "amqp:u:secret@h?node=b, names no host",
    "amqp://u:secret@h?knot=b, which names no node",
    "amqp://h?node=a%20b, a node's name has",
    "amqp://h/a/b?node=c, is written %2F",
    "amqp://u:secret@h?node=a#b, a fragment has no meaning",
    "amqp://u:secret@h:65536?node=a, a port is at most 65535",
  })
  void badUri(String uri, String why) {
    connecting(uri).hasMessageContaining(why).message().doesNotContain("secret");
  }
}
