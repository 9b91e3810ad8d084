package dev.circulate.runtime;

import java.io.IOException;

/**
 * Tells that a link went down since a frame was longer than its receiver accepts: the cause that
 * {@link Link#incoming} ends with, on both sides. A session does not wait for another link then, on
 * which the same frame would be said again; its peer is lost.
 */
public final class FrameTooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * A cause.
   *
   * @param message how long the frame was, or may be, and who says so
   */
  public FrameTooLongException(String message) {
    super(message);
  }
}
