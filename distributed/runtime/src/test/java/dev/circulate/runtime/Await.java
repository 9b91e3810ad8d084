package dev.circulate.runtime;

import dev.circulate.contract.Until;
import java.lang.ref.WeakReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another thread will do, and says what is there instead if it does not. */
final class Await {
  private Await() {}

  static void until(String what, BooleanSupplier condition, Supplier<String> instead) {
    Until.until(() -> "there was " + what + ", but " + instead.get(), condition);
  }

  /** Collects garbage until nothing keeps an object. */
  static void collected(WeakReference<?> kept) {
    until(
        "nothing that keeps it",
        () -> {
          System.gc();
          return kept.get() == null;
        },
        () -> String.valueOf(kept.get()));
  }
}
