package dev.circulate.websocket;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static dev.circulate.service.TypeOf.listOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.runtime.Limits;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import dev.circulate.service.Call;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.websocket.FarProcess.Role;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers over a real server and real clients on the loopback. */
class PeersTest {
  private static final URI ANY_PORT = URI.create("ws://127.0.0.1:0/csp");

  private final AtomicInteger counter = new AtomicInteger();
  private final Root root =
      Root.named("b-root")
          .handler("inc", _ -> counter.incrementAndGet())
          .handler("wait", _ -> chan().take());
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server = Server.start(ANY_PORT, root);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  @DisplayName("several clients at once, each a session of its own")
  void severalClients() throws Exception {
    int clients = 8;
    int calls = 50;
    List<Channel<Integer>> results = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      results.add(
          go(
              () -> {
                try (Peer peer = Peer.connect(server.uri())) {
                  int last = 0;
                  for (int call = 0; call < calls; call++) {
                    last = Request.to(peer.root(), "inc").as(int.class);
                  }
                  return last;
                }
              }));
    }
    for (Channel<Integer> result : results) {
      assertThat(result.take()).isNotNull();
    }
    assertThat(counter.get()).isEqualTo(clients * calls);
  }

  @Test
  @DisplayName("DI-8b a server that closes leaves its peers in order, and their calls fail at once")
  void serverCloses() throws Exception {
    try (Peer peer = Peer.connect(server.uri())) {
      Channel<Object> call = go(() -> Request.to(peer.root(), "wait").as(Object.class));
      assertThat(Request.to(peer.root(), "list").as(listOf(String.class))).contains("root");
      server.close();
      assertThatThrownBy(call::take)
          .isInstanceOf(ChannelFailedException.class)
          .cause()
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.error()).isInstanceOf(CallError.PeerLost.class));
      assertThat(peer.lost()).hasMessageContaining("has left");
    }
  }

  @Test
  @DisplayName("DI-8 a client that closes is gone from the server's peers")
  void clientCloses() throws Exception {
    Peer peer = Peer.connect(server.uri());
    Request.to(peer.root(), "inc").done();
    Peer seen = server.peers().getFirst();
    peer.close();
    assertThatThrownBy(() -> seen.ended().take()).hasMessageContaining("has left");
    assertThat(server.peers()).isEmpty();
  }

  @Test
  @DisplayName("a port that is taken is named")
  void portTaken() {
    assertThatThrownBy(() -> Server.start(server.uri(), root))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(server.uri().toString());
  }

  @Test
  @DisplayName("a server that is not there is named")
  void nobodyThere() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    URI uri = URI.create("ws://127.0.0.1:" + free + "/csp");
    assertThatThrownBy(() -> Peer.connect(uri))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(uri.toString())
        .hasMessageContaining("nobody answers");
  }

  @Test
  @DisplayName("a server may be waited for as long as there is time")
  void patient() throws Exception {
    WebSocketOptions patient =
        WebSocketOptions.DEFAULTS.withConnectTimeout(ChronoUnit.FOREVER.getDuration());
    try (Peer peer = Peer.to(server.uri()).transport(new WebSocketTransport(patient)).connect()) {
      assertThat(Request.to(peer.root(), "inc").as(int.class)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a host that has no address is named")
  void noSuchHost() {
    URI uri = URI.create("ws://nowhere.invalid:8080/csp");
    assertThatThrownBy(() -> Peer.connect(uri))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot connect to " + uri + ": no address is known of host 'nowhere.invalid'");
  }

  @Test
  @DisplayName("a wrong path is told with the status that came")
  void wrongPath() {
    for (String path : List.of("/elsewhere", "/csp/below", "/csp2", "/")) {
      URI uri = server.uri().resolve(path);
      assertThatThrownBy(() -> Peer.connect(uri))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(uri.toString())
          .hasMessageContaining("404");
    }
  }

  @Test
  @DisplayName("a scheme without a transport is told with those that there are")
  void unknownScheme() {
    assertThatThrownBy(() -> Peer.connect(URI.create("pigeon://loft/7")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("pigeon")
        .hasMessageContaining("ws");
    assertThatThrownBy(() -> Peer.connect(URI.create("nowhere")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no scheme");
  }

  @Test
  @DisplayName("somebody who listens and says nothing is given up")
  void mute() throws IOException {
    WebSocketTransport transport = new WebSocketTransport();
    try (var listener = transport.listen(ANY_PORT, link -> {})) {
      Limits impatient = Limits.builder().hello(Duration.ofMillis(100)).build();
      assertThatThrownBy(() -> Peer.to(listener.uri()).limits(impatient).connect())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("said nothing");
    }
  }

  @Test
  @DisplayName("DI-9 a text as long as its frame may be passes, whatever its characters take")
  void wideCharacters() throws Exception {
    root.handler("echo", request -> request.argument("text"));
    String wide = "\u4f60".repeat(1_000_000); // three bytes each
    try (Peer peer = Peer.connect(server.uri())) {
      Object answer = Request.to(peer.root(), "echo").with("text", wide).as(Object.class);
      assertThat(answer).isEqualTo(wide);
    }
  }

  @ParameterizedTest(name = "DI-9 what is too long for the {0} ends the session on both sides")
  @EnumSource
  void tooLongForTheLink(Role receiver) throws Exception {
    WebSocketTransport narrow =
        new WebSocketTransport(WebSocketOptions.DEFAULTS.withLimits(100_000, 100_000));
    WebSocketTransport wide = new WebSocketTransport();
    String tooLong = "x".repeat(200_000);
    root.handler("long", _ -> tooLong);
    boolean toServer = receiver == Role.SERVER;
    try (Server other = Server.at(ANY_PORT).root(root).transport(toServer ? narrow : wide).start();
        Peer peer = Peer.to(other.uri()).transport(toServer ? wide : narrow).connect()) {
      Request.to(peer.root(), "inc").done();
      Peer seen = other.peers().getFirst();
      Call request =
          toServer
              ? Request.to(peer.root(), "inc").with("text", tooLong)
              : Request.to(peer.root(), "long");
      assertThatThrownBy(request::done)
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.error()).isInstanceOf(CallError.PeerLost.class));
      assertThatThrownBy(() -> seen.ended().take()).hasMessageContaining("would do");
      assertThatThrownBy(() -> peer.ended().take()).hasMessageContaining("would do");
    }
  }

  @Test
  @DisplayName("DI-9 a client that talks nonsense is told so, and the others go on")
  void nonsense() throws Exception {
    Channel<String> heard = chan(16);
    try (Peer honest = Peer.connect(server.uri())) {
      WebSocket rude =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(server.uri(), new Ear(heard))
              .get();
      rude.sendText("hello, is this the weather service?", true).get();
      String last = null;
      for (String frame : heard) {
        last = frame;
      }
      assertThat(last).contains("~:bye").contains("not transit JSON");
      assertThat(Request.to(honest.root(), "inc").as(int.class)).isEqualTo(1);
    }
  }

  /** Hears whole messages. */
  private record Ear(Channel<String> heard) implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      heard.offer(text.toString());
      socket.request(1);
      return java.util.concurrent.CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      heard.close();
      return java.util.concurrent.CompletableFuture.completedStage(null);
    }
  }
}
