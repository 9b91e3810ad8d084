package dev.circulate;

import dev.circulate.internal.Words;
import java.io.Serial;

/**
 * Thrown by a take from a channel that was closed with a cause and is drained.
 *
 * <p>Each taker gets an exception of its own, with the taker's stack trace; {@link #getCause()} is
 * what the channel was closed with, and has the trace of where things went wrong.
 */
public final class ChannelFailedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Makes the exception for one taker.
   *
   * @param channel how the channel calls itself
   * @param cause what the channel was closed with
   */
  public ChannelFailedException(String channel, Throwable cause) {
    super(channel + " was closed with " + Words.of(cause), cause);
  }
}
