package dev.circulate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.circulate.runtime.Peer;
import dev.circulate.service.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be set, and what is refused when it is set, not later. */
class RestBuilderTest {
  private final RestBuilder settings = Rest.serve(new Shop().root()).port(0);

  private static boolean hasIpv6() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "[::1]"})
  @DisplayName("an address of IPv6 may be given with brackets and without")
  void ipv6(String host) throws Exception {
    assumeTrue(hasIpv6(), "there is no IPv6 here");
    try (Rest rest = settings.host(host).start();
        Client client = new Client(rest.uri())) {
      assertThat(rest.uri().toString()).startsWith("http://[::1]:");
      assertThat(client.get("/services/shop/_ping").statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"my_host", "", "a b", "host:80", "http://host"})
  @DisplayName("what cannot stand in an address is no host")
  void noHost(String host) {
    assertThatThrownBy(() -> settings.host(host))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + host + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/caf%C3%A9", "/caf\u00e9"})
  @DisplayName("the path of links may have any letter, encoded or not")
  void links(String path) throws Exception {
    try (Rest rest = settings.links(path).start();
        Client client = new Client(rest.uri());
        Peer peer = Peer.connect(rest.links().uri())) {
      assertThat(Request.to(peer.root(), "name").as(String.class)).isEqualTo("corner-shop");
      HttpResponse<String> answer = client.get("/caf%C3%A9");
      assertThat(answer.statusCode()).isEqualTo(426);
    }
  }

  @Test
  @DisplayName("what is set after the start is for the next one")
  void setLater() throws Exception {
    try (Rest rest = settings.port(0).start();
        Client client = new Client(rest.uri())) {
      settings.bodyLimit(1);
      assertThat(client.post("/services/root/list", "{\"details\": true}").statusCode())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "csp",
        "/",
        "/a b",
        "/csp?x",
        "/a/../csp",
        "/page.js",
        "/openapi.json",
        "/services",
        "/services/links",
        "/%70age.js"
      })
  @DisplayName("what is no path, or not free, is no place for links")
  void noLinks(String path) {
    assertThatThrownBy(() -> settings.links(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + path + "'");
  }

  @Test
  @DisplayName("a time is longer than zero, and no longer than can be reckoned with")
  void times() {
    Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> settings.timeouts(second, endless))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 100 years");
    assertThatThrownBy(() -> settings.timeouts(Duration.ZERO, second))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longer than zero");
    assertThatThrownBy(() -> settings.beat(endless)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> settings.grace(endless)).isInstanceOf(IllegalArgumentException.class);
  }
}
