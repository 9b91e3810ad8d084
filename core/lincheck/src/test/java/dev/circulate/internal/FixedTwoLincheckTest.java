package dev.circulate.internal;

import dev.circulate.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

public class FixedTwoLincheckTest extends ChannelOperations {
  public static class Specification extends ChannelSpecification {
    public Specification() {
      super(2);
    }
  }

  public FixedTwoLincheckTest() {
    super(new Buffer.Fixed(2));
  }

  @Test
  @DisplayName(
      "CH-1 to CH-8b with capacity 2: every interleaving comes down to one thread at a time")
  void linearizable() {
    checkAgainst(Specification.class);
  }
}
