package dev.circulate.runtime.codec;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the letters of texts come to when they are written. A long text is looked through once,
 * however often it stands in a value: a peer may have sent it once, and mentioned it a hundred
 * thousand times. For one thread.
 */
final class Letters {
  /** A shorter one is looked through sooner than it is found. */
  private static final int LONG = 256;

  /** Controls that JSON writes in two characters. */
  private static final String SHORT_ESCAPES = "\b\t\n\f\r";

  /**
   * What those of one text come to.
   *
   * @param escapes how many characters more it is in JSON, where some are escaped
   * @param multibyte how many bytes more it is in UTF-8, where some take several
   * @param areHalf whether there is half a surrogate pair among them, which has no UTF-8
   */
  record Count(long escapes, long multibyte, boolean areHalf) {}

  private static final Count PLAIN = new Count(0, 0, false);

  /** Of those that are long; null as long as there is none. */
  private @Nullable IdentityHashMap<String, Count> known;

  Count of(String text) {
    if (text.length() < LONG) {
      return count(text);
    }
    if (known == null) {
      known = new IdentityHashMap<>();
    }
    return known.computeIfAbsent(text, Letters::count);
  }

  private static Count count(String text) {
    long escapes = 0;
    long multibyte = 0;
    boolean areHalf = false;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (Character.isSurrogate(letter)) {
        areHalf |= !isOfPair(text, i);
        escapes += 5;
        multibyte += 1; // a pair is four bytes
      } else if (letter >= 0x80) {
        multibyte += letter < 0x800 ? 1 : 2;
      } else if (letter < ' ') {
        escapes += SHORT_ESCAPES.indexOf(letter) >= 0 ? 1 : 5;
      } else if (letter == '"' || letter == '\\') {
        escapes += 1;
      }
    }
    return escapes == 0 && multibyte == 0 ? PLAIN : new Count(escapes, multibyte, areHalf);
  }

  /** Whether a surrogate has its other half beside it. */
  private static boolean isOfPair(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
        : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
  }
}
