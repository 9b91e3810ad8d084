package dev.circulate;

import java.io.Serial;

/**
 * Thrown by a channel's iterator or stream when the thread is interrupted while it waits for the
 * next value: an iterator cannot throw the checked {@code InterruptedException}.
 *
 * <p>The thread's interrupt status is set again, and no value was taken.
 */
public final class InterruptedTakeException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Wraps what the wait threw.
   *
   * @param cause the interruption
   */
  public InterruptedTakeException(InterruptedException cause) {
    super("interrupted while waiting for the next value", cause);
  }
}
