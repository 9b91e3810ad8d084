package dev.circulate.http;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A root of another address space, over HTTP. */
@SuppressWarnings("NullAway.Init") // each test starts a server of its own
class FarRootTest {
  private Server far;
  private Peer peer;
  private Rest rest;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    far = Server.start(URI.create("memory://far-root-test"), new Shop().root());
    peer = Peer.connect(far.uri());
    rest = Rest.serve(peer.root()).port(0).start();
    client = new Client(rest.uri());
  }

  @AfterEach
  void stop() {
    client.close();
    rest.close();
    peer.close();
    far.close();
  }

  private static JsonNode problem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode problem = Client.json(response);
    assertThat(problem.get("code").asText()).isEqualTo(code);
    return problem;
  }

  @Test
  @DisplayName("SV-4 an argument that cannot be sent there does not fit, and it is said why")
  void unsendable() throws Exception {
    assertThat(client.get("/services/shop/price?item=tea").body()).isEqualTo("30");
    String deep = "{\"item\": " + "[".repeat(200) + "]".repeat(200) + "}";
    JsonNode problem = problem(client.post("/services/shop/price", deep), 422, "invalid-argument");
    assertThat(problem.get("detail").asText()).startsWith("cannot send a value nested");
    assertThat(client.get("/services/shop/price?item=tea").body()).isEqualTo("30");
  }

  @Test
  @DisplayName("DI-8 that the peer is lost is told as that, not as a service that nobody knows")
  void lost() throws Exception {
    far.close();
    until("the peer is lost", peer.root()::isClosed);
    JsonNode problem = problem(client.get("/services/shop/price?item=tea"), 502, "peer-lost");
    assertThat(problem.get("peer").asText()).isNotEmpty();
  }
}
