package dev.circulate.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.contract.Until;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Pings to a server, written by hand: Java's own client does not let a pong wait. */
class PingsTest {
  private static final int LONGEST_PAYLOAD = 125;
  private static final int PINGS_AT_ONCE = 500;
  private static final int WRITES = 500; // 31 MiB: far more than the buffers of the kernel

  private final Site site = Site.open(WebSocketOptions.DEFAULTS);
  private final Socket socket = new Socket();
  private OutputStream out = OutputStream.nullOutputStream();
  private InputStream in = InputStream.nullInputStream();

  @BeforeEach
  void upgrade() throws IOException {
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), site.uri().getPort()));
    socket.setSoTimeout((int) Until.PATIENCE.toMillis());
    out = socket.getOutputStream();
    in = socket.getInputStream();
    assertThat(Handshake.answer(socket, "Host: 127.0.0.1")).startsWith("HTTP/1.1 101");
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    site.close();
  }

  private static byte[] ping(byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x89);
    frame.write(0x80 | payload.length);
    frame.writeBytes(new byte[4]); // the mask, which leaves all as it is
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private void assertPong(byte[] payload) throws IOException {
    assertThat(in.readNBytes(2)).isEqualTo(new byte[] {(byte) 0x8A, (byte) payload.length});
    assertThat(in.readNBytes(payload.length)).isEqualTo(payload);
  }

  @Test
  @DisplayName("DI-10 a ping is answered with what was in it, or with nothing")
  void answered() throws IOException {
    for (byte[] payload : new byte[][] {{1, 2, 3}, {}, new byte[LONGEST_PAYLOAD]}) {
      out.write(ping(payload));
      assertPong(payload);
    }
  }

  @Test
  @DisplayName("DI-9 who sends pings and reads no pong is stopped, until it reads")
  void stopped() throws Exception {
    byte[] payload = new byte[LONGEST_PAYLOAD];
    ByteArrayOutputStream pings = new ByteArrayOutputStream();
    for (int i = 0; i < PINGS_AT_ONCE; i++) {
      pings.writeBytes(ping(payload));
    }
    AtomicInteger written = new AtomicInteger();
    Channel<Void> writing =
        Csp.go(
            () -> {
              while (written.get() < WRITES) {
                pings.writeTo(out);
                written.incrementAndGet();
              }
            });
    assertThat(FramesTest.stoppedAt(written)).isLessThan(WRITES);
    in.skipNBytes((long) WRITES * PINGS_AT_ONCE * (2 + LONGEST_PAYLOAD));
    assertThat(writing.take()).isNull();
    out.write(ping(new byte[] {7}));
    assertPong(new byte[] {7});
  }
}
