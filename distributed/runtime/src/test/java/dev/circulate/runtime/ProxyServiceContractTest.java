package dev.circulate.runtime;

import dev.circulate.WritePort;
import dev.circulate.service.CallContract;
import dev.circulate.service.ClientContract;
import dev.circulate.service.ConversionContract;
import dev.circulate.service.Reach;
import dev.circulate.service.Request;
import dev.circulate.service.StreamContract;
import dev.circulate.service.Visibility;
import org.junit.jupiter.api.Nested;

/** DI-1: the contract of services, kept through proxies over the in-memory link. */
class ProxyServiceContractTest {
  /** A service in the other address space, as its root gives it. */
  private static final Reach FAR = ProxyServiceContractTest::reach;

  private static WritePort<Request> reach(WritePort<Request> service) throws InterruptedException {
    TwoSpaces spaces = new TwoSpaces();
    spaces.bRoot.add("service", service, Visibility.PUBLIC);
    return Request.to(spaces.bRootProxy(), "get-service")
        .with("service", "service")
        .as(Request.CHANNEL);
  }

  @Nested
  class Calls extends CallContract {
    Calls() {
      super(FAR);
    }
  }

  @Nested
  class Conversions extends ConversionContract {
    Conversions() {
      super(FAR);
    }
  }

  @Nested
  class Clients extends ClientContract {
    Clients() {
      super(FAR);
    }
  }

  @Nested
  class Streams extends StreamContract {
    Streams() {
      super(FAR);
    }
  }
}
