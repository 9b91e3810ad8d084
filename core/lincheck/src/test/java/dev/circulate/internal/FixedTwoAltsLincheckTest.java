package dev.circulate.internal;

import dev.circulate.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

public class FixedTwoAltsLincheckTest extends AltsOperations {
  public FixedTwoAltsLincheckTest() {
    super(new Buffer.Fixed(2));
  }

  @Test
  @DisplayName("AL-1 AL-2 over two channels with capacity 2: exactly one operation happens")
  void exactlyOneHappens() {
    check();
  }
}
