package dev.circulate.websocket;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.contract.Forked;
import dev.circulate.contract.Until;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.Link;
import dev.circulate.runtime.Transport;
import dev.circulate.testkit.TestTime;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DI-10: how a link over a WebSocket goes down, in order and otherwise. */
@Timeout(60)
class ClosingTest {
  private static final URI ANY_PORT = URI.create("ws://127.0.0.1:0/csp");
  private static final byte[] NO_STATUS = {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0};

  private final Site site = Site.open(WebSocketOptions.DEFAULTS);

  @AfterEach
  void close() {
    site.close();
  }

  private WebSocket webSocket() throws Exception {
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(site.uri(), new WebSocket.Listener() {})
        .get();
  }

  /** A WebSocket by hand, which answers nothing by itself. */
  private Socket byHand() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), site.uri().getPort()));
    socket.setSoTimeout((int) Until.PATIENCE.toMillis());
    assertThat(Handshake.answer(socket, "Host: 127.0.0.1")).startsWith("HTTP/1.1 101");
    return socket;
  }

  private static void assertEndedInOrder(Link link) throws InterruptedException {
    assertThat(link.incoming().poll(Until.PATIENCE)).isNull();
    assertThat(link.incoming().isClosed()).isTrue();
    until("nothing can be sent any more", link.outgoing()::isClosed);
  }

  private static void assertBroke(Link link, String... words) {
    assertThatThrownBy(() -> link.incoming().poll(Until.PATIENCE))
        .isInstanceOf(ChannelFailedException.class)
        .cause()
        .isInstanceOf(IOException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
    until("nothing can be sent any more", link.outgoing()::isClosed);
  }

  @ParameterizedTest(
      name = "DI-10 a client that closes with status {0} has ended its link in order")
  @ValueSource(ints = {1000, 1001})
  void inOrder(int status) throws Exception {
    WebSocket client = webSocket();
    Link server = site.accept();
    client.sendText("last", true).get();
    client.sendClose(status, "").get();
    assertThat(server.incoming().poll(Until.PATIENCE)).isEqualTo(new Frame.Text("last"));
    assertEndedInOrder(server);
  }

  @Test
  @DisplayName("DI-10 so has one that closes without a status")
  void withoutStatus() throws Exception {
    try (Socket client = byHand()) {
      client.getOutputStream().write(NO_STATUS);
      assertEndedInOrder(site.accept());
    }
  }

  @Test
  @DisplayName("DI-10 with any other status the link broke, which tells it, and what was said")
  void otherStatus() throws Exception {
    webSocket().sendClose(4000, "enough of this").get();
    assertBroke(site.accept(), "closed the link with status 4000: enough of this");
  }

  @Test
  @DisplayName("DI-8 DI-10 where a connection ends without a close the link broke, on both sides")
  void withoutClose() throws Exception {
    try (Relay relay = new Relay(site.uri())) {
      Site.Ends ends = site.connect(relay.to(site.uri()));
      relay.end();
      for (Link each : List.of(ends.client(), ends.server())) {
        assertBroke(each, "the connection to", "broke");
      }
    }
  }

  @Test
  @DisplayName("DI-8 DI-10 so it did where one was reset")
  void reset() throws Exception {
    try (Relay relay = new Relay(site.uri())) {
      Site.Ends ends = site.connect(relay.to(site.uri()));
      relay.reset();
      for (Link each : List.of(ends.client(), ends.server())) {
        assertBroke(each, "the connection to", "broke");
      }
    }
  }

  @Test
  @DisplayName("DI-10 a server that fails to accept a link says so to whoever made it")
  void notAccepted() throws Exception {
    try (Transport.Listener failing =
        site.transport.listen(
            ANY_PORT,
            _ -> {
              throw new IllegalStateException("no room");
            })) {
      Link client = site.transport.connect(failing.uri());
      assertBroke(client, "status 1011", "the server failed to accept the link");
    }
  }

  @Test
  @DisplayName("DI-8b a link that is closed ends here at once, and there when nobody answers")
  void unanswered() throws Exception {
    try (TestTime time = TestTime.install();
        Socket client = byHand()) {
      Link server = site.accept();
      assertThat(server.outgoing().put(new Frame.Text("last"))).isTrue();
      server.close();
      assertEndedInOrder(server);
      assertThat(client.getInputStream().readNBytes(6))
          .isEqualTo(new byte[] {(byte) 0x81, 4, 'l', 'a', 's', 't'});
      assertThat(client.getInputStream().readNBytes(4))
          .startsWith((byte) 0x88, (byte) 2); // a close, with a status
      time.advance(WebSocketLink.CLOSE_TIMEOUT);
      assertThat(client.getInputStream().read()).as("the end of the connection").isEqualTo(-1);
    }
  }

  /** Fills the way to a receiver that takes nothing until the sender is closed. */
  private static void assertSendsTheRest(Link sender, Link receiver, Runnable close)
      throws InterruptedException {
    AtomicInteger accepted = new AtomicInteger();
    Channel<Void> putting =
        Csp.go(
            () -> {
              byte[] large = new byte[1 << 20];
              while (sender.outgoing().put(new Frame.Binary(large))) {
                accepted.incrementAndGet();
              }
            });
    assertThat(FramesTest.stoppedAt(accepted)).isPositive();
    Forked<Void> closing =
        fork(
            () -> {
              close.run();
              return null;
            });
    int came = 0;
    while (receiver.incoming().poll(Until.PATIENCE) != null) {
      came++;
    }
    assertThat(putting.poll(Until.PATIENCE)).isNull();
    assertThat(came).isEqualTo(accepted.get());
    assertEndedInOrder(receiver);
    assertEndedInOrder(sender);
    closing.join();
  }

  @Test
  @DisplayName("DI-8b a client that closes its link sends what was put before, and ends in order")
  void clientSendsTheRest() throws Exception {
    Site.Ends ends = site.connect();
    assertSendsTheRest(ends.client(), ends.server(), ends.client()::close);
  }

  @Test
  @DisplayName("DI-8b so does a server")
  void serverSendsTheRest() throws Exception {
    Site.Ends ends = site.connect();
    assertSendsTheRest(ends.server(), ends.client(), ends.server()::close);
  }

  @Test
  @DisplayName("DI-8b and a listener that is closed, with all its links")
  void listenerSendsTheRest() throws Exception {
    Site.Ends ends = site.connect();
    assertSendsTheRest(ends.server(), ends.client(), site.listener::close);
  }

  @Test
  @DisplayName("DI-6 a listener keeps no link that is over")
  void overIsNotKept() throws Exception {
    WeakReference<Link> over = new WeakReference<>(overOfServer());
    until(
        "nothing keeps the link",
        () -> {
          System.gc();
          return over.get() == null;
        });
  }

  private Link overOfServer() throws Exception {
    Site.Ends ends = site.connect();
    ends.client().close();
    assertEndedInOrder(ends.server());
    return requireNonNull(ends.server());
  }
}
