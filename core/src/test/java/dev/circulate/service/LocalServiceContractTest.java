package dev.circulate.service;

import org.junit.jupiter.api.Nested;

/** The contract of services between two go blocks. */
class LocalServiceContractTest {
  private static final Reach LOCAL = service -> service;

  @Nested
  class Calls extends CallContract {
    Calls() {
      super(LOCAL);
    }
  }

  @Nested
  class Conversions extends ConversionContract {
    Conversions() {
      super(LOCAL);
    }
  }

  @Nested
  class Clients extends ClientContract {
    Clients() {
      super(LOCAL);
    }
  }

  @Nested
  class TypedClients extends TypedClientContract {
    TypedClients() {
      super(LOCAL);
    }
  }

  @Nested
  class Streams extends StreamContract {
    Streams() {
      super(LOCAL);
    }
  }

  @Nested
  class TypedChannels extends TypedChannelContract {
    TypedChannels() {
      super(LOCAL);
    }
  }

  @Nested
  class Misfits extends MisfitContract {
    Misfits() {
      super(LOCAL);
    }
  }
}
