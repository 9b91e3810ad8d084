package dev.circulate.runtime.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;

/**
 * Keeps the types of numbers apart, so that a channel of longs is one on the other side, too.
 *
 * <p>Transit has one kind of integer and one of floating point number. A plain integer means an
 * {@code int} if it fits into one and a {@code long} if not; whatever that would get wrong has a
 * tag. Numbers without a bound of their own are bounded here: a text of a million digits takes
 * longer to read than a peer may occupy this side, and an exponent of a million is as many digits
 * to whoever writes it out.
 */
final class Numbers {
  static final int MOST_DIGITS = 10_000;

  /** A text of so many digits has a sign, a point, and an exponent beside them: no more is read. */
  private static final int LONGEST = MOST_DIGITS + "-.E+20000".length();

  /** No number of so many bits has too many digits. */
  private static final int BITS_OF_FEW_DIGITS = MOST_DIGITS * 3;

  /** Every number of more bits has. */
  private static final int BITS_OF_MANY = MOST_DIGITS * 4;

  private static final String LONG = "long";
  private static final String SHORT = "short";
  private static final String BYTE = "byte";
  private static final String FLOAT = "float";
  private static final Set<String> TAGS = Set.of(LONG, SHORT, BYTE, FLOAT);

  private Numbers() {}

  static Tagged tagged(Number number) {
    return switch (number) {
      case Short s -> new Tagged(SHORT, s.intValue());
      case Byte b -> new Tagged(BYTE, b.intValue());
      case Float f -> new Tagged(FLOAT, f.doubleValue());
      default -> new Tagged(LONG, number.longValue());
    };
  }

  static Number plain(Long number) {
    if (number == number.intValue()) {
      return number.intValue();
    }
    return number;
  }

  static boolean isTag(String tag) {
    return TAGS.contains(tag);
  }

  static Number untagged(Tagged tagged) {
    return switch (tagged.tag()) {
      case SHORT -> (short) integer(tagged, Short.MIN_VALUE, Short.MAX_VALUE);
      case BYTE -> (byte) integer(tagged, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case FLOAT -> floating(tagged);
      default -> integer(tagged, Long.MIN_VALUE, Long.MAX_VALUE);
    };
  }

  private static long integer(Tagged tagged, long least, long most) {
    if (!(tagged.representation() instanceof Long number) || number < least || number > most) {
      throw unfit(tagged, "an integer from " + least + " to " + most);
    }
    return number;
  }

  /** One without a fraction may be written as an integer. */
  private static float floating(Tagged tagged) {
    double number =
        switch (tagged.representation()) {
          case Double fraction -> fraction;
          case Long integer -> integer;
          case null, default -> throw unfit(tagged, "a number");
        };
    float value = (float) number;
    if (Float.isInfinite(value) && !Double.isInfinite(number)) {
      throw unfit(tagged, "a number of 32 bits");
    }
    return value;
  }

  private static CodecException unfit(Tagged tagged, String expected) {
    return new CodecException("a " + tagged.tag() + " is " + expected);
  }

  static BigInteger bigInteger(Object digits) {
    return checked(new BigInteger(bounded(digits)));
  }

  static BigDecimal bigDecimal(Object digits) {
    return checked(new BigDecimal(bounded(digits)));
  }

  private static String bounded(Object digits) {
    if (!(digits instanceof String text)) {
      throw new CodecException("a number of many digits is written as a text");
    }
    if (text.length() > LONGEST) {
      throw tooLong(text.length() + " characters");
    }
    return text;
  }

  static BigInteger checked(BigInteger number) {
    int bits = number.bitLength();
    if (bits > BITS_OF_FEW_DIGITS
        && (bits > BITS_OF_MANY || new BigDecimal(number).precision() > MOST_DIGITS)) {
      throw tooLong(bits + " bits");
    }
    return number;
  }

  static BigDecimal checked(BigDecimal number) {
    BigInteger _ = checked(number.unscaledValue());
    if (Math.abs((long) number.scale()) > MOST_DIGITS) {
      throw tooLong("an exponent of " + -(long) number.scale());
    }
    return number;
  }

  private static CodecException tooLong(String length) {
    return new CodecException(
        "a number of " + length + "; the limit is " + MOST_DIGITS + " digits");
  }
}
