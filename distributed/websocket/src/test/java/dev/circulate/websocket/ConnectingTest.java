package dev.circulate.websocket;

import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.contract.Forked;
import dev.circulate.contract.Until;
import dev.circulate.runtime.Link;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
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
  /** What each side of a handshake adds to the key that the client has drawn. */
  private static final String WELL_KNOWN = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

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
        String key = key(accepted);
        connecting.interrupt();
        connecting.joinFailure(InterruptedException.class);
        accepted.getOutputStream().write(switching(key).getBytes(StandardCharsets.US_ASCII));
        assertThat(accepted.getInputStream().read()).as("the end").isEqualTo(-1);
      }
    }
  }

  /** What the client has drawn, of the request that comes. */
  private static String key(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    String key = "";
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      if (line.startsWith("Sec-WebSocket-Key: ")) {
        key = line.substring(line.indexOf(' ') + 1);
      }
    }
    return key;
  }

  private static String switching(String key) throws Exception {
    byte[] both = (key + WELL_KNOWN).getBytes(StandardCharsets.US_ASCII);
    String accept =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(both));
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + accept
        + "\r\n\r\n";
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
