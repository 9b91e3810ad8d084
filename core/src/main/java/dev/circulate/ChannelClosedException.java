package dev.circulate;

import java.io.Serial;

/**
 * Says that there was no value since the channel was closed, where {@code null} cannot say it: an
 * alts throws it that is not told what to do then, and {@link Csp#future} fails with it.
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
