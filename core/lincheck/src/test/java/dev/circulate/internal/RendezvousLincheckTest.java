package dev.circulate.internal;

import dev.circulate.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

public class RendezvousLincheckTest extends ChannelOperations {
  public static class Specification extends ChannelSpecification {
    public Specification() {
      super(0);
    }
  }

  public RendezvousLincheckTest() {
    super(new Buffer.Rendezvous());
  }

  @Test
  @DisplayName(
      "CH-1 to CH-8b with capacity 0: every interleaving comes down to one thread at a time")
  void linearizable() {
    checkAgainst(Specification.class);
  }
}
