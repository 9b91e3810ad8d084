package dev.circulate;

import java.io.Serial;

/**
 * Thrown by an alts whose chosen arm found its channel closed, when nothing says what to do then.
 */
public final class ChannelClosedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Says which channel it was.
   *
   * @param message the channel, and what was missing
   */
  public ChannelClosedException(String message) {
    super(message);
  }
}
