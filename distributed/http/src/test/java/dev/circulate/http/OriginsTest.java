package dev.circulate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.contract.Until;
import dev.circulate.runtime.Authenticator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in: pages of other origins, links beside commands, and who has proven nothing. */
@SuppressWarnings("NullAway.Init") // each test starts a server of its own
class OriginsTest {
  private static final String APP = "https://app.example";
  private static final String EVIL = "https://evil.example";
  private static final String PING = "/services/shop/_ping";

  private Rest rest;
  private Client client;

  private void start(RestBuilder settings) throws Exception {
    rest = settings.port(0).start();
    client = new Client(rest.uri());
  }

  private static RestBuilder settings() {
    return Rest.serve(new Shop().root()).links("/csp");
  }

  @AfterEach
  void stop() {
    client.close();
    rest.close();
  }

  private HttpResponse<String> from(String origin, String method) throws Exception {
    return client.send(
        client
            .to(PING)
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .method(method, BodyPublishers.noBody()));
  }

  private static @Nullable String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue("Access-Control-" + name).orElse(null);
  }

  private static void assertRefused(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(Client.json(response).get("code").asText()).isEqualTo("cross-origin");
    assertThat(header(response, "Allow-Origin")).isNull();
  }

  @Test
  @DisplayName("unless told otherwise no page of another origin may ask, whatever the method")
  void none() throws Exception {
    start(settings());
    for (String method : new String[] {"GET", "POST", "OPTIONS"}) {
      assertRefused(from(EVIL, method));
    }
    assertRefused(from("null", "GET")); // a file, or a frame in a sandbox
  }

  @Test
  @DisplayName("a page of an allowed origin is told before it asks what it may")
  void preflight() throws Exception {
    start(
        settings()
            .allowOrigins(APP)
            .allowHeaders("X-Api-Key", "X-Tenant")
            .authenticator(Authenticator.bearer(Map.<String, String>of()::get)));
    HttpResponse<String> allowed = from(APP, "OPTIONS"); // in which a browser proves nothing yet
    assertThat(allowed.statusCode()).isEqualTo(204);
    assertThat(header(allowed, "Allow-Origin")).isEqualTo(APP);
    assertThat(header(allowed, "Allow-Methods")).isEqualTo("GET, POST");
    assertThat(header(allowed, "Allow-Headers"))
        .isEqualTo("Content-Type, Authorization, Request-Timeout, X-Api-Key, X-Tenant");
    assertThat(header(allowed, "Allow-Credentials")).isNull();
    assertThat(allowed.headers().firstValue("Vary")).hasValue("Origin");
    assertRefused(from(EVIL, "OPTIONS"));
    HttpResponse<String> refused = from(APP, "GET");
    assertThat(header(refused, "Allow-Origin"))
        .as("so that the page can read why it is refused")
        .isEqualTo(APP);
    assertThat(header(refused, "Expose-Headers")).contains("WWW-Authenticate", "Retry-After");
  }

  @Test
  @DisplayName("with * all may")
  void all() throws Exception {
    start(settings().allowOrigins("*"));
    HttpResponse<String> allowed = from(EVIL, "GET");
    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(header(allowed, "Allow-Origin")).isEqualTo(EVIL);
  }

  private HttpResponse<String> fetched(String path, String site) throws Exception {
    return client.send(client.to(path).header("Sec-Fetch-Site", site));
  }

  @Test
  @DisplayName(
      "an image, a script or a link of another page's gets nothing, though it says no origin")
  void otherSite() throws Exception {
    start(settings().allowOrigins(APP));
    for (String path : new String[] {PING, "/services", "/openapi.json"}) {
      assertRefused(fetched(path, "cross-site"));
      assertRefused(fetched(path, "same-site"));
      assertThat(fetched(path, "same-origin").statusCode()).isEqualTo(200);
      assertThat(fetched(path, "none").statusCode()).isEqualTo(200);
    }
    assertThat(fetched("/", "cross-site").statusCode()).isEqualTo(200);
    HttpResponse<String> allowed =
        client.send(client.to(PING).header("Sec-Fetch-Site", "cross-site").header("Origin", APP));
    assertThat(allowed.statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("where all pages may ask, so may their images")
  void anySite() throws Exception {
    start(settings().allowOrigins("*"));
    assertThat(fetched(PING, "cross-site").statusCode()).isEqualTo(200);
  }

  /** The first line of an answer, to a GET with any header. */
  private String firstLine(String path, String... fields) throws IOException {
    try (Socket socket = new Socket("localhost", rest.uri().getPort())) {
      socket.setSoTimeout((int) Until.PATIENCE.toMillis());
      String request = "GET %s HTTP/1.1\r\n%s\r\n\r\n".formatted(path, String.join("\r\n", fields));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .readLine();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PING, "/services", "/", "/csp"})
  @DisplayName("a name that was made to lead here is not the server's, so its pages get nothing")
  void rebinding(String path) throws Exception {
    start(settings());
    assertThat(firstLine(path, "Host: evil.example:80")).startsWith("HTTP/1.1 421 ");
    assertThat(firstLine(path, "Host: evil.example:80", "Origin: http://evil.example:80"))
        .startsWith("HTTP/1.1 421 ");
  }

  @Test
  @DisplayName("a name that was given is the server's, and a page under it its own")
  void hosts() throws Exception {
    start(settings().hosts("app.example"));
    String[] proxied = {"Host: app.example", "Origin: " + APP};
    assertThat(firstLine(PING, proxied)).startsWith("HTTP/1.1 200 ");
    assertThat(firstLine("/csp", proxied)).startsWith("HTTP/1.1 426 ");
    assertThat(firstLine(PING, "Host: 127.0.0.1")).startsWith("HTTP/1.1 200 ");
    assertThat(firstLine(PING, "Host: [::1]:8080")).startsWith("HTTP/1.1 200 ");
    assertThat(firstLine(PING, "Host: evil.example")).startsWith("HTTP/1.1 421 ");
  }

  private int handshake(String origin) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      WebSocket link =
          http.newWebSocketBuilder()
              .header("Origin", origin)
              .buildAsync(rest.links().uri(), new WebSocket.Listener() {})
              .join();
      link.abort();
      return 101;
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  @Test
  @DisplayName("a link from a page of another origin is refused as its requests are")
  void links() throws Exception {
    start(settings().allowOrigins(APP));
    assertThat(handshake(EVIL)).isEqualTo(403);
    assertThat(handshake(APP)).isEqualTo(101);
    assertThat(handshake("http://localhost:" + rest.links().uri().getPort())).isEqualTo(101);
  }

  @Test
  @DisplayName("what asks at the path of the links without WebSocket is told what to do")
  void upgrade() throws Exception {
    start(settings());
    HttpResponse<String> response = client.get("/csp");
    assertThat(response.statusCode()).isEqualTo(426);
    assertThat(Client.json(response).get("code").asText()).isEqualTo("upgrade-required");
    assertThat(response.headers().firstValue("Upgrade")).hasValue("websocket");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"nothing", "Bearer guess", "Basic c2VjcmV0", "Bearer", "secret"})
  @DisplayName("DI-11 who has proven nothing, or something else, gets a problem document")
  void unauthenticated(String shown) throws Exception {
    start(settings().authenticator(Authenticator.bearer(Map.of("secret", "alice")::get)));
    for (String path : new String[] {PING, "/services/shop/price?item=tea", "/services"}) {
      var request = client.to(path);
      HttpResponse<String> refused =
          client.send(shown.equals("nothing") ? request : request.header("Authorization", shown));
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("Content-Type")).hasValue(Problem.MEDIA_TYPE);
      assertThat(Client.json(refused).get("code").asText()).isEqualTo("unauthenticated");
      assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
          .startsWith("Bearer");
    }
  }

  @Test
  @DisplayName("SV-6 how long requests may take is set, without a header and with one")
  void timeouts() throws Exception {
    start(settings().timeouts(Duration.ofMillis(50), Duration.ofSeconds(1)));
    HttpResponse<String> late = client.post("/services/shop/wait", "{}");
    assertThat(late.statusCode()).isEqualTo(504);
    assertThat(Client.json(late).get("after").asText()).isEqualTo("PT0.05S");
    HttpResponse<String> refused = client.send(client.to(PING).header("Request-Timeout", "2"));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Client.json(refused).get("detail").asText()).contains("at most 1");
    assertThat(client.send(client.to(PING).header("Request-Timeout", "1")).statusCode())
        .isEqualTo(200);
  }

  @Test
  @DisplayName("HEAD asks what GET does, and is answered without a body")
  void head() throws Exception {
    start(settings());
    HttpResponse<String> head = client.send(client.to("/services/shop/price?item=tea").HEAD());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(head.body()).isEmpty();
    assertThat(client.send(client.to("/services/shop/order").HEAD()).statusCode()).isEqualTo(405);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*                                             | application/x-ndjson",
        "text/*                                          | text/event-stream",
        "text/event-stream;q=0.5, application/x-ndjson   | application/x-ndjson",
        "application/x-ndjson;q=0.5, text/event-stream   | text/event-stream",
        "application/x-ndjson;q=0, */*                   | text/event-stream",
        "application/json, text/event-stream;q=0.1       | text/event-stream",
      })
  @DisplayName("a stream has the form that Accept weighs most")
  void accept(String accept, String form) throws Exception {
    start(settings());
    HttpResponse<String> stream =
        client.send(client.to("/services/shop/numbers?upTo=1").header("Accept", accept));
    assertThat(stream.statusCode()).isEqualTo(200);
    assertThat(stream.headers().firstValue("Content-Type")).hasValue(form);
  }
}
