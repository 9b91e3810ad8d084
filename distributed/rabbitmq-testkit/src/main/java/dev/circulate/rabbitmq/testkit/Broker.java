package dev.circulate.rabbitmq.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/**
 * A broker that a test or a first try can use.
 *
 * <p><b>Closing</b> stops it if it was started here, and leaves it alone otherwise.
 */
public sealed interface Broker extends AutoCloseable permits Given, PrivateBroker, EmbeddedBroker {
  /** The environment variable that names the broker to use. */
  String VARIABLE = "CIRCULATE_AMQP_URI";

  /** Where it is. */
  URI uri();

  /** Which one it is, and why this one, in one sentence. */
  String sentence();

  /** Whether it is a RabbitMQ, and not one in this JVM that only speaks its language. */
  boolean isRabbit();

  @Override
  void close();

  /**
   * The broker that {@value #VARIABLE} names; else the one on the loopback's standard port; else a
   * private one, if {@code rabbitmq-server} is installed; else one in this JVM.
   *
   * @throws IOException if one was started and did not come up
   */
  static Broker find() throws IOException {
    String named = System.getenv(VARIABLE);
    if (named != null && !named.isBlank()) {
      return new Given(URI.create(named.strip()), "as " + VARIABLE + " says");
    }
    if (answers(Given.STANDARD_PORT)) {
      return new Given(
          URI.create("amqp://127.0.0.1:" + Given.STANDARD_PORT), "which runs on this machine");
    }
    return PrivateBroker.isInstalled() ? PrivateBroker.start() : EmbeddedBroker.start();
  }

  /** Whether something on the loopback speaks AMQP 0-9-1. */
  private static boolean answers(int port) {
    byte[] header = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    int method = 1;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      socket.setSoTimeout(5_000);
      OutputStream out = socket.getOutputStream();
      out.write(header);
      out.flush();
      InputStream in = socket.getInputStream();
      return in.read() == method;
    } catch (IOException _) {
      return false;
    }
  }
}
