package dev.circulate.http;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of what was read as JSON, with all their digits: a fraction is a {@code Double} where
 * that is the same number, as it is in {@code 0.1}, and else stays a {@code BigDecimal}.
 */
final class JsonNumbers {
  /** The least power of ten that a double has; a lesser number takes work out of proportion. */
  private static final int LEAST_EXPONENT = -324;

  private JsonNumbers() {}

  /**
   * A value in which every fraction was read as a {@code BigDecimal}, with those that are needed.
   *
   * @param value is changed
   * @throws ArithmeticException if a number is beyond those that a double comes near
   */
  static @Nullable Object exact(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> exact(map);
      case List<?> list -> exact(list);
      case BigDecimal number -> exact(number);
      case null, default -> value;
    };
  }

  @SuppressWarnings("unchecked") // values take the places of values
  static Map<?, ?> exact(Map<?, ?> map) {
    ((Map<Object, @Nullable Object>) map).replaceAll((_, each) -> exact(each));
    return map;
  }

  @SuppressWarnings("unchecked") // as above
  private static List<?> exact(List<?> list) {
    ((List<@Nullable Object>) list).replaceAll(JsonNumbers::exact);
    return list;
  }

  private static Number exact(BigDecimal number) {
    double near = number.doubleValue();
    int exponent = number.precision() - number.scale() - 1;
    if (Double.isInfinite(near) || exponent < LEAST_EXPONENT) {
      throw new ArithmeticException("the number " + number + " is too large or too small");
    }
    return BigDecimal.valueOf(near).compareTo(number) == 0 ? (Number) near : number;
  }
}
