package dev.circulate.runtime.codec;

import com.cognitect.transit.TaggedValue;
import com.cognitect.transit.TransitFactory;
import java.util.Set;

/**
 * Keeps the types of numbers apart, so that a channel of longs is one on the other side, too.
 *
 * <p>Transit has one kind of integer and one of floating point number. A plain integer means an
 * {@code int} if it fits into one and a {@code long} if not; whatever that would get wrong has a
 * tag.
 */
final class Numbers {
  private static final String LONG = "long";
  private static final String SHORT = "short";
  private static final String BYTE = "byte";
  private static final String FLOAT = "float";
  private static final Set<String> TAGS = Set.of(LONG, SHORT, BYTE, FLOAT);

  private Numbers() {}

  static Object tagged(Number number) {
    return switch (number) {
      case Short s -> TransitFactory.taggedValue(SHORT, s.intValue());
      case Byte b -> TransitFactory.taggedValue(BYTE, b.intValue());
      case Float f -> TransitFactory.taggedValue(FLOAT, f.doubleValue());
      default -> TransitFactory.taggedValue(LONG, number.longValue());
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

  static Number untagged(TaggedValue<?> tagged) {
    if (!(tagged.getRep() instanceof Number number)) {
      throw new CodecException("a " + tagged.getTag() + " is a number, not " + tagged.getRep());
    }
    return switch (tagged.getTag()) {
      case SHORT -> number.shortValue();
      case BYTE -> number.byteValue();
      case FLOAT -> number.floatValue();
      default -> number.longValue();
    };
  }
}
