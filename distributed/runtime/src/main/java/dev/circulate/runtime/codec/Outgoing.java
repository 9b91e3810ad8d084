package dev.circulate.runtime.codec;

import com.cognitect.transit.Keyword;
import com.cognitect.transit.Symbol;
import com.cognitect.transit.TaggedValue;
import com.cognitect.transit.TransitFactory;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a value what transit can write: plain data, with a {@link Reference} for each channel.
 *
 * <p>Records become maps by component name, enums their name, throwables {@code {type, message}},
 * other {@code java.time} types their ISO text. A value of any other type is refused with its class
 * and the place where it stands, and nothing is ever written as null that was not null. The result
 * shares nothing mutable with the value.
 */
public final class Outgoing {
  private final int maxDepth;
  private final Function<Object, Reference> export;

  /**
   * A conversion.
   *
   * @param maxDepth how deep values may be nested
   * @param export the reference for a channel or a face of one
   */
  public Outgoing(int maxDepth, Function<Object, Reference> export) {
    this.maxDepth = maxDepth;
    this.export = export;
  }

  /**
   * Converts a value.
   *
   * @throws CodecException if it, or something in it, cannot be sent
   */
  public @Nullable Object convert(@Nullable Object value) {
    return convert(value, "", 0);
  }

  /** Converts a message whose names are the library's: its keys become keywords. */
  public Map<Object, @Nullable Object> message(Map<String, ? extends @Nullable Object> message) {
    Map<Object, @Nullable Object> converted = new LinkedHashMap<>(message.size() * 2);
    message.forEach(
        (name, value) -> converted.put(TransitFactory.keyword(name), convert(value, name, 1)));
    return converted;
  }

  private @Nullable Object convert(@Nullable Object value, String path, int depth) {
    if (depth > maxDepth) {
      throw new CodecException(
          "cannot send a value nested deeper than " + maxDepth + " levels, at " + path);
    }
    return switch (value) {
      case null -> null;
      case String _, Boolean _, Integer _, Double _ -> value;
      case Long number when number != number.intValue() -> value;
      case Long _, Short _, Byte _, Float _ -> Numbers.tagged((Number) value);
      case Character _, BigInteger _, BigDecimal _, UUID _, URI _, Date _, Keyword _, Symbol _ ->
          value;
      case byte[] bytes -> bytes.clone();
      case CharSequence text -> text.toString();
      case Instant instant when isOfMillis(instant) -> Date.from(instant);
      case TemporalAccessor time -> time.toString();
      case TemporalAmount amount -> amount.toString();
      case Enum<?> constant -> constant.name();
      case Optional<?> optional -> convert(optional.orElse(null), path, depth);
      case ReadPort<?> port -> export.apply(port);
      case WritePort<?> port -> export.apply(port);
      case Map<?, ?> map -> map(map, path, depth);
      case Set<?> set -> new HashSet<>(list(set, path, depth));
      case Iterable<?> values -> list(values, path, depth);
      case Record tuple -> tuple(tuple, path, depth);
      case Throwable thrown -> thrown(thrown);
      case TaggedValue<?> tagged ->
          TransitFactory.taggedValue(tagged.getTag(), convert(tagged.getRep(), path, depth + 1));
      default -> {
        if (value.getClass().isArray()) {
          yield array(value, path, depth);
        }
        throw new CodecException(
            "cannot send a "
                + value.getClass().getName()
                + (path.isEmpty() ? "" : ", at " + path)
                + ": send plain data, records, enums or channels");
      }
    };
  }

  /** Transit's moments are milliseconds in a long. */
  private static boolean isOfMillis(Instant instant) {
    return instant.equals(instant.truncatedTo(ChronoUnit.MILLIS))
        && Math.abs(instant.getEpochSecond()) < Long.MAX_VALUE / 1000;
  }

  private Map<@Nullable Object, @Nullable Object> map(Map<?, ?> map, String path, int depth) {
    Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>(map.size() * 2);
    map.forEach(
        (key, value) ->
            converted.put(
                convert(key, path + " (a key)", depth + 1),
                convert(value, at(path, String.valueOf(key)), depth + 1)));
    return converted;
  }

  private List<@Nullable Object> list(Iterable<?> values, String path, int depth) {
    List<@Nullable Object> converted = new ArrayList<>();
    for (Object value : values) {
      converted.add(convert(value, path + "[" + converted.size() + "]", depth + 1));
    }
    return converted;
  }

  private List<@Nullable Object> array(Object array, String path, int depth) {
    List<@Nullable Object> converted = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      converted.add(convert(Array.get(array, i), path + "[" + i + "]", depth + 1));
    }
    return converted;
  }

  private Map<Object, @Nullable Object> tuple(Record tuple, String path, int depth) {
    Map<Object, @Nullable Object> converted = new LinkedHashMap<>();
    for (RecordComponent component : tuple.getClass().getRecordComponents()) {
      Object value;
      try {
        component.getAccessor().setAccessible(true);
        value = component.getAccessor().invoke(tuple);
      } catch (IllegalAccessException | InvocationTargetException | RuntimeException e) {
        throw new CodecException(
            "cannot read " + component.getName() + " of " + tuple.getClass().getName(), e);
      }
      converted.put(component.getName(), convert(value, at(path, component.getName()), depth + 1));
    }
    return converted;
  }

  private static Map<String, @Nullable Object> thrown(Throwable thrown) {
    Map<String, @Nullable Object> converted = new LinkedHashMap<>();
    converted.put("type", thrown.getClass().getName());
    converted.put("message", thrown.getMessage());
    return converted;
  }

  private static String at(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
