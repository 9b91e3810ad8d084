package dev.circulate.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.contract.Until;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DI-11: of which pages a server accepts links; a browser leaves that to the server. */
class OriginPolicyTest {
  private static final String APP = "https://app.example";

  private static WebSocketOptions options(OriginPolicy origins) {
    return WebSocketOptions.DEFAULTS.withOrigins(origins);
  }

  private static int status(Site site, String... fields) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.uri().getPort())) {
      socket.setSoTimeout((int) Until.PATIENCE.toMillis());
      return Integer.parseInt(Handshake.answer(socket, fields).split(" ", 3)[1]);
    }
  }

  private static int linked(Site site, String host, String origin) throws IOException {
    return status(site, "Host: " + host, "Origin: " + origin);
  }

  @Test
  @DisplayName("a page of another origin may not link, one of the server's own may, and a program")
  void own() throws IOException {
    try (Site site = new Site()) {
      String host = "localhost:" + site.uri().getPort();
      assertThat(linked(site, host, APP)).isEqualTo(403);
      assertThat(linked(site, host, "null")).isEqualTo(403);
      assertThat(linked(site, host, "http://localhost:1")).isEqualTo(403);
      assertThat(linked(site, host, "http://" + host)).isEqualTo(101);
      assertThat(linked(site, host, "https://" + host)).isEqualTo(101);
      assertThat(linked(site, "[::1]:80", "http://[::1]:80")).isEqualTo(101);
      assertThat(status(site, "Host: " + host)).isEqualTo(101);
    }
  }

  @Test
  @DisplayName("who is refused is told why")
  void told() throws IOException {
    try (Site site = new Site();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.uri().getPort())) {
      String answer = Handshake.answer(socket, "Host: x", "Origin: " + APP, "Connection: close");
      assertThat(answer).contains("text/plain");
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("pages of https://app.example may not connect here");
    }
  }

  @Test
  @DisplayName("what is allowed may link; * allows all")
  void allowed() throws IOException {
    try (Site site = new Site(options(OriginPolicy.OWN.allowing(APP)))) {
      assertThat(linked(site, "localhost", APP)).isEqualTo(101);
      assertThat(linked(site, "localhost", "https://other.example")).isEqualTo(403);
    }
    try (Site site = new Site(options(OriginPolicy.OWN.allowing("*")))) {
      assertThat(linked(site, "localhost", "https://other.example")).isEqualTo(101);
    }
  }

  @Test
  @DisplayName(
      "a name that leads to the loopback makes no page the server's own, unless it is known")
  void rebinding() throws IOException {
    try (Site site = new Site()) {
      assertThat(linked(site, "evil.example:80", "http://evil.example:80")).isEqualTo(403);
    }
    try (Site site = new Site(options(OriginPolicy.OWN.knownAs("app.example")))) {
      assertThat(linked(site, "app.example", APP)).isEqualTo(101);
      assertThat(linked(site, "localhost", "http://localhost")).isEqualTo(101);
      assertThat(linked(site, "evil.example", "http://evil.example")).isEqualTo(403);
    }
  }

  @ParameterizedTest(name = "bound to {0}, known as {1}, asked as {2}: {3}")
  @CsvSource({
    "localhost,    '',          localhost:8080,   true",
    "localhost,    '',          LOCALHOST,        true",
    "127.0.0.1,    '',          127.0.0.1:8080,   true",
    "'[::1]',      '',          '[::1]:8080',     true",
    "127.0.0.7,    '',          127.0.0.7:80,     true",
    "localhost,    '',          evil.example,     false",
    "localhost,    '',          localhost.evil,   false",
    "localhost,    '',          '[::1].evil',     false",
    "localhost,    app.example, app.example:443,  true",
    "localhost,    *,           any.example,      true",
    "0.0.0.0,      '',          any.example:8080, true",
    "0.0.0.0,      app.example, any.example:8080, false",
    "0.0.0.0,      app.example, localhost,        true",
  })
  @DisplayName("a server knows its own names")
  void names(String bound, String known, String host, boolean isKnown) {
    Set<String> hosts = known.isEmpty() ? Set.of() : Set.of(known);
    assertThat(new OriginPolicy(Set.of(), hosts).boundTo(bound).knows(host)).isEqualTo(isKnown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example/",
        "app.example",
        "https://",
        "http://a b",
        "",
        "https://App.example",
        "https://app.example:443",
        "http://app.example:80",
        "https://\u00e4pp.example"
      })
  @DisplayName("what no browser says is refused at once")
  void noOrigin(String origin) {
    assertThatThrownBy(() -> OriginPolicy.OWN.allowing(origin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + origin + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example:8443",
        "http://app.example:443",
        "https://xn--pp-via.example",
        "http://[::1]:8080",
        "chrome-extension://abcdefghijklmnop",
        "null"
      })
  @DisplayName("what a browser may say is not")
  void origin(String origin) {
    assertThat(OriginPolicy.OWN.allowing(origin).allows(origin)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"app.example:443", "https://app.example", "::1", ""})
  @DisplayName("so is what is no name")
  void noHost(String host) {
    assertThatThrownBy(() -> OriginPolicy.OWN.knownAs(host))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + host + "'");
  }
}
