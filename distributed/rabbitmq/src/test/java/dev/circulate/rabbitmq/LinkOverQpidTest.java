package dev.circulate.rabbitmq;

import dev.circulate.rabbitmq.testkit.EmbeddedBroker;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;

/** Links over the broker that starts within a JVM. */
class LinkOverQpidTest extends LinkContract {
  private static final EmbeddedBroker BROKER = start();

  private static EmbeddedBroker start() {
    try {
      return EmbeddedBroker.start();
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @AfterAll
  static void stop() {
    BROKER.close();
  }

  @Override
  URI broker() {
    return BROKER.uri();
  }
}
