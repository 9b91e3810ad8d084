package dev.circulate.rabbitmq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The brokers that tests use come up and go. */
class BrokerTest {
  @Test
  @DisplayName("a broker is always found, and says which one it is in one sentence")
  void found() throws Exception {
    try (Broker broker = Broker.find()) {
      assertAnswers(broker.uri());
      assertThat(broker.sentence()).startsWith("The broker is ").endsWith(".").doesNotContain(". ");
    }
  }

  @Test
  @DisplayName("the broker in the JVM comes up on a free port and goes at the end")
  void embedded() throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start();
    assertAnswers(broker.uri());
    assertThat(broker.isRabbit()).isFalse();
    broker.close();
    assertGone(broker.uri());
  }

  @Test
  @Tag("long")
  @DisplayName("a private RabbitMQ can be stopped, killed and started again, and goes at the end")
  void privateBroker() throws Exception {
    assumeTrue(PrivateBroker.isInstalled(), "a private RabbitMQ needs an installed one");
    PrivateBroker broker = PrivateBroker.start();
    assertAnswers(broker.uri());
    broker.stop();
    assertGone(broker.uri());
    broker.up();
    assertAnswers(broker.uri());
    broker.kill();
    assertGone(broker.uri());
    broker.up();
    assertAnswers(broker.uri());
    broker.close();
    assertGone(broker.uri());
  }

  @Test
  @DisplayName(
      "a server that says nothing is given up, and nothing of it stays, whatever is missing")
  void silentServer(@TempDir Path folder) throws Exception {
    Path pid = folder.resolve("pid");
    Path home = folder.resolve("home");
    Path server = folder.resolve("server");
    Files.writeString(
        server,
        """
        #!/bin/sh
        echo $$ > %s
        echo $HOME > %s
        echo starting
        exec sleep 600
        """
            .formatted(pid, home));
    assertThat(server.toFile().setExecutable(true)).isTrue();
    assertThatThrownBy(() -> PrivateBroker.start(server, "no-such-program", Duration.ofSeconds(2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not come up and said:\nstarting");
    assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))).isEmpty();
    assertThat(Path.of(Files.readString(home).strip())).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "amqp://broker.example, 5672",
    "amqps://broker.example, 5671",
    "amqps://broker.example:5673, 5673"
  })
  @DisplayName("a broker that was given is told with the port that clients go to")
  void given(URI uri, int port) {
    assertThat(new Given(uri, "as the test says").sentence())
        .isEqualTo(
            "The broker is the one at port " + port + " of broker.example, as the test says.");
  }

  private static void assertAnswers(URI uri) throws IOException {
    int port = uri.getPort() < 0 ? 5672 : uri.getPort();
    try (Socket socket = new Socket(uri.getHost(), port)) {
      assertThat(socket.isConnected()).isTrue();
    }
  }

  private static void assertGone(URI uri) {
    assertThatThrownBy(() -> new Socket(uri.getHost(), uri.getPort()).close())
        .isInstanceOf(ConnectException.class);
  }
}
