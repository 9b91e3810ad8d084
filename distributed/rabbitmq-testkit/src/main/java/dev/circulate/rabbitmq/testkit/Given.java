package dev.circulate.rabbitmq.testkit;

import java.net.URI;

/**
 * A broker that others run.
 *
 * @param uri where it is
 * @param why it was chosen
 */
record Given(URI uri, String why) implements Broker {
  static final int STANDARD_PORT = 5672;

  private static final int STANDARD_PORT_OF_TLS = 5671;

  @Override
  public String sentence() {
    return "The broker is the one at port %d of %s, %s.".formatted(port(), uri.getHost(), why);
  }

  private int port() {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "amqps".equalsIgnoreCase(uri.getScheme()) ? STANDARD_PORT_OF_TLS : STANDARD_PORT;
  }

  @Override
  public boolean isRabbit() {
    return true;
  }

  @Override
  public void close() {
    // it is not ours
  }
}
