package dev.circulate.http;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.UncaughtHandler;
import dev.circulate.contract.Decorated;
import dev.circulate.runtime.Authenticator;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Command;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What nobody foresaw: the request is answered all the same, and does not count for ever. */
@SuppressWarnings("NullAway.Init") // each test starts a server of its own
class FailuresTest {
  private final Channel<Throwable> reported = Csp.chan(Csp.unbounded());
  private UncaughtHandler before;
  private Rest rest;
  private Client client;

  @BeforeEach
  void hear() {
    before = Csp.setUncaughtHandler((_, failure) -> reported.offer(failure));
  }

  @AfterEach
  void stop() {
    client.close();
    rest.close();
    Csp.setUncaughtHandler(before);
  }

  private void start(RestBuilder settings) throws IOException {
    rest = settings.port(0).start();
    client = new Client(rest.uri());
  }

  private void startWith(Authenticator authenticator) throws IOException {
    start(Rest.serve(new Shop().root()).authenticator(authenticator));
  }

  private static JsonNode internal(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(500);
    JsonNode problem = Client.json(response);
    assertThat(problem.get("code").asText()).isEqualTo("internal");
    return problem;
  }

  private void assertNothingUnderWay() {
    until(() -> rest.underWay() + " requests are none", () -> rest.underWay() == 0);
  }

  @Test
  @DisplayName(
      "DI-11 an authenticator that fails is reported, and its words are not for the caller")
  void authenticator() throws Exception {
    for (Exception failure :
        List.of(new IllegalStateException("no table 'users'"), new IOException("no disk"))) {
      startWith(
          _ -> {
            throw failure;
          });
      assertThat(internal(client.get("/services")).get("detail").asText())
          .isEqualTo("it cannot be found out who you are");
      assertThat(reported.take()).isSameAs(failure);
      assertNothingUnderWay();
      client.close();
      rest.close();
    }
  }

  @Test
  @DisplayName("an error is reported, and answered as a failure of the gateway's")
  void error() throws Exception {
    NoClassDefFoundError failure = new NoClassDefFoundError("some/Driver");
    startWith(
        _ -> {
          throw failure;
        });
    assertThat(internal(client.get("/services")).get("detail").asText())
        .isEqualTo("the gateway failed: java.lang.NoClassDefFoundError");
    assertThat(reported.take()).isSameAs(failure);
    assertNothingUnderWay();
  }

  /** Asks for a proof that the gateway does not. */
  static final class Strict {
    @Command
    @SuppressWarnings("DoNotCallSuggester") // a service is asked, not called
    void enter() {
      throw new CallException(new CallError.Unauthenticated("show your stamp"));
    }
  }

  /** Knows everybody, and not what a stranger should show. */
  private record Wordless(RuntimeException failure) implements Authenticator {
    @Override
    public String identify(Caller caller) {
      return "alice";
    }

    @Override
    public String challenge() {
      throw failure;
    }
  }

  @Test
  @DisplayName("DI-11 so is an authenticator that fails to say what a caller should show")
  void challenge() throws Exception {
    RuntimeException failure = new IllegalStateException("no words");
    Root root = Root.named("root").add("strict", Service.of(new Strict()), Visibility.PUBLIC);
    start(Rest.serve(root).authenticator(new Wordless(failure)));
    assertThat(internal(client.post("/services/strict/enter", "{}")).get("detail").asText())
        .isEqualTo("the gateway failed: java.lang.IllegalStateException");
    assertThat(reported.take()).isSameAs(failure);
    assertNothingUnderWay();
  }

  /** A service that says of itself what it likes. */
  private static Channel<Request> saying(Map<String, ?> commands) {
    Channel<Request> service = Csp.chan();
    Csp.go(
        () -> {
          for (Request request : service) {
            Objects.requireNonNull(request.replyTo()).put(Map.of("answer", commands));
          }
        });
    return service;
  }

  @Test
  @DisplayName("DI-9 a type that is nested without end, of a service's, does no harm")
  void deepType() throws Exception {
    String deep = "int" + "[]".repeat(100_000);
    Channel<Request> odd = saying(Map.of("ask", Map.of("forms", List.of(Map.of("returns", deep)))));
    start(Rest.serve(Root.named("root").add("odd", odd, Visibility.PUBLIC)));
    HttpResponse<String> document = client.get("/openapi.json");
    assertThat(document.statusCode()).isEqualTo(200);
    assertThat(Client.json(document).at("/paths/~1services~1odd~1ask/post").isObject()).isTrue();
    assertNothingUnderWay();
    odd.close();
  }

  @Test
  @DisplayName("SV-4 a service at a port of a program's own is asked as any other")
  void decorated() throws Exception {
    Channel<Request> busy = Csp.chan();
    Shop shop = new Shop();
    Root root =
        shop.root()
            .add("decorated", new Decorated<>(Service.of(shop)), Visibility.PUBLIC)
            .add("busy", new Decorated<>(busy), Visibility.PUBLIC);
    start(Rest.serve(root));
    assertThat(client.get("/services/decorated/price?item=tea").body()).isEqualTo("30");
    HttpResponse<String> late =
        client.send(
            client
                .to("/services/busy/x")
                .header("Request-Timeout", "0.05")
                .POST(BodyPublishers.noBody()));
    assertThat(Client.json(late).get("code").asText()).isEqualTo("timeout");
    until("the request waits no longer", () -> busy.waitingPutters() == 0);
    busy.close();
    HttpResponse<String> gone = client.post("/services/decorated/nope", "{}");
    assertThat(Client.json(gone).get("code").asText()).isEqualTo("unknown-command");
    assertNothingUnderWay();
  }

  @Test
  @DisplayName("SV-3 a service that never answers keeps no other out of the list")
  void silent() throws Exception {
    Channel<Request> silent = Csp.chan(10);
    Root root = new Shop().root().add("a silent one", silent, Visibility.PUBLIC);
    start(Rest.serve(root).timeouts(Duration.ofSeconds(2), Duration.ofSeconds(2)));
    JsonNode services = Client.json(client.get("/services"));
    assertThat(services.findValuesAsText("name")).contains("a silent one", "back room", "shop");
    for (JsonNode service : services) {
      assertThat(service.get("commands").isEmpty())
          .as(service.toString())
          .isEqualTo(service.get("name").asText().equals("a silent one"));
    }
  }

  @Test
  @DisplayName("a stop cuts off a list that waits for a service")
  void silentUntilStopped() throws Exception {
    Channel<Request> silent = Csp.chan();
    Root root = new Shop().root().add("a silent one", silent, Visibility.PUBLIC);
    start(Rest.serve(root).grace(Duration.ofMillis(1)));
    Channel<HttpResponse<String>> listed = Csp.go(() -> client.get("/services"));
    assertThat(silent.take()).isNotNull();
    rest.close();
    assertThat(Objects.requireNonNull(listed.take()).statusCode()).isEqualTo(503);
  }
}
