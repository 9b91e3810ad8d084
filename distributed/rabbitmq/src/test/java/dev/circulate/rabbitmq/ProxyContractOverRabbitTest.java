package dev.circulate.rabbitmq;

import dev.circulate.runtime.ProxyContractOverServer;
import org.junit.jupiter.api.AfterAll;

/** DI-1, DI-10: the contract, kept by proxies over the broker of all tests. */
class ProxyContractOverRabbitTest extends ProxyContractOverServer {
  private static final Pair PAIR = Pair.over(SharedBroker.uri());

  @AfterAll
  static void stop() {
    PAIR.close();
  }

  @Override
  protected Pair pair() {
    return PAIR;
  }
}
