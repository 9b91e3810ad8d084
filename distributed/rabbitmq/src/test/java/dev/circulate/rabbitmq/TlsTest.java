package dev.circulate.rabbitmq;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.contract.Certificates;
import dev.circulate.contract.Until;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.Link;
import dev.circulate.runtime.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DI-10 DI-11: a broker over TLS, and what is said when there is no trust. */
@SuppressWarnings("NullAway.Init") // JUnit sets it
@Timeout(60)
class TlsTest {
  private static final String HERE = "dns:localhost,ip:127.0.0.1";

  @TempDir static Path directory;
  private static Certificates certificates;

  @BeforeAll
  static void make() throws IOException, InterruptedException {
    certificates =
        new Certificates(directory)
            .sign("good", HERE)
            .sign("of-another-host", "dns:elsewhere.example")
            .signExpired("expired", HERE)
            .signEarly("early", HERE);
  }

  /** Speaks TLS in front of the broker, and hands on what is said. */
  private static final class Front implements AutoCloseable {
    private final ServerSocket door;

    Front(String certificate) throws IOException, GeneralSecurityException {
      this.door =
          certificates
              .server(certificate)
              .getServerSocketFactory()
              .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::accept);
    }

    URI uri() {
      return URI.create("amqps://127.0.0.1:" + door.getLocalPort());
    }

    private void accept() {
      AmqpAddress broker = address();
      try {
        while (true) {
          Socket client = door.accept();
          Socket behind = new Socket(broker.host(), broker.port());
          Thread.ofVirtual().start(() -> copy(client, behind));
          Thread.ofVirtual().start(() -> copy(behind, client));
        }
      } catch (IOException _) {
        // closed
      }
    }

    private static AmqpAddress address() {
      try {
        return AmqpAddress.of(SharedBroker.uri());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private static void copy(Socket from, Socket to) {
      try (from;
          to) {
        from.getInputStream().transferTo(to.getOutputStream());
      } catch (IOException _) {
        // refused, or cut
      }
    }

    @Override
    public void close() throws IOException {
      door.close();
    }
  }

  private static AmqpTransport trusting() throws IOException, GeneralSecurityException {
    return new AmqpTransport(AmqpOptions.DEFAULTS.withTls(certificates.client()));
  }

  @Test
  @DisplayName("DI-10 frames cross a broker over TLS")
  void overTls() throws Exception {
    Channel<Link> accepted = Csp.chan(1);
    try (Front front = new Front("good");
        Transport.Listener listener = trusting().listen(front.uri(), accepted::offer);
        Link client = trusting().connect(listener.uri())) {
      Link server = requireNonNull(accepted.poll(Until.PATIENCE), "no link was accepted");
      Frame frame = new Frame.Text("in confidence");
      assertThat(client.outgoing().put(frame)).isTrue();
      assertThat(server.incoming().poll(Until.PATIENCE)).isEqualTo(frame);
    }
  }

  private static void assertRefused(AmqpTransport transport, Front front, String why) {
    assertThatThrownBy(() -> transport.listen(front.uri(), _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(front.uri().toString())
        .hasMessageContaining(why);
  }

  @Test
  @DisplayName("DI-11 a broker whose certificate nobody signed who is trusted is refused in words")
  void untrusted() throws Exception {
    try (Front front = new Front("good")) {
      assertRefused(new AmqpTransport(), front, "its certificate is of nobody who is trusted here");
    }
  }

  @ParameterizedTest(name = "DI-11 a broker''s certificate that is {0} is refused in words")
  @CsvSource({
    "of-another-host, its certificate is for other hosts than 127.0.0.1",
    "expired, its certificate has expired",
    "early, its certificate is not valid yet",
  })
  void wrong(String certificate, String why) throws Exception {
    try (Front front = new Front(certificate)) {
      assertRefused(trusting(), front, why);
    }
  }

  @Test
  @DisplayName("DI-11 TLS at a port that speaks plain text is refused in words")
  void tlsToPlain() throws Exception {
    AmqpAddress plain = AmqpAddress.of(SharedBroker.uri());
    URI secure = URI.create("amqps://%s:%d".formatted(plain.host(), plain.port()));
    assertThatThrownBy(() -> trusting().listen(secure, _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(secure.toString())
        .hasMessageContaining("what answers there does not speak TLS");
  }
}
