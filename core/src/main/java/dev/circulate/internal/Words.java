package dev.circulate.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

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
    } catch (Throwable e) {
      return "(its getMessage threw " + e.getClass().getSimpleName() + ")";
    }
  }

  /**
   * Words as they can be sent: what has no UTF-8, half a surrogate pair, becomes a question mark,
   * or nobody would be told at all.
   */
  public static String whole(String words) {
    return new String(words.getBytes(UTF_8), UTF_8);
  }

  /** All of it, as it writes itself: of an exception its class and its message. */
  public static String of(Object speaker) {
    try {
      return speaker.toString();
    } catch (Throwable e) {
      return speaker.getClass().getName()
          + ": (its toString threw "
          + e.getClass().getSimpleName()
          + ")";
    }
  }
}
