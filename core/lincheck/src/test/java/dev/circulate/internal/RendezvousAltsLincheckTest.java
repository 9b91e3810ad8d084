package dev.circulate.internal;

import dev.circulate.Buffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

public class RendezvousAltsLincheckTest extends AltsOperations {
  public RendezvousAltsLincheckTest() {
    super(new Buffer.Rendezvous());
  }

  @Test
  @DisplayName("AL-1 AL-2 over two channels with capacity 0: exactly one operation happens")
  void exactlyOneHappens() {
    check();
  }
}
