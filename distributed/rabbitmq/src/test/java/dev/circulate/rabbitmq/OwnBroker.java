package dev.circulate.rabbitmq;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.circulate.rabbitmq.testkit.Broker;
import dev.circulate.rabbitmq.testkit.EmbeddedBroker;
import dev.circulate.rabbitmq.testkit.PrivateBroker;
import java.io.IOException;
import java.net.URI;

/**
 * A broker at which nobody else is: for tests that look at all nodes there. A RabbitMQ if one is
 * installed, else the one within the JVM.
 */
final class OwnBroker {
  /** Where a RabbitMQ refuses what is longer. */
  static final int LONGEST_MESSAGE = 1_000_000;

  private static final Broker BROKER = start();

  private OwnBroker() {}

  private static Broker start() {
    try {
      Broker broker =
          PrivateBroker.isInstalled()
              ? PrivateBroker.start("max_message_size = " + LONGEST_MESSAGE)
              : EmbeddedBroker.start();
      IO.println(broker.sentence());
      return broker;
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The same as one that can be restarted. */
  static PrivateBroker restartable() {
    assumeTrue(BROKER instanceof PrivateBroker, "a broker restart needs an installed RabbitMQ");
    return (PrivateBroker) BROKER;
  }

  /** The broker, without a node. */
  static URI uri() {
    return BROKER.uri();
  }
}
