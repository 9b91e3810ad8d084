package dev.circulate.http;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.contract.Forked;
import dev.circulate.runtime.Authenticator;
import dev.circulate.runtime.Credentials;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.ServerLimits;
import dev.circulate.service.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Streams, and who is let in, and how it stops. */
@SuppressWarnings("NullAway.Init") // each test starts a server of its own
class StreamsAndGatesTest {
  private final Shop shop = new Shop();
  private Rest rest;
  private Client client;

  private void start(RestBuilder settings) throws Exception {
    rest = settings.port(0).start();
    client = new Client(rest.uri());
  }

  private RestBuilder settings() {
    return Rest.serve(shop.root()).beat(Duration.ofMillis(50));
  }

  @AfterEach
  void stop() {
    client.close();
    rest.close();
  }

  @Test
  @DisplayName("a command that answers a channel streams lines, or events, as Accept says")
  void forms() throws Exception {
    start(settings());
    assertThat(client.get("/services/shop/numbers?upTo=3").body().replace("\n\n", "\n"))
        .isEqualTo("1\n2\n3\n");
    HttpResponse<String> events =
        client.send(
            client.to("/services/shop/numbers?upTo=2").header("Accept", "text/event-stream"));
    assertThat(events.headers().firstValue("Content-Type")).hasValue("text/event-stream");
    assertThat(events.body()).contains("data: 1\n\n", "data: 2\n\n", "event: end\n");
  }

  @Test
  @DisplayName("one value among events is followed by the end, so that nobody asks for more")
  void oneEvent() throws Exception {
    start(settings());
    HttpResponse<String> events =
        client.send(client.to("/services/shop/_ping").header("Accept", "text/event-stream"));
    assertThat(events.body()).isEqualTo("data: \"pong\"\n\nevent: end\ndata: {}\n\n");
  }

  @Test
  @DisplayName("a command that answers a Stream does so too")
  void stream() throws Exception {
    start(settings());
    assertThat(client.get("/services/shop/catalogue").body().lines())
        .hasSize(2)
        .first()
        .asString()
        .contains("\"name\":\"tea\"");
  }

  @Test
  @DisplayName("a client that is gone is noticed, and its channel cancelled")
  void gone() throws Exception {
    start(settings());
    var response = client.open(client.to("/services/shop/ticks"));
    Channel<Object> ticks = Objects.requireNonNull(shop.streams.take());
    ticks.put("first");
    var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    String line;
    do {
      line = lines.readLine();
    } while (line.isEmpty());
    assertThat(line).isEqualTo("\"first\"");
    lines.close();
    client.close();
    while (ticks.put("more")) {} // ends when the channel is cancelled
    assertThat(ticks.isClosed()).isTrue();
    client = new Client(rest.uri());
  }

  @Test
  @DisplayName("DI-11 who has not proven who it is gets 401; a service sees who it is")
  void authenticated() throws Exception {
    start(
        settings()
            .links("/csp")
            .authenticator(Authenticator.bearer(Map.of("secret", "alice")::get)));
    for (String path : new String[] {"/services", "/openapi.json"}) {
      HttpResponse<String> refused = client.get(path);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
    }
    assertThat(client.get("/").statusCode()).isEqualTo(200);
    assertThat(
            client
                .send(client.to("/services/shop/identity").header("Authorization", "Bearer secret"))
                .body())
        .isEqualTo("\"alice\"");
  }

  @Test
  @DisplayName("DI-11 a link at the same port asks the same authenticator, once, in its hello")
  void authenticatedLink() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    start(
        settings()
            .links("/csp")
            .authenticator(
                Authenticator.bearer(
                    token -> {
                      asked.incrementAndGet();
                      return token.equals("secret") ? "alice" : null;
                    })));
    URI links = rest.links().uri();
    assertThatThrownBy(() -> Peer.connect(links))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nothing was shown that proves who you are");
    try (Peer peer = Peer.to(links).credentials(Credentials.bearer("secret")).connect()) {
      var service =
          Request.to(peer.root(), "get-service").with("service", "shop").as(Request.CHANNEL);
      assertThat(Request.to(service, "identity").as(String.class)).isEqualTo("alice");
      assertThat(Request.to(service, "identity").as(String.class)).isEqualTo("alice");
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  @DisplayName("DI-9 what linked peers may demand together is set, and bounds no request over HTTP")
  void crowd() throws Exception {
    start(settings().links("/csp").crowd(ServerLimits.DEFAULTS.withSessions(1).withWaiting(0)));
    URI links = rest.links().uri();
    try (Peer first = Peer.connect(links)) {
      assertThat(Request.to(first.root(), "name").as(String.class)).isEqualTo("corner-shop");
      assertThatThrownBy(
              () -> {
                try (Peer second = Peer.connect(links)) {
                  Request.to(second.root(), "name").done(); // it had said hello before it knew
                }
              })
          .hasMessageContaining("1 sessions, which is its limit");
      assertThat(client.get("/services/shop/_ping").statusCode()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("a page of another origin may not ask, unless it is allowed")
  void origins() throws Exception {
    start(settings().allowOrigins("https://app.example"));
    assertThat(
            client
                .send(client.to("/services/shop/_ping").header("Origin", "https://evil.example"))
                .statusCode())
        .isEqualTo(403);
    HttpResponse<String> allowed =
        client.send(client.to("/services/shop/_ping").header("Origin", "https://app.example"));
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin"))
        .hasValue("https://app.example");
    URI own = rest.uri();
    assertThat(
            client
                .send(
                    client
                        .to("/services/shop/_ping")
                        .header("Origin", "http://localhost:" + own.getPort()))
                .statusCode())
        .isEqualTo(200);
  }

  /** Asks the command that waits until it is released, and answers when it has begun. */
  private Channel<HttpResponse<String>> waiting() throws InterruptedException {
    Channel<HttpResponse<String>> answer =
        Csp.go(() -> client.send(client.to("/services/shop/wait").POST(BodyPublishers.noBody())));
    assertThat(shop.waits.take()).isEqualTo("began");
    return answer;
  }

  @Test
  @DisplayName("SV-6 a stop cuts off a command for which the grace does not suffice")
  void cutOff() throws Exception {
    start(settings().grace(Duration.ofMillis(1)));
    Channel<HttpResponse<String>> answer = waiting();
    rest.close();
    assertThat(shop.waits.take()).isEqualTo("interrupted");
    HttpResponse<String> stopped = Objects.requireNonNull(answer.take());
    assertThat(stopped.statusCode()).isEqualTo(503);
    assertThat(Client.json(stopped).get("code").asText()).isEqualTo("stopping");
    assertThat(rest.underWay()).isZero();
  }

  @Test
  @DisplayName("a stop cuts off a request that its service does not even take")
  void cutOffUntaken() throws Exception {
    Channel<Request> busy = Csp.chan();
    start(Rest.serve(busy.writePort()).grace(Duration.ofMillis(1)));
    Channel<HttpResponse<String>> answer = Csp.go(() -> client.get("/services"));
    until("the request waits", () -> busy.waitingPutters() == 1);
    rest.close();
    assertThat(Objects.requireNonNull(answer.take()).statusCode()).isEqualTo(503);
    assertThat(busy.waitingPutters()).isZero();
    assertThat(rest.underWay()).isZero();
  }

  @Test
  @DisplayName("a stop finishes what is under way, and begins nothing new")
  void graceful() throws Exception {
    start(settings().allowOrigins("https://app.example").grace(Duration.ofHours(1)));
    Channel<HttpResponse<String>> under = waiting();
    Forked<Boolean> closing =
        fork(
            () -> {
              rest.close();
              return true;
            });
    int status;
    do {
      status = client.get("/services/shop/_ping").statusCode();
    } while (status == 200);
    assertThat(status).isEqualTo(503);
    HttpResponse<String> late =
        client.send(client.to("/services/shop/_ping").header("Origin", "https://app.example"));
    assertThat(late.statusCode()).isEqualTo(503);
    assertThat(late.headers().firstValue("Access-Control-Allow-Origin"))
        .as("so that the page can read that it stops")
        .hasValue("https://app.example");
    shop.release.put("done");
    assertThat(Objects.requireNonNull(under.take()).body()).isEqualTo("\"done\"");
    assertThat(closing.join()).as("no longer than what is under way").isTrue();
    assertThat(rest.underWay()).isZero();
  }
}
