package dev.circulate.http;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.service.Command;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.TypeOf;
import dev.circulate.service.Visibility;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How streams go on and end: slowly, by themselves, by a failure, by a stop. */
@SuppressWarnings("NullAway.Init") // each test starts a server of its own
class StreamEndsTest {
  private final Shop shop = new Shop();
  private Rest rest;
  private Client client;
  private Channel<Object> ticks;
  private BufferedReader lines;

  /** Begins a stream of what the test puts. */
  private void stream(Duration grace, String accept) throws Exception {
    rest = Rest.serve(shop.root()).beat(Duration.ofMillis(50)).grace(grace).port(0).start();
    client = new Client(rest.uri());
    var response = client.open(client.to("/services/shop/ticks").header("Accept", accept));
    ticks = Objects.requireNonNull(shop.streams.take());
    lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    client.close();
    rest.close();
  }

  /** The next line that says something. */
  private String line() throws IOException {
    String line;
    do {
      line = Objects.requireNonNull(lines.readLine(), "the stream goes on");
    } while (line.isEmpty() || line.equals(": none yet"));
    return line;
  }

  private Thread closing() throws Exception {
    Thread closing = Thread.ofVirtual().start(rest::close);
    HttpResponse<String> refused;
    do {
      refused = client.get("/services/shop/_ping");
    } while (refused.statusCode() == 200);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(Client.json(refused).get("code").asText()).isEqualTo("stopping");
    return closing;
  }

  @Test
  @DisplayName("while no value comes the stream says that it is alive")
  void beat() throws Exception {
    stream(Duration.ofSeconds(10), "application/x-ndjson");
    assertThat(lines.readLine()).isEmpty();
    client.close();
    rest.close();
    stream(Duration.ofSeconds(10), "text/event-stream");
    assertThat(lines.readLine()).isEqualTo(": none yet");
  }

  /**
   * All that a stream says which breaks; by hand, since Java's client drops what it has not read.
   *
   * @param command which answers the stream
   * @param breaking what breaks it, once it has begun
   */
  private String heard(String command, String accept, Csp.Body breaking) throws Exception {
    try (Socket socket = new Socket(rest.uri().getHost(), rest.uri().getPort())) {
      String request =
          "GET /services/%s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n\r\n"
              .formatted(command, accept);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      breaking.run();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String heardOfTicks(String accept, Object first, Csp.Body breaking) throws Exception {
    rest = Rest.serve(shop.root()).port(0).start();
    client = new Client(rest.uri());
    return heard(
        "shop/ticks",
        accept,
        () -> {
          ticks = Objects.requireNonNull(shop.streams.take());
          ticks.put(first);
          breaking.run();
        });
  }

  private String heardOfBroken(String accept) throws Exception {
    return heardOfTicks(accept, 1, () -> ticks.close(new IllegalStateException("out of tea")));
  }

  /** The problem document that is the last line, behind which the connection was cut. */
  private static JsonNode lastProblem(String said) throws IOException {
    assertThat(said).doesNotEndWith("\r\n0\r\n\r\n");
    return Client.MAPPER.readTree(
        said.lines().filter(line -> line.startsWith("{")).findFirst().orElseThrow());
  }

  @Test
  @DisplayName("a stream that breaks ends with a problem document, and the connection is cut")
  void broken() throws Exception {
    String said = heardOfBroken("application/x-ndjson");
    assertThat(said).contains("\r\n1\n");
    JsonNode problem = lastProblem(said);
    assertThat(problem.get("status").asInt()).isEqualTo(500);
    assertThat(problem.get("code").asText()).isEqualTo("failed");
    assertThat(problem.get("detail").asText()).isEqualTo("out of tea");
  }

  @Test
  @DisplayName("among events that is the event 'problem'")
  void brokenEvents() throws Exception {
    assertThat(heardOfBroken("text/event-stream"))
        .containsSubsequence("data: 1\n", "event: problem\n", "data: {", "\"code\":\"failed\"")
        .doesNotEndWith("\r\n0\r\n\r\n");
  }

  @Test
  @DisplayName("a value that has no form as JSON breaks it, such as a number that JSON has not")
  void unspeakable() throws Exception {
    String said = heardOfTicks("application/x-ndjson", 0.5, () -> ticks.put(1 / 0.0));
    assertThat(said).contains("\r\n0.5\n");
    assertThat(lastProblem(said).get("detail").asText()).contains("JSON has no number Infinity");
  }

  /** A value that cannot tell what is in it. */
  @SuppressWarnings({"unused", "DoNotCallSuggester"}) // it is written
  public static final class Sour {
    public String getTaste() {
      throw new AssertionError("sour");
    }
  }

  @Test
  @DisplayName("SV-4 a value that fails with an error when it is written breaks it as well")
  void failingValue() throws Exception {
    String said = heardOfTicks("application/x-ndjson", 1, () -> ticks.put(new Sour()));
    assertThat(said).contains("\r\n1\n");
    JsonNode problem = lastProblem(said);
    assertThat(problem.get("code").asText()).isEqualTo("failed");
    assertThat(problem.get("detail").asText()).isEqualTo("sour");
  }

  /** Answers values of which the second is not what the first is. */
  static final class Mixed {
    @Command(readOnly = true)
    Channel<Object> mixed() {
      Channel<Object> values = Csp.chan(2);
      values.offer(1);
      values.offer("two");
      return values;
    }
  }

  /** Passes on what another service answers, as numbers. */
  static final class Passing {
    private final WritePort<Request> mixed = Service.of(new Mixed());

    @Command(readOnly = true)
    Channel<Integer> numbers() throws InterruptedException {
      return Request.to(mixed, "mixed").as(new TypeOf<Channel<Integer>>() {});
    }
  }

  @Test
  @DisplayName("SV-2 a value that is not of the stream's type breaks it, after those before it")
  void misfit() throws Exception {
    Root root = Root.named("root").add("passing", Service.of(new Passing()), Visibility.PUBLIC);
    rest = Rest.serve(root).port(0).start();
    client = new Client(rest.uri());
    String said = heard("passing/numbers", "application/x-ndjson", () -> {});
    assertThat(said).contains("\r\n1\n");
    assertThat(lastProblem(said).get("code").asText()).isEqualTo("invalid-argument");
  }

  @Test
  @DisplayName("CH-1 DI-4 a client that does not read stops who puts, and misses nothing")
  void slow() throws Exception {
    stream(Duration.ofSeconds(10), "application/x-ndjson");
    String large = "x".repeat(64 << 10);
    int accepted = 0;
    while (ticks.offer(large, Duration.ofMillis(500))) {
      assertThat(++accepted).as("values of 64 KiB that nobody reads").isLessThan(2_000);
    }
    ticks.close();
    assertThat(accepted).as("values that were accepted").isPositive();
    for (int i = 0; i < accepted; i++) {
      assertThat(line()).hasSize(large.length() + 2);
    }
    assertThat(lines.readLine()).isNull();
  }

  @Test
  @DisplayName("HEAD is answered with the header of the stream, whose values nobody wants")
  void head() throws Exception {
    rest = Rest.serve(shop.root()).beat(Duration.ofMillis(50)).port(0).start();
    client = new Client(rest.uri());
    HttpResponse<String> head = client.send(client.to("/services/shop/ticks").HEAD());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    assertThat(Objects.requireNonNull(shop.streams.take()).put("unwanted")).isFalse();
    assertThat(client.get("/services/shop/_ping").body()).isEqualTo("\"pong\"");
    until("no request is under way", () -> rest.underWay() == 0);
  }

  @Test
  @DisplayName("a stop lets a stream that is under way end by itself")
  void endsByItself() throws Exception {
    stream(Duration.ofMinutes(1), "application/x-ndjson");
    Thread closing = closing();
    for (int i = 0; i < 3; i++) {
      assertThat(ticks.put(i)).isTrue();
      assertThat(line()).isEqualTo(String.valueOf(i));
    }
    ticks.close();
    assertThat(lines.readLine()).isNull();
    closing.join();
  }

  @Test
  @DisplayName("a stop cuts off what the grace does not suffice for, and says so")
  void cutOff() throws Exception {
    stream(Duration.ofMillis(1), "application/x-ndjson");
    rest.close();
    JsonNode problem = Client.MAPPER.readTree(line());
    assertThat(problem.get("status").asInt()).isEqualTo(503);
    assertThat(problem.get("code").asText()).isEqualTo("stopping");
    assertThat(ticks.put("late")).isFalse();
  }
}
