package dev.circulate.rabbitmq;

import dev.circulate.runtime.ProxyContractOverServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/** DI-1, DI-10: the contract, kept by proxies over the broker that starts within a JVM. */
@Tag("long")
class ProxyContractOverQpidTest extends ProxyContractOverServer {
  private static final Pair PAIR = Pair.over(QpidBroker.uri());

  @AfterAll
  static void stop() {
    PAIR.close();
  }

  @Override
  protected Pair pair() {
    return PAIR;
  }
}
