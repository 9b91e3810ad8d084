package dev.circulate.internal;

import dev.circulate.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

public class RendezvousLincheckTest extends ChannelOperations {
  private static final Buffer KIND = new Buffer.Rendezvous();

  public static class Specification extends ChannelSpecification {
    public Specification() {
      super(KIND);
    }
  }

  public RendezvousLincheckTest() {
    super(KIND);
  }

  @Test
  @DisplayName(
      "CH-1 to CH-8b without a buffer: every interleaving comes down to one thread at a time")
  void linearizable() {
    checkAgainst(Specification.class);
  }

  @Test
  @DisplayName("CH-2 two who wait, and are served at the same time, are both woken")
  void bothAreWoken() {
    checkThoroughly(FoundOnce.twoAreServed(), Specification.class);
  }
}
