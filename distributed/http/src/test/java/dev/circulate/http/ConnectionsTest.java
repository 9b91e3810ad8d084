package dev.circulate.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.runtime.Authenticator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a connection after an answer, and of all when a server is closed. */
@SuppressWarnings("NullAway.Init") // started before each test
class ConnectionsTest {
  private static final String NOT_ALLOWED =
      """
      POST /services/shop/price HTTP/1.1\r
      Host: localhost\r
      Content-Type: application/json\r
      Content-Length: 2\r
      \r
      """;

  private Rest rest;
  private Socket socket;
  private BufferedReader answers;

  @BeforeEach
  void start() throws Exception {
    Authenticator tokens = Authenticator.bearer(Map.of("secret", "alice")::get);
    rest = Rest.serve(new Shop().root()).authenticator(tokens).port(0).start();
    connect();
  }

  private void connect() throws IOException {
    socket = new Socket(rest.uri().getHost(), rest.uri().getPort());
    answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  @AfterEach
  void stop() throws Exception {
    socket.close();
    rest.close();
  }

  private void say(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  /** The header of the next answer, a line each, in small letters. */
  private List<String> header() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = answers.readLine(); line != null && !line.isEmpty(); ) {
      lines.add(line.toLowerCase(Locale.ROOT));
      line = answers.readLine();
    }
    return lines;
  }

  private void skipBody(List<String> header) throws IOException {
    for (String line : header) {
      if (line.startsWith("content-length: ")) {
        long left = Long.parseLong(line.substring("content-length: ".length()));
        assertThat(answers.skip(left)).isEqualTo(left);
      }
    }
  }

  @Test
  @DisplayName("a connection that ends since nobody reads the rest of a body is said to end")
  void bodyToCome() throws Exception {
    say(NOT_ALLOWED);
    List<String> header = header();
    assertThat(header).first().asString().startsWith("http/1.1 401");
    assertThat(header).contains("connection: close");
  }

  @Test
  @DisplayName("a connection goes on after a body that nobody wanted, and that has come")
  void bodyCame() throws Exception {
    for (int i = 0; i < 3; i++) {
      say(NOT_ALLOWED + "{}");
      List<String> header = header();
      assertThat(header).first().asString().startsWith("http/1.1 401");
      assertThat(header).doesNotContain("connection: close");
      skipBody(header);
    }
  }

  @Test
  @DisplayName("the header of a stream tells no length, to HEAD neither")
  void headOfStream() throws Exception {
    say(
        """
        HEAD /services/shop/ticks HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer secret\r
        \r
        """);
    List<String> header = header();
    assertThat(header).first().asString().startsWith("http/1.1 200");
    assertThat(header).noneMatch(line -> line.startsWith("content-length:"));
    say("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(header()).first().asString().startsWith("http/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /services/root/list",
        "GET /services/shop/numbers?upTo=1",
        "HEAD /services/shop/numbers?upTo=1",
        "GET /services/nobody/list",
        "GET /openapi.json",
        "GET /nothing",
        "GET /"
      })
  @DisplayName("no answer is kept by a cache for others, nor taken for what it does not say it is")
  void notKept(String what) throws Exception {
    say(what + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n\r\n");
    assertThat(header()).contains("cache-control: no-store", "x-content-type-options: nosniff");
  }

  @Test
  @DisplayName("the page may load and call nothing but this server, and tells others nothing of it")
  void pagePolicy() throws Exception {
    say("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(header())
        .contains("referrer-policy: no-referrer")
        .anyMatch(line -> line.startsWith("content-security-policy: default-src 'none'; "));
  }

  @Test
  @DisplayName("a proxy is told not to hold back a stream")
  void notBuffered() throws Exception {
    say(
        """
        GET /services/shop/numbers?upTo=1 HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer secret\r
        \r
        """);
    assertThat(header()).contains("x-accel-buffering: no");
  }

  @Test
  @DisplayName("who waits for the stop waits until it is closed")
  void awaitsStop() throws Exception {
    Channel<String> stopped =
        Csp.go(
            () -> {
              rest.awaitStop();
              return "stopped";
            });
    assertThat(stopped.poll(Duration.ofMillis(50))).isNull();
    rest.close();
    assertThat(stopped.take()).isEqualTo("stopped");
  }

  @Test
  @DisplayName("a close by a thread that is interrupted closes all, and leaves the interrupt")
  void interruptedClose() throws Exception {
    int port = rest.uri().getPort();
    say(NOT_ALLOWED + "{}"); // so that the connection is not one that nobody has accepted yet
    skipBody(header());
    Thread.currentThread().interrupt();
    rest.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(answers.readLine()).isNull();
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getByName("localhost"))) {
      assertThat(rest.underWay()).isZero();
    }
  }

  @Test
  @DisplayName("a start by a thread that is interrupted starts, and leaves the interrupt")
  void interruptedStart() throws Exception {
    stop();
    Thread.currentThread().interrupt();
    try {
      start();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    say("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(header()).first().asString().startsWith("http/1.1 200");
  }
}
