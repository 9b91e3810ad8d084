package dev.circulate.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.contract.Certificates;
import dev.circulate.runtime.Authenticator;
import dev.circulate.runtime.Credentials;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.PeerBuilder;
import dev.circulate.runtime.Server;
import dev.circulate.service.Origin;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DI-10 DI-11: peers over TLS, and what is said when there is no trust. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
class TlsTest {
  private static final String HERE = "dns:localhost,ip:127.0.0.1";

  @TempDir static Path directory;
  private static Certificates certificates;

  private final Root root =
      Root.named("safe")
          .handler(
              "who",
              _ -> Origin.current() instanceof Origin.Remote remote ? remote.identity() : "local");

  @BeforeAll
  static void make() throws IOException, InterruptedException {
    certificates =
        new Certificates(directory)
            .sign("good", HERE)
            .sign("of-another-host", "dns:elsewhere.example")
            .signExpired("expired", HERE)
            .signEarly("early", HERE);
  }

  private Server server(String certificate) throws IOException, GeneralSecurityException {
    return Server.at(URI.create("wss://127.0.0.1:0/csp"))
        .root(root)
        .authenticator(Authenticator.bearer(Map.of("secret", "alice")::get))
        .transport(
            new WebSocketTransport(
                WebSocketOptions.DEFAULTS.withTls(certificates.server(certificate))))
        .start();
  }

  private static PeerBuilder trusting(URI uri) throws IOException, GeneralSecurityException {
    return Peer.to(uri)
        .credentials(Credentials.bearer("secret"))
        .transport(
            new WebSocketTransport(WebSocketOptions.DEFAULTS.withTls(certificates.client())));
  }

  private static void assertRefused(PeerBuilder peer, URI uri, String... words) {
    assertThatThrownBy(peer::connect)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot connect to " + uri)
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  @Test
  @DisplayName("DI-10 DI-11 a root answers over wss, and knows who asks")
  void overTls() throws Exception {
    try (Server server = server("good");
        Peer peer = trusting(server.uri()).connect()) {
      assertThat(Request.to(peer.root(), "who").as(String.class)).isEqualTo("alice");
    }
  }

  @Test
  @DisplayName("DI-11 a certificate that nobody signed who is trusted is refused in words")
  void untrusted() throws Exception {
    try (Server server = server("good")) {
      assertRefused(
          Peer.to(server.uri()), server.uri(), "its certificate is of nobody who is trusted here");
      assertThat(server.peers()).isEmpty();
    }
  }

  @Test
  @DisplayName("DI-11 a certificate of another host is refused in words")
  void otherHost() throws Exception {
    try (Server server = server("of-another-host")) {
      assertRefused(
          trusting(server.uri()),
          server.uri(),
          "its certificate is for other hosts than 127.0.0.1");
    }
  }

  @Test
  @DisplayName("DI-11 a certificate that has expired is refused in words")
  void expired() throws Exception {
    try (Server server = server("expired")) {
      assertRefused(trusting(server.uri()), server.uri(), "its certificate has expired");
    }
  }

  @Test
  @DisplayName("DI-11 a certificate that is not valid yet is refused in words")
  void early() throws Exception {
    try (Server server = server("early")) {
      assertRefused(trusting(server.uri()), server.uri(), "its certificate is not valid yet");
    }
  }

  @Test
  @DisplayName("DI-11 plain text at a port that speaks TLS is refused in words")
  void plainToTls() throws Exception {
    try (Server server = server("good")) {
      URI plain = URI.create(server.uri().toString().replace("wss:", "ws:"));
      assertRefused(trusting(plain), plain, "if it speaks TLS, the scheme is wss");
    }
  }

  @Test
  @DisplayName("DI-11 TLS at a port that speaks plain text is refused in words")
  void tlsToPlain() throws Exception {
    try (Server server = Server.start(URI.create("ws://127.0.0.1:0/csp"), root)) {
      URI secure = URI.create(server.uri().toString().replace("ws:", "wss:"));
      assertRefused(trusting(secure), secure, "what answers there does not speak TLS");
    }
  }

  @Test
  @DisplayName("DI-11 a scheme in capitals is the same one, and as safe")
  void capitals() throws Exception {
    assertThatThrownBy(() -> Server.start(URI.create("WSS://127.0.0.1:0/csp"), root))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("wss needs a certificate");
    try (Server server = server("good");
        Peer peer =
            trusting(URI.create(server.uri().toString().replace("wss:", "WSS:"))).connect()) {
      assertThat(Request.to(peer.root(), "who").as(String.class)).isEqualTo("alice");
    }
  }

  @Test
  @DisplayName("DI-11 a server without a certificate does not listen at a wss URI, and says why")
  void noCertificate() {
    assertThatThrownBy(() -> Server.start(URI.create("wss://127.0.0.1:0/csp"), root))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("wss needs a certificate");
  }
}
