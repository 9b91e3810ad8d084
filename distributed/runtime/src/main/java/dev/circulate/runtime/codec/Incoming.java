package dev.circulate.runtime.codec;

import com.cognitect.transit.Keyword;
import com.cognitect.transit.Symbol;
import com.cognitect.transit.TaggedValue;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes of what transit read what a program expects: names are strings, numbers have the type that
 * they left with, moments are {@code Instant}s, and each {@link Reference} is a channel or a face
 * of one. An unknown tag stays transit's {@code TaggedValue}.
 */
public final class Incoming {
  private final int maxDepth;
  private final Function<Reference, Object> resolve;

  /**
   * A conversion.
   *
   * @param maxDepth how deep values may be nested
   * @param resolve the channel that a reference means
   */
  public Incoming(int maxDepth, Function<Reference, Object> resolve) {
    this.maxDepth = maxDepth;
    this.resolve = resolve;
  }

  /**
   * Converts a value.
   *
   * @throws CodecException if it is nested too deep
   */
  public @Nullable Object convert(@Nullable Object value) {
    return convert(value, 0);
  }

  private @Nullable Object convert(@Nullable Object value, int depth) {
    if (depth > maxDepth) {
      throw new CodecException("a value nested deeper than " + maxDepth + " levels is refused");
    }
    return switch (value) {
      case null -> null;
      case Long number -> Numbers.plain(number);
      case TaggedValue<?> tagged when Numbers.isTag(tagged.getTag()) -> Numbers.untagged(tagged);
      case Keyword name -> name.toString().substring(1);
      case Symbol name -> name.toString();
      case Date moment -> moment.toInstant();
      case Reference reference -> resolve.apply(reference);
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>(map.size() * 2);
        map.forEach(
            (key, entry) -> converted.put(convert(key, depth + 1), convert(entry, depth + 1)));
        yield converted;
      }
      case Set<?> set -> {
        Set<@Nullable Object> converted = new HashSet<>(set.size() * 2);
        set.forEach(entry -> converted.add(convert(entry, depth + 1)));
        yield converted;
      }
      case List<?> list -> {
        List<@Nullable Object> converted = new ArrayList<>(list.size());
        list.forEach(entry -> converted.add(convert(entry, depth + 1)));
        yield converted;
      }
      default -> value;
    };
  }
}
