package dev.circulate.rabbitmq;

import org.junit.jupiter.api.AfterAll;

/** DI-1, DI-10: the contract, kept by proxies over the broker of all tests. */
class ProxyContractOverRabbitTest extends ProxyContractOverBroker {
  private static final Pair PAIR = Pair.over(SharedBroker.uri());

  @AfterAll
  static void stop() {
    PAIR.close();
  }

  @Override
  Pair pair() {
    return PAIR;
  }
}
