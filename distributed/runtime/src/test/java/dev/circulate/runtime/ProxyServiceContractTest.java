package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.service.CallContract;
import dev.circulate.service.ClientContract;
import dev.circulate.service.Command;
import dev.circulate.service.ConversionContract;
import dev.circulate.service.MisfitContract;
import dev.circulate.service.Reach;
import dev.circulate.service.Request;
import dev.circulate.service.Service;
import dev.circulate.service.StreamContract;
import dev.circulate.service.TypedChannelContract;
import dev.circulate.service.TypedClientContract;
import dev.circulate.service.Visibility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

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

  static class Returning {
    @Command
    Channel<String> back(Channel<String> channel) {
      return channel;
    }
  }

  @Test
  @DisplayName("DI-2 a channel that a command gives back is the caller's own, whatever its type")
  void homecoming() throws Exception {
    Channel<String> ours = Csp.chan(1);
    assertThat(
            Request.to(FAR.of(Service.of(new Returning())), "back")
                .with("channel", ours)
                .as(Object.class))
        .isSameAs(ours);
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
  class TypedClients extends TypedClientContract {
    TypedClients() {
      super(FAR);
    }
  }

  @Nested
  class Streams extends StreamContract {
    Streams() {
      super(FAR);
    }
  }

  @Nested
  class TypedChannels extends TypedChannelContract {
    TypedChannels() {
      super(FAR);
    }
  }

  @Nested
  class Misfits extends MisfitContract {
    Misfits() {
      super(FAR);
    }
  }
}
