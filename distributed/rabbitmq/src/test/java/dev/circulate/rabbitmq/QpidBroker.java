package dev.circulate.rabbitmq;

import dev.circulate.rabbitmq.testkit.EmbeddedBroker;
import java.io.IOException;
import java.net.URI;

/** The broker within this JVM, of all tests that look at it. */
final class QpidBroker {
  private static final EmbeddedBroker BROKER = start();

  private QpidBroker() {}

  private static EmbeddedBroker start() {
    try {
      return EmbeddedBroker.start();
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The broker, without a node. */
  static URI uri() {
    return BROKER.uri();
  }
}
