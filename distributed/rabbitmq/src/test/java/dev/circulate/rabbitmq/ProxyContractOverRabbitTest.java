package dev.circulate.rabbitmq;

import dev.circulate.Buffer;
import dev.circulate.contract.AltsContract;
import dev.circulate.contract.BlockingContract;
import dev.circulate.contract.Wiring;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.RemoteWiring;
import dev.circulate.runtime.RemoteWiring.Far;
import dev.circulate.runtime.Server;
import dev.circulate.service.Root;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** DI-1, DI-10: the contract, kept by proxies over a real broker. */
class ProxyContractOverRabbitTest {
  private static final Root ROOT = Root.named("b-root");
  private static final Server SERVER;
  private static final Peer PEER;

  static {
    try {
      SERVER = Server.start(SharedBroker.uri(), ROOT);
      PEER = Peer.connect(SERVER.uri());
    } catch (IOException | InterruptedException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @AfterAll
  static void stop() {
    PEER.close();
    SERVER.close();
  }

  private static Wiring wiring(Far far) {
    return new RemoteWiring(far, ROOT, PEER.root());
  }

  @Nested
  class PutTo extends BlockingContract {
    PutTo() {
      super(new Buffer.Fixed(16), wiring(Far.PUTTING));
    }
  }

  @Nested
  class TakeFrom extends BlockingContract {
    TakeFrom() {
      super(new Buffer.Rendezvous(), wiring(Far.TAKING));
    }
  }

  @Nested
  class AltsOverPutting extends AltsContract {
    AltsOverPutting() {
      super(new Buffer.Rendezvous(), wiring(Far.PUTTING));
    }
  }

  @Nested
  class AltsOverTaking extends AltsContract {
    AltsOverTaking() {
      super(new Buffer.Fixed(4), wiring(Far.TAKING));
    }
  }
}
