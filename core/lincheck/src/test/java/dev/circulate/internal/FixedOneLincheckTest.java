package dev.circulate.internal;

import dev.circulate.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

public class FixedOneLincheckTest extends ChannelOperations {
  public static class Specification extends ChannelSpecification {
    public Specification() {
      super(1);
    }
  }

  public FixedOneLincheckTest() {
    super(new Buffer.Fixed(1));
  }

  @Test
  @DisplayName(
      "CH-1 to CH-8b with capacity 1: every interleaving comes down to one thread at a time")
  void linearizable() {
    checkAgainst(Specification.class);
  }
}
