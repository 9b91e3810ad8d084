package dev.circulate.rabbitmq;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/** DI-1, DI-10: the contract, kept by proxies over the broker that starts within a JVM. */
@Tag("long")
class ProxyContractOverQpidTest extends ProxyContractOverBroker {
  private static final Pair PAIR = Pair.over(QpidBroker.uri());

  @AfterAll
  static void stop() {
    PAIR.close();
  }

  @Override
  Pair pair() {
    return PAIR;
  }
}
