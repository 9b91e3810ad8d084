package dev.circulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.service.Command;
import dev.circulate.service.Service;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SV-5: typed clients of interfaces that the library's own packages may not look into. */
class ForeignClientTest {
  static class Calculator {
    @Command
    int plusOne(int x) {
      return x + 1;
    }
  }

  interface Calc {
    int plusOne(int x);

    default int plus(int x, int... more) {
      return more.length == 0 ? x : twice(x) - x + more[0];
    }

    default int plusTwo(int x) {
      return plusOne(plusOne(x));
    }

    private int twice(int x) {
      return 2 * x;
    }
  }

  interface Better extends Calc {
    @Override
    default int plusTwo(int x) {
      return Calc.super.plusTwo(x - 1) + 1;
    }
  }

  @Test
  @DisplayName("SV-5 an interface that is not public may have default methods")
  void defaultMethods() {
    Calc calc = Service.client(Service.of(new Calculator()), Calc.class);
    assertThat(calc.plusTwo(40)).isEqualTo(42);
    assertThat(calc.plus(40, 2)).isEqualTo(42);
    assertThat(Service.client(Service.of(new Calculator()), Better.class).plusTwo(40))
        .isEqualTo(42);
  }

  interface Failing {
    default void fail() throws IOException {
      throw new IOException("no disk");
    }
  }

  @Test
  @DisplayName("SV-5 what a default method throws is thrown")
  void defaultThrows() {
    Failing failing = Service.client(Service.of(new Calculator()), Failing.class);
    assertThatThrownBy(failing::fail).isInstanceOf(IOException.class).hasMessage("no disk");
  }
}
