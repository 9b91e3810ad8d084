package dev.circulate.contract;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for an event that a test can see but not be told of. */
public final class Until {
  /**
   * After this time a test gives up: far more than any event takes, and never waited for otherwise.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long BETWEEN_LOOKS = 50_000;

  private Until() {}

  /** Waits until the condition holds. */
  public static void until(String what, BooleanSupplier condition) {
    until(() -> what, condition);
  }

  /** Waits until the condition holds; the text tells what is there instead. */
  public static void until(Supplier<String> what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("waited " + PATIENCE + " in vain until " + what.get());
      }
      // no yield: with one carrier a loop of yields can keep running in a queue that those who wait
      // to run are not in
      LockSupport.parkNanos(BETWEEN_LOOKS);
    }
  }

  /** Whether a thread ends, well before a test gives up that waits for the answer. */
  public static boolean ends(Thread thread) {
    try {
      return thread.join(PATIENCE.dividedBy(3));
    } catch (InterruptedException e) {
      return false;
    }
  }
}
