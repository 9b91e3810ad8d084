package dev.circulate.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client takes as an answer, as its {@code Accept} says.
 *
 * @param text the header; null if there is none, and everything is welcome
 */
record Accepts(@Nullable String text) {
  /** What is written, when several forms are equally welcome: the first. */
  private static final List<Form> FOR_VALUE = List.of(Form.JSON, Form.LINES, Form.EVENTS);

  private static final List<Form> FOR_STREAM = List.of(Form.LINES, Form.EVENTS);

  /** The form of one value, which can be a stream of one; null if none is welcome. */
  @Nullable Form forValue() {
    return best(FOR_VALUE);
  }

  /** The form of a stream; null if none is welcome. */
  @Nullable Form forStream() {
    return best(FOR_STREAM);
  }

  private @Nullable Form best(List<Form> forms) {
    Form best = null;
    double highest = 0;
    for (Form form : forms) {
      double quality = quality(form.mediaType());
      if (quality > highest) {
        best = form;
        highest = quality;
      }
    }
    return best;
  }

  /** The weight of the most specific range that a media type is in; 0 if it is in none. */
  private double quality(String mediaType) {
    if (text == null || text.isBlank()) {
      return 1;
    }
    double quality = 0;
    int specificity = -1;
    for (String part : text.toLowerCase(Locale.ROOT).split(",", -1)) {
      List<String> words = Arrays.stream(part.split(";", -1)).map(String::strip).toList();
      int matched = specificity(words.getFirst(), mediaType);
      if (matched > specificity) {
        specificity = matched;
        quality = weight(words);
      }
    }
    return quality;
  }

  private static int specificity(String range, String mediaType) {
    if (range.equals(mediaType)) {
      return 2;
    }
    if (range.equals("*/*")) {
      return 0;
    }
    return range.endsWith("/*") && mediaType.startsWith(range.substring(0, range.length() - 1))
        ? 1
        : -1;
  }

  private static double weight(List<String> words) {
    for (String word : words) {
      if (word.startsWith("q=")) {
        try {
          return Double.parseDouble(word.substring(2));
        } catch (NumberFormatException e) {
          return 0;
        }
      }
    }
    return 1;
  }
}
