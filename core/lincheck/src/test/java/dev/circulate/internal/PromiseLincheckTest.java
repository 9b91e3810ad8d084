package dev.circulate.internal;

import dev.circulate.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

public class PromiseLincheckTest extends ChannelOperations {
  private static final Buffer KIND = new Buffer.Promise();

  public static class Specification extends ChannelSpecification {
    public Specification() {
      super(KIND);
    }
  }

  public PromiseLincheckTest() {
    super(KIND);
  }

  @Test
  @DisplayName("CH-1 to CH-9 with a promise: every interleaving comes down to one thread at a time")
  void linearizable() {
    checkAgainst(Specification.class);
  }
}
