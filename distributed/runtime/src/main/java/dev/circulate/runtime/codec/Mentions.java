package dev.circulate.runtime.codec;

import com.cognitect.transit.impl.AbstractParser;
import com.cognitect.transit.impl.ReadCache;
import com.cognitect.transit.impl.WriteCache;
import dev.circulate.internal.Glimpse;
import org.jspecify.annotations.Nullable;

/**
 * The names in one frame, which may mention each again by its number, such as {@code ^0}.
 *
 * <p>Transit's own takes a number that stands for none in this frame as a name of the frame before,
 * which may be of another session, or as null. Here it is refused. For one thread.
 */
final class Mentions extends ReadCache {
  private static final String MAP = "^ ";
  private static final char MARK = '^';
  private static final char ZERO = '0';

  /** How many digits there are; the first of two counts so much. */
  private static final int DIGITS = 44;

  /** Less than zero with any other digit. */
  private static final int NO_DIGIT = -DIGITS * DIGITS;

  /** How many names have a number. */
  private int named;

  /** A frame begins, or there are more names in it than numbers. */
  @Override
  public ReadCache init() {
    named = 0;
    return super.init();
  }

  @Override
  public @Nullable Object cacheRead(String text, boolean asMapKey, AbstractParser parser) {
    if (isMention(text)) {
      requireNamed(text);
      return super.cacheRead(text, asMapKey, parser);
    }
    boolean isName = WriteCache.isCacheable(text, asMapKey);
    Object read = super.cacheRead(text, asMapKey, parser); // when all numbers are used, inits
    if (isName) {
      named++;
    }
    return read;
  }

  private static boolean isMention(String text) {
    return !text.isEmpty() && text.charAt(0) == MARK && !text.equals(MAP);
  }

  private void requireNamed(String mention) {
    int number =
        switch (mention.length()) {
          case 2 -> digit(mention, 1);
          case 3 -> digit(mention, 1) * DIGITS + digit(mention, 2);
          default -> named;
        };
    if (number < 0 || number >= named) {
      throw new CodecException(
          "'" + Glimpse.of(mention) + "' mentions a name that is not in the frame before it");
    }
  }

  private static int digit(String mention, int at) {
    int digit = mention.charAt(at) - ZERO;
    return digit >= 0 && digit < DIGITS ? digit : NO_DIGIT;
  }
}
