package dev.circulate.http;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Command;
import dev.circulate.service.ErrorCode;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong, each with its status and its problem document. */
class ProblemsTest {
  /** Answers each error of the family. */
  static class Failing {
    @Command
    void failWith(String code) {
      throw new CallException(CallError.fromData(Map.of("code", code, "message", "why: " + code)));
    }
  }

  private final Shop shop = new Shop();
  private Rest rest;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    rest = Rest.serve(shop.root()).port(0).links("/csp").bodyLimit(1000).start();
    client = new Client(rest.uri());
  }

  @AfterEach
  void stop() {
    client.close();
    rest.close();
  }

  @Test
  @DisplayName("a port that is taken is named, as the address that was asked for")
  void portTaken() {
    int port = rest.uri().getPort();
    assertThatThrownBy(() -> Rest.serve(shop.root()).port(port).start())
        .isInstanceOf(IOException.class)
        .hasMessage("cannot listen at " + rest.uri() + ": Address already in use");
  }

  private static JsonNode problem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = Client.json(response);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("code").asText()).isEqualTo(code);
    assertThat(problem.get("type").asText()).isEqualTo("urn:circulate:problem:" + code);
    assertThat(problem.get("title").asText()).isNotEmpty();
    return problem;
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"item\": tea}        | 400 | malformed-json   | line 1",
        "{\"item\": \"tea\"     | 400 | malformed-json   | expected close marker",
        "[1, 2]                 | 400 | malformed-json   | not an array",
        "null                   | 400 | malformed-json   | not null",
        "{} {}                  | 400 | malformed-json   | Trailing token",
        "{\"item\":1,\"item\":2}| 400 | malformed-json   | Duplicate",
        "{\"item\": 5}          | 422 | invalid-argument | expected String",
        "{\"item\":\"t\",\"count\":1.5} | 422 | invalid-argument | expected int",
        "{\"count\": 1}         | 422 | invalid-argument | but came with count",
        "{\"item\":\"t\",\"x\":1}| 422 | invalid-argument | but came with item, x",
        "{\"_return\": 1}       | 422 | invalid-argument | underscore",
        "{\"_cmd\": \"order\"}  | 422 | invalid-argument | underscore",
      })
  @DisplayName("SV-4 a body that does not fit is refused, and told why")
  void bodies(String body, int status, String code, String detail) throws Exception {
    JsonNode problem = problem(client.post("/services/shop/price", body), status, code);
    assertThat(problem.get("detail").asText()).contains(detail);
  }

  @Test
  @DisplayName("DI-9 nesting without end is malformed, not a stack that overflows")
  void deep() throws Exception {
    rest.close();
    rest = Rest.serve(shop.root()).port(0).start();
    client.close();
    client = new Client(rest.uri());
    String deep = "{\"item\":" + "[".repeat(100_000);
    problem(client.post("/services/shop/price", deep), 400, "malformed-json");
  }

  @Test
  @DisplayName("SV-4 what is not there is not found")
  void unknown() throws Exception {
    problem(client.post("/services/mine/price", "{}"), 404, "unknown-service");
    problem(client.post("/services/shop/prize", "{}"), 404, "unknown-command");
    JsonNode prize = problem(client.get("/services/shop/prize"), 404, "unknown-command");
    assertThat(prize.get("detail").asText())
        .startsWith("'shop' has no command 'prize', only ")
        .contains(", price");
    problem(client.get("/services/shop"), 404, "not-found");
    problem(client.get("/favicon.ico"), 404, "not-found");
  }

  @Test
  @DisplayName("the wrong method is told which are right")
  void method() throws Exception {
    HttpResponse<String> got = client.get("/services/shop/order");
    problem(got, 405, "method-not-allowed");
    assertThat(got.headers().firstValue("Allow")).hasValue("POST");
    HttpResponse<String> put =
        client.send(client.to("/services/shop/price").PUT(BodyPublishers.ofString("{}")));
    problem(put, 405, "method-not-allowed");
    assertThat(put.headers().firstValue("Allow")).hasValue("GET, HEAD, POST");
    HttpResponse<String> page =
        client.send(client.to("/openapi.json").POST(BodyPublishers.noBody()));
    problem(page, 405, "method-not-allowed");
    assertThat(page.headers().firstValue("Allow")).hasValue("GET, HEAD");
    assertThat(shop.orders).hasValue(0);
  }

  @Test
  @DisplayName("another media type, or an encoding, is unsupported")
  void mediaType() throws Exception {
    for (String type : new String[] {"text/plain", "application/x-www-form-urlencoded"}) {
      problem(
          client.send(
              client
                  .to("/services/shop/price")
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofString("{\"item\": \"tea\"}"))),
          415,
          "unsupported-media-type");
    }
    problem(
        client.send(client.to("/services/shop/price").POST(BodyPublishers.ofString("{}"))),
        415,
        "unsupported-media-type");
    problem(
        client.send(
            client
                .to("/services/shop/price")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("{}"))),
        415,
        "unsupported-media-type");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json; charset=utf-8,",
    "Application/JSON,",
    "application/json, Identity"
  })
  @DisplayName("JSON is JSON in capitals, with its charset, and under no encoding")
  void json(String type, @Nullable String encoding) throws Exception {
    HttpRequest.Builder request =
        client
            .to("/services/shop/price")
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString("{\"item\": \"tea\"}"));
    if (encoding != null) {
      request.header("Content-Encoding", encoding);
    }
    assertThat(client.send(request).body()).isEqualTo("30");
  }

  @Test
  @DisplayName("DI-9 a body beyond the limit is refused, whether it says its length or not")
  void tooLarge() throws Exception {
    byte[] large = ("{\"item\": \"" + "x".repeat(1000) + "\"}").getBytes(StandardCharsets.UTF_8);
    problem(
        client.post("/services/shop/price", new String(large, StandardCharsets.UTF_8)),
        413,
        "too-large");
    problem(
        client.send(
            client
                .to("/services/shop/price")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)))),
        413,
        "too-large");
  }

  @Test
  @DisplayName("an Accept that leaves no form is not acceptable; a stream is not one JSON value")
  void notAcceptable() throws Exception {
    problem(
        client.send(client.to("/services/shop/price?item=t").header("Accept", "text/html")),
        406,
        "not-acceptable");
    problem(
        client.send(
            client.to("/services/shop/numbers?upTo=3").header("Accept", "application/json")),
        406,
        "not-acceptable");
  }

  @Test
  @DisplayName("a command is not begun for who does not take the stream that it answers")
  void notBegun() throws Exception {
    var request = client.to("/services/shop/order-and-tell").POST(BodyPublishers.noBody());
    problem(client.send(request.header("Accept", "application/json")), 406, "not-acceptable");
    assertThat(shop.orders).hasValue(0);
    assertThat(client.post("/services/shop/order-and-tell", "").body())
        .isEqualTo("\"packed\"\n\"sent\"\n");
    assertThat(shop.orders).hasValue(1);
  }

  @Test
  @DisplayName("SV-4 what a service throws is answered with its type and message")
  void thrown() throws Exception {
    JsonNode problem = problem(client.post("/services/shop/fail", "{}"), 500, "failed");
    assertThat(problem.get("detail").asText()).isEqualTo("out of <b>tea</b>");
    assertThat(problem.get("exception").asText()).isEqualTo("java.lang.IllegalStateException");
  }

  /** As the documentation has it. */
  private static int statusOf(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT -> 422;
      case UNAUTHENTICATED -> 401;
      case REFUSED -> 403;
      case UNKNOWN_SERVICE, UNKNOWN_COMMAND -> 404;
      case FAILED, INTERNAL -> 500;
      case PEER_LOST -> 502;
      case OVERLOADED, CANCELLED -> 503;
      case TIMEOUT, DEADLINE_EXCEEDED -> 504;
    };
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("SV-4 each of the twelve errors has its code, status and message over HTTP as well")
  void family(ErrorCode code) throws Exception {
    Root root = Root.named("root").add("failing", Service.of(new Failing()), Visibility.PUBLIC);
    try (Rest other = Rest.serve(root).port(0).start();
        Client asking = new Client(other.uri())) {
      HttpResponse<String> response =
          asking.post("/services/failing/fail-with", "{\"code\": \"" + code.id() + "\"}");
      JsonNode problem = problem(response, statusOf(code), code.id());
      assertThat(response.headers().firstValue("Retry-After").isPresent())
          .isEqualTo(code == ErrorCode.OVERLOADED);
      assertThat(response.headers().firstValue("WWW-Authenticate").isPresent())
          .isEqualTo(code == ErrorCode.UNAUTHENTICATED);
      assertThat(problem.get("detail").asText()).isEqualTo("why: " + code.id());
    }
  }

  @Test
  @DisplayName("a channel inside an answer has no form as JSON, and that is said")
  void inside() throws Exception {
    JsonNode problem = problem(client.post("/services/shop/inside", "{}"), 500, "internal");
    assertThat(problem.get("detail").asText()).contains("JSON cannot carry it");
  }

  @Test
  @DisplayName("SV-6 a deadline comes by header, and interrupts the command when it passes")
  void deadline() throws Exception {
    HttpResponse<String> late =
        client.send(
            client
                .to("/services/shop/wait")
                .header("Request-Timeout", "0.05")
                .POST(BodyPublishers.noBody()));
    JsonNode problem = problem(late, 504, "timeout");
    assertThat(problem.get("after").asText()).isEqualTo("PT0.05S");
    assertThat(shop.waits.take()).isEqualTo("began");
    assertThat(shop.waits.take()).isEqualTo("interrupted");
    for (String wrong : new String[] {"soon", "0", "-1", "301", "1e9999"}) {
      problem(
          client.send(client.to("/services/shop/_ping").header("Request-Timeout", wrong)),
          400,
          "malformed-request");
    }
  }

  @Test
  @DisplayName("SV-6 how long a caller may wait is told as it was set, to the millisecond")
  void longest() throws Exception {
    rest.close();
    Duration longest = Duration.ofMillis(1_500);
    rest = Rest.serve(shop.root()).timeouts(longest, longest).port(0).start();
    client.close();
    client = new Client(rest.uri());
    HttpResponse<String> tooLong =
        client.send(client.to("/services/shop/_ping").header("Request-Timeout", "2"));
    assertThat(problem(tooLong, 400, "malformed-request").get("detail").asText())
        .isEqualTo("Request-Timeout is a number of seconds above 0, at most 1.5, not '2'");
    assertThat(
            client
                .send(client.to("/services/shop/_ping").header("Request-Timeout", "1.5"))
                .statusCode())
        .isEqualTo(200);
  }

  private static final String HALF_A_BODY =
      """
      POST /services/shop/nothing HTTP/1.1\r
      Host: localhost\r
      Content-Type: application/json\r
      Content-Length: 2\r
      Request-Timeout: %s\r
      \r
      {\
      """;

  @Test
  @DisplayName("SV-6 the time that a request has is that of its body, too")
  void slowBody() throws Exception {
    assertThat(raw(HALF_A_BODY.formatted("0.1")))
        .startsWith("HTTP/1.1 408")
        .contains("\"code\":\"request-timeout\"", "within PT0.1S");
    until("no request is under way", () -> rest.underWay() == 0);
  }

  @Test
  @DisplayName("a stop does not wait for the rest of a body")
  void cutOffBody() throws Exception {
    rest.close();
    rest = Rest.serve(shop.root()).port(0).grace(Duration.ofMillis(1)).start();
    Channel<String> answer = Csp.go(() -> raw(HALF_A_BODY.formatted("60")));
    until("the request is under way", () -> rest.underWay() == 1);
    rest.close();
    assertThat(answer.take()).startsWith("HTTP/1.1 503").contains("\"code\":\"stopping\"");
    assertThat(rest.underWay()).isZero();
  }

  @Test
  @DisplayName("what is no HTTP gets a problem document as well")
  void noHttp() throws Exception {
    assertThat(raw("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json");
    assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains("application/problem+json");
  }

  @Test
  @DisplayName("what breaks the rules of HTTP later, in a body or an upgrade, does so as well")
  void noHttpLater() throws Exception {
    assertThat(
            raw(
                """
                POST /services/shop/nothing HTTP/1.1\r
                Host: localhost\r
                Content-Type: application/json\r
                Transfer-Encoding: chunked\r
                Connection: close\r
                \r
                no size\r
                """))
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json", "\"code\":\"bad-request\"");
    assertThat(
            raw(
                """
                GET /csp HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade, close\r
                Sec-WebSocket-Version: 13\r
                \r
                """))
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json", "\"code\":\"bad-request\"");
  }

  private String raw(String request) throws Exception {
    try (Socket socket = new Socket("localhost", rest.uri().getPort())) {
      socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
