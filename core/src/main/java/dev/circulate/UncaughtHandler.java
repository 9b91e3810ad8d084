package dev.circulate;

import dev.circulate.internal.Uncaught;
import java.util.Objects;

/**
 * Told of a failure that no caller could be told of: what a go block threw and nobody took, what a
 * hook threw.
 *
 * {@snippet :
 * Csp.setUncaughtHandler((where, failure) -> log.error(where, failure));
 * }
 *
 * <p>Called by whichever thread notices, with no lock held; should not block for long. {@link
 * Csp#setUncaughtHandler} puts one in force; without one, failures are logged as warnings by the
 * system logger {@code dev.circulate}.
 */
@FunctionalInterface
public interface UncaughtHandler {
  /**
   * Takes note of a failure.
   *
   * @param where which go block, channel or hook failed, in words
   * @param failure what it threw
   */
  void uncaught(String where, Throwable failure);

  /**
   * Tells the handler in force of a failure that nobody else can be told of.
   *
   * @param where what failed, in words
   * @param failure what it threw
   */
  static void report(String where, Throwable failure) {
    Uncaught.report(
        Objects.requireNonNull(where, "where"), Objects.requireNonNull(failure, "failure"));
  }
}
