package dev.circulate.service;

import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How values and names are written in messages for people. */
final class Texts {
  private static final int LONGEST = 120;

  private Texts() {}

  /** A value that came, with its type, short enough for an error message. */
  static String describe(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case CharSequence text -> "the String \"" + shortened(text.toString()) + '"';
      case ReadPort<?> _ -> "a channel";
      case WritePort<?> _ -> "a channel";
      case Map<?, ?> map -> "the map " + shortened(written(map));
      case List<?> list -> "the list " + shortened(written(list));
      case Set<?> set -> "the set " + shortened(written(set));
      default -> "the " + value.getClass().getSimpleName() + " " + shortened(written(value));
    };
  }

  private static String written(Object value) {
    try {
      return String.valueOf(value);
    } catch (RuntimeException | StackOverflowError e) {
      return "(its toString threw " + e.getClass().getSimpleName() + ")";
    }
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  /** A duration in ISO-8601; zero for what is none. */
  static Duration duration(String text) {
    try {
      return text.isEmpty() ? Duration.ZERO : Duration.parse(text);
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }

  /**
   * A Java name as commands are named: {@code plusOne} is {@code plus-one}, {@code get42} {@code
   * get-42}.
   */
  static String kebabCase(String name) {
    return name.replaceAll("(?<=[\\p{Ll}\\d])(?=\\p{Lu})|(?<=\\p{L})(?=\\d)", "-")
        .toLowerCase(Locale.ROOT);
  }
}
