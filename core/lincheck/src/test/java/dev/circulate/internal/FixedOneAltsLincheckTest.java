package dev.circulate.internal;

import dev.circulate.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

public class FixedOneAltsLincheckTest extends AltsOperations {
  public FixedOneAltsLincheckTest() {
    super(new Buffer.Fixed(1));
  }

  @Test
  @DisplayName("AL-1 AL-2 over two channels with capacity 1: exactly one operation happens")
  void exactlyOneHappens() {
    check();
  }
}
