package dev.circulate.runtime;

import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Time;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How long a session waits for another link. What ends the wait forgets it: a session that is over
 * is not kept until the time has passed. Safe for use by several threads.
 */
final class Grace {
  private final Duration length;
  private final String peer;

  /** Guarded by this. */
  private Time.Timer timer = () -> {};

  Grace(Duration length, String peer) {
    this.length = length;
    this.peer = peer;
  }

  /**
   * Begins to wait, unless it is too late for that.
   *
   * @param waits whether the session still waits for this
   * @param passed run in a go block if it does when the time has passed
   */
  synchronized void begin(BooleanSupplier waits, Runnable passed) {
    if (waits.getAsBoolean()) { // otherwise it may be another's wait that goes on
      end();
      timer =
          Time.current()
              .schedule(
                  Time.after(length),
                  () -> GoBlock.background("end of " + peer, () -> runIf(waits, passed)));
    }
  }

  private static void runIf(BooleanSupplier waits, Runnable passed) {
    if (waits.getAsBoolean()) {
      passed.run();
    }
  }

  /** Waits no longer. */
  synchronized void end() {
    timer.cancel();
    timer = () -> {};
  }
}
