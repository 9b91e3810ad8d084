package dev.circulate.websocket;

import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.contract.Forked;
import dev.circulate.contract.Until;
import dev.circulate.runtime.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DI-10: which links over a WebSocket come up, and what is said where none does. */
@Timeout(60)
class ConnectingTest {
  private final WebSocketTransport transport = new WebSocketTransport();

  /** Where connections come in, and nobody says anything. */
  private static ServerSocket mute() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static URI uri(ServerSocket door) {
    return URI.create("ws://127.0.0.1:" + door.getLocalPort() + "/csp");
  }

  @ParameterizedTest(name = "DI-10 no link leads to {0}, which is told as what it is not like")
  @ValueSource(
      strings = {
        "ws://alice@127.0.0.1:1/csp",
        "ws://127.0.0.1:1/csp#here",
        "ws://127.0.0.1:65536/csp",
        "ws:///csp",
        "ws:csp",
        "http://127.0.0.1:1/csp",
        "/csp"
      })
  void noAddress(String address) {
    URI uri = URI.create(address);
    String told = "'" + address.replace("alice@", "") + "' is not like ws://host:8080/csp: ";
    assertThatThrownBy(() -> transport.connect(uri))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(told);
    assertThatThrownBy(() -> transport.listen(uri, _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(told);
  }

  @Test
  @DisplayName("DI-10 a server that does not answer is waited for as long as the options say")
  void noAnswer() throws IOException {
    WebSocketOptions hasty = WebSocketOptions.DEFAULTS.withConnectTimeout(Duration.ofMillis(100));
    try (ServerSocket door = mute()) {
      assertThatThrownBy(() -> new WebSocketTransport(hasty).connect(uri(door)))
          .isInstanceOf(IOException.class)
          .hasMessage("cannot connect to " + uri(door) + ": no answer within 100 ms");
    }
  }

  @Test
  @DisplayName("CH-6 DI-10 whoever is interrupted while it connects leaves no connection")
  void interrupted() throws Exception {
    try (ServerSocket door = mute()) {
      URI uri = uri(door);
      Forked<Link> connecting = fork(() -> transport.connect(uri));
      try (Socket accepted = door.accept()) {
        accepted.setSoTimeout((int) Until.PATIENCE.toMillis());
        String key = Handshake.key(accepted);
        connecting.interrupt();
        connecting.joinFailure(InterruptedException.class);
        Handshake.accept(accepted, key);
        assertThat(accepted.getInputStream().read()).as("the end").isEqualTo(-1);
      }
    }
  }

  @Test
  @DisplayName("DI-8b how long a link may be silent is the session's business, not the server's")
  void silent() {
    Server server = new Server();
    URI uri = URI.create("ws://127.0.0.1:0/csp");
    UpgradeHandler _ = UpgradeHandler.of(server, uri, WebSocketOptions.DEFAULTS, _ -> {});
    assertThat(server.getContainedBeans(ServerWebSocketContainer.class))
        .extracting(ServerWebSocketContainer::getIdleTimeout)
        .containsExactly(Duration.ZERO);
  }
}
