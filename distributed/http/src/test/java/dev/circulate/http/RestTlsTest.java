package dev.circulate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.WritePort;
import dev.circulate.contract.Certificates;
import dev.circulate.contract.Until;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.PeerBuilder;
import dev.circulate.service.Request;
import dev.circulate.service.TypeOf;
import dev.circulate.websocket.WebSocketOptions;
import dev.circulate.websocket.WebSocketTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root over https, and its links over wss, at one port. */
@SuppressWarnings("NullAway.Init") // JUnit sets it, or starts it for each test
class RestTlsTest {
  private static final String PING = "/services/shop/_ping";

  @TempDir static Path directory;
  private static Certificates certificates;

  private Rest rest;

  @BeforeAll
  static void make() throws IOException, InterruptedException {
    certificates = new Certificates(directory).sign("good", "dns:localhost,ip:127.0.0.1");
  }

  @BeforeEach
  void start() throws Exception {
    rest =
        Rest.serve(new Shop().root())
            .host("127.0.0.1")
            .port(0)
            .links("/csp")
            .tls(certificates.server("good"))
            .start();
  }

  @AfterEach
  void stop() {
    rest.close();
  }

  private static Client trusting(URI base) throws IOException, GeneralSecurityException {
    return new Client(base, HttpClient.newBuilder().sslContext(certificates.client()).build());
  }

  private PeerBuilder trustingPeer() throws IOException, GeneralSecurityException {
    return Peer.to(rest.links().uri())
        .transport(
            new WebSocketTransport(WebSocketOptions.DEFAULTS.withTls(certificates.client())));
  }

  @Test
  @DisplayName("services answer over https, at the address that it tells")
  void overHttps() throws Exception {
    assertThat(rest.uri().toString()).startsWith("https://127.0.0.1:");
    try (Client client = trusting(rest.uri())) {
      HttpResponse<String> answer = client.get(PING);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.sslSession()).isPresent();
      assertThat(client.get("/").headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/html");
    }
  }

  @Test
  @DisplayName("DI-10 links are wss, at the same port")
  void overWss() throws Exception {
    URI links = rest.links().uri();
    assertThat(links.getScheme()).isEqualTo("wss");
    assertThat(links.getPort()).isEqualTo(rest.uri().getPort());
    try (Peer peer = trustingPeer().connect()) {
      WritePort<Request> shop =
          Request.to(peer.root(), "get-service")
              .with("service", "shop")
              .as(new TypeOf<WritePort<Request>>() {});
      assertThat(Request.to(shop, "_ping").as(String.class)).isEqualTo("pong");
    }
  }

  @Test
  @DisplayName("DI-11 who does not trust the certificate is refused in words, over https and wss")
  void untrusted() {
    try (Client client = new Client(rest.uri())) {
      assertThatThrownBy(() -> client.get(PING))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("unable to find valid certification path");
    }
    URI links = rest.links().uri();
    assertThatThrownBy(() -> Peer.to(links).connect())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot connect to " + links)
        .hasMessageContaining("its certificate is of nobody who is trusted here");
    assertThat(rest.links().peers()).isEmpty();
  }

  @Test
  @DisplayName("DI-11 what speaks plain text at that port is answered nothing")
  void plain() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rest.uri().getPort())) {
      socket.setSoTimeout((int) Until.PATIENCE.toMillis());
      String request = "GET " + PING + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("HTTP", "pong");
    }
  }
}
