package dev.circulate.service;

import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.Glimpse;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How values and names are written in messages for people. */
final class Texts {
  private Texts() {}

  /** A value that came, with its type, short enough for an error message. */
  static String describe(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case CharSequence text -> "the String \"" + Glimpse.of(text) + '"';
      case ReadPort<?> _ -> "a channel";
      case WritePort<?> _ -> "a channel";
      case Map<?, ?> map -> "the map " + Glimpse.of(map);
      case List<?> list -> "the list " + Glimpse.of(list);
      case Set<?> set -> "the set " + Glimpse.of(set);
      default -> "the " + value.getClass().getSimpleName() + " " + Glimpse.of(value);
    };
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
