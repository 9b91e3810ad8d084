package dev.circulate.runtime;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another thread will do, and says what is there instead if it does not. */
final class Await {
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private Await() {}

  static void until(String what, BooleanSupplier condition, Supplier<String> instead) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("no " + what + " within " + LONGEST + ", but " + instead.get());
      }
      Thread.onSpinWait();
    }
  }
}
