package dev.circulate.rabbitmq;

import dev.circulate.rabbitmq.testkit.Broker;
import java.io.IOException;
import java.net.URI;

/** The broker of all tests in this JVM. */
final class SharedBroker {
  private static final Broker BROKER = find();

  private SharedBroker() {}

  private static Broker find() {
    try {
      Broker broker = Broker.find();
      IO.println(broker.sentence());
      return broker;
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The broker, without a node. */
  static URI uri() {
    return BROKER.uri();
  }

  /** A node of it. */
  static URI node(String name) {
    return URI.create(BROKER.uri() + "?node=" + name);
  }

  /** Whether it shows what only a RabbitMQ shows. */
  static boolean isRabbit() {
    return BROKER.isRabbit();
  }
}
