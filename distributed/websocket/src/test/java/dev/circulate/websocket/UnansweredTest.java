package dev.circulate.websocket;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.ChannelFailedException;
import dev.circulate.contract.Forked;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.FrameTooLongException;
import dev.circulate.runtime.Link;
import dev.circulate.runtime.Transport;
import dev.circulate.testkit.TestTime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** DI-10: how a link ends whose other side, written by hand, answers no close, or does not read. */
@Timeout(90)
class UnansweredTest {
  private static final URI ANY_PORT = URI.create("ws://127.0.0.1:0/csp");
  private static final int SHORT = 100;
  private static final WebSocketOptions NARROW = WebSocketOptions.DEFAULTS.withLimits(SHORT, SHORT);
  private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 0x03, (byte) 0xE9};

  private static Socket clientOf(URI server) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
    assertThat(Handshake.answer(socket, "Host: 127.0.0.1")).startsWith("HTTP/1.1 101");
    return socket;
  }

  /** A frame of a client's, which is masked, with a text. */
  private static byte[] text(String text) {
    byte[] frame = new byte[6 + text.length()];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | text.length());
    for (int i = 0; i < text.length(); i++) {
      frame[6 + i] = (byte) text.charAt(i); // the mask leaves all as it is
    }
    return frame;
  }

  /** Reads what still comes, and moves the time until nothing comes any more. */
  private static void assertIsCutOff(Socket other, TestTime time) {
    Forked<Long> reading =
        fork(() -> other.getInputStream().transferTo(OutputStream.nullOutputStream()));
    until(
        "the connection has ended",
        () -> {
          time.advance(WebSocketLink.CLOSE_TIMEOUT);
          return reading.isDone();
        });
  }

  @Test
  @DisplayName("DI-9 a client that sent too much is cut off, though it answers no close")
  void tooLong() throws Exception {
    try (Site site = Site.open(NARROW);
        TestTime time = TestTime.install();
        Socket client = clientOf(site.uri())) {
      Link server = site.accept();
      client.getOutputStream().write(text("x".repeat(SHORT + 1)));
      assertThatThrownBy(() -> server.incoming().take())
          .isInstanceOf(ChannelFailedException.class)
          .hasCauseInstanceOf(FrameTooLongException.class);
      assertIsCutOff(client, time);
    }
  }

  @Test
  @DisplayName("DI-9 a client that sends too much can send it all, and so hears why it is cut off")
  void hearsWhy() throws Exception {
    try (Site site = Site.open(NARROW);
        Socket client = clientOf(site.uri())) {
      int length = 16 << 20; // more than the kernel keeps for who does not read
      client
          .getOutputStream()
          .write(
              ByteBuffer.allocate(14 + length)
                  .put((byte) 0x82)
                  .put((byte) 0xFF)
                  .putLong(length)
                  .array());
      InputStream in = client.getInputStream();
      assertThat(in.read()).isEqualTo(0x88);
      byte[] said = in.readNBytes(in.read());
      assertThat(ByteBuffer.wrap(said).getShort()).isEqualTo((short) 1009);
      assertThat(new String(said, 2, said.length - 2, StandardCharsets.UTF_8))
          .isEqualTo("a binary message of more than 100 bytes");
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  @DisplayName("DI-9 a client whose link was not accepted is cut off, though it answers no close")
  void notAccepted() throws Exception {
    try (TestTime time = TestTime.install();
        Transport.Listener failing =
            new WebSocketTransport()
                .listen(
                    ANY_PORT,
                    _ -> {
                      throw new IllegalStateException("no room");
                    });
        Socket client = clientOf(failing.uri())) {
      assertIsCutOff(client, time);
    }
  }

  /** A link to a server by hand, and what that reads and writes. */
  private record ToServer(ServerSocket door, Link link, Socket server) implements AutoCloseable {
    static ToServer connect(WebSocketOptions options) throws Exception {
      ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      URI uri = URI.create("ws://127.0.0.1:" + door.getLocalPort() + "/csp");
      Forked<Link> connecting = fork(() -> new WebSocketTransport(options).connect(uri));
      Socket server = door.accept();
      Handshake.accept(server, Handshake.key(server));
      return new ToServer(door, connecting.join(), server);
    }

    @Override
    public void close() throws IOException {
      server.close();
      door.close();
    }
  }

  @Test
  @DisplayName("DI-8b a client that closes its link ends the connection though nobody answers")
  void client() throws Exception {
    try (TestTime time = TestTime.install();
        ToServer ends = ToServer.connect(WebSocketOptions.DEFAULTS)) {
      ends.link().close();
      assertThat(ends.link().incoming().take()).isNull();
      assertIsCutOff(ends.server(), time);
    }
  }

  @Test
  @DisplayName("DI-9 a server that sent too much is cut off, though it answers no close")
  void tooLongForClient() throws Exception {
    try (TestTime time = TestTime.install();
        ToServer ends = ToServer.connect(NARROW)) {
      byte[] text = new byte[2 + SHORT + 1];
      text[0] = (byte) 0x81;
      text[1] = SHORT + 1;
      ends.server().getOutputStream().write(text);
      assertThatThrownBy(() -> ends.link().incoming().take())
          .isInstanceOf(ChannelFailedException.class)
          .hasCauseInstanceOf(FrameTooLongException.class);
      assertIsCutOff(ends.server(), time);
    }
  }

  @Test
  @DisplayName("DI-8b a client ends the connection when its own close does not get through")
  void clientThatIsNotRead() throws Exception {
    try (ToServer ends = ToServer.connect(WebSocketOptions.DEFAULTS)) {
      Frame frame = new Frame.Binary(new byte[1 << 20]);
      while (ends.link().outgoing().offer(frame, WebSocketLink.CLOSE_TIMEOUT.dividedBy(5))) {}
      OutputStream out = ends.server().getOutputStream();
      out.write(GOING_AWAY);
      assertThat(ends.link().incoming().take()).isNull();
      Forked<?> speaking =
          fork(
              () -> {
                while (true) {
                  out.write(0); // to whom is there it means nothing any more
                  Thread.onSpinWait();
                }
              });
      speaking.joinFailure(IOException.class);
    }
  }

  @Test
  @DisplayName("DI-6 a link that is closed with frames that nobody has taken ends with the peer's")
  void untaken() throws Exception {
    try (Site site = Site.open(WebSocketOptions.DEFAULTS);
        TestTime _ = TestTime.install()) {
      Site.Ends ends = site.connect();
      for (int i = 0; i < 100; i++) {
        assertThat(ends.client().outgoing().put(new Frame.Text("untaken"))).isTrue();
      }
      WebSocketLink server = (WebSocketLink) ends.server();
      server.close();
      until("the server's end is done with", server.ended()::isClosed);
      ends.client().close();
    }
  }

  @Test
  @DisplayName("DI-9 a client that was sent too much reads on, and so hears the close")
  void readsOn() throws Exception {
    try (Site site = Site.open(NARROW);
        TestTime _ = TestTime.install()) {
      Site.Ends ends = site.connect();
      assertThat(ends.server().outgoing().put(new Frame.Text("x".repeat(1 << 20)))).isTrue();
      WebSocketLink client = (WebSocketLink) ends.client();
      until("the client's end is done with", client.ended()::isClosed);
    }
  }
}
