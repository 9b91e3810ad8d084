package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The names of channels. */
class SecretsTest {
  private static final int BITS = 128;
  private static final int NAMES = 10_000;

  /** Six standard deviations of a coin that is tossed so often. */
  private static final int TOLERANCE = 300;

  @Test
  @DisplayName("DI-9 a name is 128 bits, each as often set as not, and none comes twice")
  void random() {
    Set<String> names = new HashSet<>();
    int[] set = new int[BITS];
    for (int i = 0; i < NAMES; i++) {
      String name = Secrets.next();
      assertThat(name).matches("[0-9a-f]{32}");
      assertThat(names.add(name)).isTrue();
      BigInteger bits = new BigInteger(name, 16);
      for (int bit = 0; bit < BITS; bit++) {
        set[bit] += bits.testBit(bit) ? 1 : 0;
      }
    }
    for (int ones : set) {
      assertThat(ones).isBetween(NAMES / 2 - TOLERANCE, NAMES / 2 + TOLERANCE);
    }
  }
}
