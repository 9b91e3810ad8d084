package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.contract.AltsContract;
import dev.circulate.contract.BlockingContract;
import dev.circulate.contract.PromiseContract;
import dev.circulate.runtime.RemoteWiring.Far;
import org.junit.jupiter.api.Nested;

/**
 * DI-1: the contract, kept by proxies over the in-memory link and over strings, from either side.
 */
class ProxyContractTest {

  @Nested
  class PutToRendezvous extends BlockingContract {
    PutToRendezvous() {
      super(new Buffer.Rendezvous(), RemoteWiring.inMemory(Far.PUTTING));
    }
  }

  @Nested
  class TakeFromRendezvous extends BlockingContract {
    TakeFromRendezvous() {
      super(new Buffer.Rendezvous(), RemoteWiring.inMemory(Far.TAKING));
    }
  }

  @Nested
  class PutToFixed extends BlockingContract {
    PutToFixed() {
      super(new Buffer.Fixed(16), RemoteWiring.inMemory(Far.PUTTING));
    }
  }

  @Nested
  class TakeFromFixed extends BlockingContract {
    TakeFromFixed() {
      super(new Buffer.Fixed(16), RemoteWiring.inMemory(Far.TAKING));
    }
  }

  @Nested
  class TakeFromPromise extends PromiseContract {
    TakeFromPromise() {
      super(RemoteWiring.inMemory(Far.TAKING));
    }
  }

  @Nested
  class AltsOverPutting extends AltsContract {
    AltsOverPutting() {
      super(new Buffer.Rendezvous(), RemoteWiring.inMemory(Far.PUTTING));
    }
  }

  @Nested
  class AltsOverTaking extends AltsContract {
    AltsOverTaking() {
      super(new Buffer.Fixed(4), RemoteWiring.inMemory(Far.TAKING));
    }
  }

  @Nested
  class PutToOverStrings extends BlockingContract {
    PutToOverStrings() {
      super(new Buffer.Rendezvous(), RemoteWiring.overStrings(Far.PUTTING));
    }
  }

  @Nested
  class TakeFromOverStrings extends BlockingContract {
    TakeFromOverStrings() {
      super(new Buffer.Fixed(16), RemoteWiring.overStrings(Far.TAKING));
    }
  }

  @Nested
  class TakeFromPromiseOverStrings extends PromiseContract {
    TakeFromPromiseOverStrings() {
      super(RemoteWiring.overStrings(Far.TAKING));
    }
  }

  @Nested
  class AltsOverStrings extends AltsContract {
    AltsOverStrings() {
      super(new Buffer.Rendezvous(), RemoteWiring.overStrings(Far.TAKING));
    }
  }
}
