package dev.circulate.internal;

import dev.circulate.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

public class FixedTwoLincheckTest extends ChannelOperations {
  private static final Buffer KIND = new Buffer.Fixed(2);

  public static class Specification extends ChannelSpecification {
    public Specification() {
      super(KIND);
    }
  }

  public FixedTwoLincheckTest() {
    super(KIND);
  }

  @Test
  @DisplayName(
      "CH-1 to CH-8b with capacity 2: every interleaving comes down to one thread at a time")
  void linearizable() {
    checkAgainst(Specification.class);
  }
}
