package dev.circulate.runtime.testkit;

import dev.circulate.Buffer;
import dev.circulate.contract.AltsContract;
import dev.circulate.contract.BlockingContract;
import dev.circulate.contract.PromiseContract;
import dev.circulate.contract.Wiring;
import dev.circulate.runtime.MemoryTransport;
import dev.circulate.runtime.RemoteWiring.Far;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.websocket.WebSocketTransport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** DI-1, DI-7: the contract, kept by proxies over networks that are bad by a seed. */
@ExtendWith(SeededSpaces.Closing.class)
class ContractOverSeededNetworkTest {
  private static Wiring inMemory(Far far, Codec codec) {
    return SeededSpaces.open(new MemoryTransport(), "memory://seeded", Faults.ROUGH, codec)
        .wiring(far);
  }

  private static Wiring overWebSocket() {
    return SeededSpaces.open(
            new WebSocketTransport(), "ws://127.0.0.1:0/csp", Faults.ROUGH, Codec.JSON)
        .wiring(Far.TAKING);
  }

  @Nested
  class PutTo extends BlockingContract {
    PutTo() {
      super(new Buffer.Fixed(16), inMemory(Far.PUTTING, Codec.JSON));
    }
  }

  @Nested
  class TakeFrom extends BlockingContract {
    TakeFrom() {
      super(new Buffer.Rendezvous(), inMemory(Far.TAKING, Codec.MESSAGE_PACK));
    }
  }

  @Nested
  class TakeFromPromise extends PromiseContract {
    TakeFromPromise() {
      super(inMemory(Far.TAKING, Codec.JSON));
    }
  }

  @Nested
  class AltsOverPutting extends AltsContract {
    AltsOverPutting() {
      super(new Buffer.Rendezvous(), inMemory(Far.PUTTING, Codec.MESSAGE_PACK));
    }
  }

  @Nested
  class AltsOverTaking extends AltsContract {
    AltsOverTaking() {
      super(new Buffer.Fixed(4), inMemory(Far.TAKING, Codec.JSON));
    }
  }

  @Tag("long")
  @Nested
  class TakeFromOverWebSocket extends BlockingContract {
    TakeFromOverWebSocket() {
      super(new Buffer.Fixed(16), overWebSocket());
    }
  }
}
