package dev.circulate.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What can be set for links over WebSocket. */
class WebSocketOptionsTest {
  private static final OriginPolicy PAGES = OriginPolicy.OWN.allowing("https://app.example");

  @Test
  @DisplayName("the defaults are what the documentation says")
  void defaults() {
    assertThat(WebSocketOptions.DEFAULTS)
        .isEqualTo(
            new WebSocketOptions(
                3 * 1024 * 1024,
                2 * 1024 * 1024,
                Duration.ofSeconds(10),
                null,
                new OriginPolicy(Set.of(), Set.of())));
  }

  @Test
  @DisplayName("whoever sets one thing leaves the others as they were, in any order")
  void keepsTheOthers() throws Exception {
    SSLContext tls = SSLContext.getDefault();
    Duration timeout = Duration.ofSeconds(3);
    WebSocketOptions all = new WebSocketOptions(1, 2, timeout, tls, PAGES);
    assertThat(
            WebSocketOptions.DEFAULTS
                .withLimits(1, 2)
                .withConnectTimeout(timeout)
                .withTls(tls)
                .withOrigins(PAGES))
        .isEqualTo(all);
    assertThat(
            WebSocketOptions.DEFAULTS
                .withOrigins(PAGES)
                .withTls(tls)
                .withConnectTimeout(timeout)
                .withLimits(1, 2))
        .isEqualTo(all);
  }

  @Test
  @DisplayName("what no link can keep is refused when it is set, with the figures")
  void refused() {
    WebSocketOptions defaults = WebSocketOptions.DEFAULTS;
    assertThatThrownBy(() -> defaults.withLimits(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 0 for text and 1 for binary");
    assertThatThrownBy(() -> defaults.withLimits(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 1 for text and 0 for binary");
    assertThatThrownBy(() -> defaults.withConnectTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not PT0S");
  }
}
