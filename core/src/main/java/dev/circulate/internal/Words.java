package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/**
 * What an exception, or a value, has to say. A program's own may throw instead of saying it, and
 * whoever asks is about to tell somebody who would wait for ever.
 */
public final class Words {
  private Words() {}

  /** Its message; null if it has none. */
  public static @Nullable String messageOf(Throwable thrown) {
    try {
      return thrown.getMessage();
    } catch (RuntimeException | Error e) {
      return "(its getMessage threw " + e.getClass().getSimpleName() + ")";
    }
  }

  /** All of it, as it writes itself: of an exception its class and its message. */
  public static String of(Object speaker) {
    try {
      return speaker.toString();
    } catch (RuntimeException | Error e) {
      return speaker.getClass().getName()
          + ": (its toString threw "
          + e.getClass().getSimpleName()
          + ")";
    }
  }
}
