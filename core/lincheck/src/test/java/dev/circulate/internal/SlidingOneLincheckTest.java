package dev.circulate.internal;

import dev.circulate.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

public class SlidingOneLincheckTest extends ChannelOperations {
  private static final Buffer KIND = new Buffer.Sliding(1);

  public static class Specification extends ChannelSpecification {
    public Specification() {
      super(KIND);
    }
  }

  public SlidingOneLincheckTest() {
    super(KIND);
  }

  @Test
  @DisplayName(
      "CH-1 to CH-9 with a sliding buffer: every interleaving comes down to one thread at a time")
  void linearizable() {
    checkAgainst(Specification.class);
  }
}
