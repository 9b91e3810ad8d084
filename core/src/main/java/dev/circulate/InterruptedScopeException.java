package dev.circulate;

import java.io.Serial;

/**
 * Thrown on leaving a {@link Scope} when the thread was interrupted while it waited there: {@code
 * close} cannot throw the checked {@code InterruptedException} without a warning at every {@code
 * try}.
 *
 * <p>The scope's go blocks were interrupted and have ended, so their work may be incomplete. The
 * thread's interrupt status is set again.
 */
public final class InterruptedScopeException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  InterruptedScopeException(String scope) {
    super("interrupted while leaving " + scope + "; its go blocks were interrupted and have ended");
  }
}
