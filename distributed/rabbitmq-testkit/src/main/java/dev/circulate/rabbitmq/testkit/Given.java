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

  @Override
  public String sentence() {
    return "The broker is the one at port %d of %s, %s."
        .formatted(uri.getPort() < 0 ? STANDARD_PORT : uri.getPort(), uri.getHost(), why);
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
