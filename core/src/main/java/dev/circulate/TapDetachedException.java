package dev.circulate;

import java.io.Serial;

/** Why a tap was closed whose policy is {@link SlowTap#DETACH}: it was too slow. */
public final class TapDetachedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Says which tap it was.
   *
   * @param message the tap, and for what it had no room
   */
  public TapDetachedException(String message) {
    super(message);
  }
}
