package dev.circulate.websocket;

import dev.circulate.runtime.ProxyContractOverServer;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;

/** DI-1, DI-10: the contract, kept by proxies over a real server and a real client. */
class ProxyContractOverWebSocketTest extends ProxyContractOverServer {
  private static final Pair PAIR = Pair.over(URI.create("ws://127.0.0.1:0/csp"));

  @AfterAll
  static void stop() {
    PAIR.close();
  }

  @Override
  protected Pair pair() {
    return PAIR;
  }
}
