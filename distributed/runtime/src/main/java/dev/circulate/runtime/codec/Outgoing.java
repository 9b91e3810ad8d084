package dev.circulate.runtime.codec;

import com.cognitect.transit.TaggedValue;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.Glimpse;
import dev.circulate.service.CallError;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a value what transit can write: plain data, with a {@link Reference} for each channel.
 *
 * <p>Records become maps by component name, with the record's own name under {@code type} if it is
 * a variant of a sealed type, enums their name, an {@code Optional} or one of its kin its value or
 * null, throwables data without their class, unless {@link Handlers} say otherwise. A value of any
 * other type is refused with its class and the place where it stands, and nothing is ever written
 * as null that was not null, nor left out. The result shares nothing mutable with the value. For
 * one thread.
 */
@SuppressWarnings("JavaUtilDate") // programs send it
public final class Outgoing {
  private final int maxDepth;
  private final Handlers handlers;
  private final Function<Object, Reference> export;
  private final Letters letters = new Letters();

  /**
   * A conversion.
   *
   * @param maxDepth how deep values may be nested
   * @param handlers how types of the program's own cross
   * @param export the reference for a channel or a face of one
   */
  public Outgoing(int maxDepth, Handlers handlers, Function<Object, Reference> export) {
    this.maxDepth = maxDepth;
    this.handlers = handlers;
    this.export = export;
  }

  /**
   * Converts a value.
   *
   * @throws CodecException if it, or something in it, cannot be sent
   */
  public @Nullable Object convert(@Nullable Object value) {
    return convert(value, null, 0);
  }

  /**
   * Converts a value that a channel is to hold.
   *
   * @throws CodecException if it, or something in it, cannot be sent
   */
  public Object body(Object value) {
    Object body = convert(value);
    if (body == null) {
      throw new CodecException("cannot send an empty Optional alone: a channel holds no null");
    }
    return body;
  }

  /** Converts a message whose names are the library's: its keys become keywords. */
  public Map<Object, @Nullable Object> message(Map<String, ? extends @Nullable Object> message) {
    Map<Object, @Nullable Object> converted = LinkedHashMap.newLinkedHashMap(message.size());
    message.forEach(
        (name, value) -> {
          Place place = new Place(null, name);
          converted.put(Name.keyword(text(name, place)), convert(value, place, 1));
        });
    return converted;
  }

  /**
   * Holds a body that was converted here against the limits.
   *
   * @param offered what this side offers to speak
   * @return how long it becomes: an estimate, not too low
   * @throws CodecException if it is beyond a limit
   */
  public int measured(Object body, FrameLimits limits, Encoding offered) {
    return Measure.require(body, limits, offered, letters);
  }

  private @Nullable Object convert(@Nullable Object value, @Nullable Place place, int depth) {
    if (depth > maxDepth) {
      throw new CodecException(
          "cannot send a value nested deeper than " + maxDepth + " levels" + at(place));
    }
    return switch (value) {
      case null -> null;
      case String text -> text(text, place);
      case Boolean _, Integer _, Double _ -> value;
      case Long number when number != number.intValue() -> value;
      case Long _, Short _, Byte _, Float _ -> Numbers.tagged((Number) value);
      case ReadPort<?> port -> export.apply(port);
      case WritePort<?> port -> export.apply(port);
      default -> {
        Tagged handled =
            handlers.written(
                value, written -> convert(written, place, Tagged.within(written, depth)));
        yield handled == null ? unhandled(value, place, depth) : handled;
      }
    };
  }

  /**
   * What holds others is told apart first, by a method that does little else: each level of a value
   * takes its frame, and there may be hundreds.
   */
  private @Nullable Object unhandled(Object value, @Nullable Place place, int depth) {
    return switch (value) {
      case Map<?, ?> map -> map(map, place, depth);
      case Set<?> set -> set(set, place, depth);
      case Collection<?> values -> list(values, place, depth);
      case Record tuple -> record(tuple, place, depth);
      case Throwable thrown -> map(Failures.data(thrown), place, depth);
      case Enum<?> constant -> constant.name();
      case Iterable<?> values when !(values instanceof Path) -> list(values, place, depth);
      case Optional<?> optional -> convert(optional.orElse(null), place, depth);
      case byte[] bytes -> bytes.clone();
      default ->
          value.getClass().isArray() ? array(value, place, depth) : single(value, place, depth);
    };
  }

  private @Nullable Object record(Record tuple, @Nullable Place place, int depth) {
    return switch (tuple) {
      case Tagged(String tag, Object representation) -> tagged(tag, representation, place, depth);
      case Name(String kind, String text) -> new Name(kind, text(text, place));
      case CallError error -> map(error.toData(), place, depth);
      default -> map(RecordForm.of(tuple.getClass()).data(tuple), place, depth);
    };
  }

  private @Nullable Object single(Object value, @Nullable Place place, int depth) {
    return switch (value) {
      case TaggedValue<?> tagged -> tagged(tagged.getTag(), tagged.getRep(), place, depth);
      case Character letter when Character.isSurrogate(letter) -> throw half(place);
      case Character _, UUID _ -> value;
      case Date moment -> Times.date(moment);
      case BigInteger number -> Numbers.checked(number);
      case BigDecimal number -> Numbers.checked(number);
      case URI uri -> {
        String _ = text(uri.toString(), place);
        yield uri;
      }
      case CharSequence text -> text(text.toString(), place);
      case OptionalInt number -> number.isPresent() ? number.getAsInt() : null;
      case OptionalLong number ->
          convert(number.isPresent() ? number.getAsLong() : null, place, depth);
      case OptionalDouble number -> number.isPresent() ? number.getAsDouble() : null;
      default -> {
        Object time = Times.written(value);
        if (time != null) {
          yield time;
        }
        throw new CodecException(
            "cannot send a "
                + value.getClass().getName()
                + at(place)
                + ": send plain data, records, enums or channels, or give the type a handler");
      }
    };
  }

  private Tagged tagged(
      String tag, @Nullable Object representation, @Nullable Place place, int depth) {
    return new Tagged(
        text(tag, place), verbatim(representation, place, Tagged.within(representation, depth)));
  }

  /** The representation of a tagged value, in which nothing but channels is ours to change. */
  @SuppressWarnings("JdkObsolete") // so transit tells a list from an array
  private @Nullable Object verbatim(@Nullable Object value, @Nullable Place place, int depth) {
    if (depth > maxDepth) {
      return convert(value, place, depth);
    }
    return switch (value) {
      case Integer _, Long _ -> value;
      case List<?> list when list.getClass() == LinkedList.class -> {
        List<@Nullable Object> converted = new LinkedList<>();
        list.forEach(entry -> converted.add(verbatim(entry, place, depth + 1)));
        yield converted;
      }
      case List<?> list -> {
        List<@Nullable Object> converted = new ArrayList<>(list.size());
        list.forEach(entry -> converted.add(verbatim(entry, place, depth + 1)));
        yield converted;
      }
      case Set<?> set -> {
        Set<@Nullable Object> converted = LinkedHashSet.newLinkedHashSet(set.size());
        set.forEach(entry -> converted.add(verbatim(entry, place, depth + 1)));
        yield converted;
      }
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> converted =
            LinkedHashMap.newLinkedHashMap(map.size());
        map.forEach(
            (key, entry) ->
                converted.put(verbatim(key, place, depth + 1), verbatim(entry, place, depth + 1)));
        yield converted;
      }
      case null, default -> convert(value, place, depth);
    };
  }

  private Map<@Nullable Object, @Nullable Object> map(
      Map<?, ?> map, @Nullable Place place, int depth) {
    Map<@Nullable Object, @Nullable Object> converted = LinkedHashMap.newLinkedHashMap(map.size());
    int entries = 0; // others may add some meanwhile
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Place at = new Place(place, entry.getKey());
      converted.put(
          convert(entry.getKey(), at, depth + 1), convert(entry.getValue(), at, depth + 1));
      entries++;
    }
    if (converted.size() < entries) {
      throw new CodecException(
          "cannot send a map with two keys that cross as the same" + at(place));
    }
    return converted;
  }

  private Set<@Nullable Object> set(Set<?> set, @Nullable Place place, int depth) {
    Set<@Nullable Object> converted = LinkedHashSet.newLinkedHashSet(set.size());
    for (Object value : set) {
      if (!converted.add(convert(value, new Place(place, converted.size()), depth + 1))) {
        throw new CodecException(
            "cannot send a set with two values that cross as the same" + at(place));
      }
    }
    return converted;
  }

  private List<@Nullable Object> list(Iterable<?> values, @Nullable Place place, int depth) {
    List<@Nullable Object> converted = new ArrayList<>();
    for (Object value : values) {
      converted.add(convert(value, new Place(place, converted.size()), depth + 1));
    }
    return converted;
  }

  private List<@Nullable Object> array(Object array, @Nullable Place place, int depth) {
    int length = Array.getLength(array);
    List<@Nullable Object> converted = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      converted.add(convert(Array.get(array, i), new Place(place, i), depth + 1));
    }
    return converted;
  }

  /** Half a surrogate pair has no UTF-8. */
  private String text(String text, @Nullable Place place) {
    if (letters.of(text).areHalf()) {
      throw half(place);
    }
    return text;
  }

  private static CodecException half(@Nullable Place place) {
    return new CodecException("cannot send a text with half a surrogate pair" + at(place));
  }

  private static String at(@Nullable Place place) {
    return place == null ? "" : ", at " + place;
  }

  /** Where in a message a value stands; written out only if something is wrong there. */
  private record Place(@Nullable Place in, @Nullable Object key) {
    @Override
    public String toString() {
      String last = key instanceof Integer ? "[" + key + "]" : Glimpse.of(key);
      if (in == null) {
        return last;
      }
      return in + (key instanceof Integer ? "" : ".") + last;
    }
  }
}
