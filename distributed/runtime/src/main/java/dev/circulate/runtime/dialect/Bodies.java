package dev.circulate.runtime.dialect;

import dev.circulate.runtime.codec.Elements;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Name;
import dev.circulate.runtime.codec.Pairs;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.codec.Tagged;
import dev.circulate.runtime.codec.TransitCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bodies, which the original writes as texts within the text of a frame: a channel is its GUID
 * alone, the names of a message are keywords, an error is a sentence, and numbers and moments have
 * no tags of ours.
 */
final class Bodies {
  private static final String CHANNEL = "chan-guid";
  private static final String CLOSED = "closed";
  private static final Set<String> PLAIN =
      Set.of(
          "long",
          "short",
          "byte",
          "float",
          "instant",
          "local-date",
          "local-time",
          "local-date-time",
          "offset-date-time",
          "offset-time",
          "zoned-date-time",
          "year",
          "year-month",
          "month-day",
          "duration",
          "period",
          "zone");
  private static final Name RETURN = Name.keyword("_return");

  private Bodies() {}

  /**
   * A body that came.
   *
   * @param given channels of ours that may have been sent home: they are what they were given as
   */
  static @Nullable Object read(String body, FrameLimits limits, Map<String, Reference> given) {
    Object value = came(TransitCodec.readOrNull(body, limits), given);
    if (value instanceof Map<?, ?> map && map.get(RETURN) instanceof Reference(String guid, _, _)) {
      Map<@Nullable Object, @Nullable Object> request = new LinkedHashMap<>(map);
      request.put(RETURN, new Reference(guid, Rights.PUT, true));
      return request;
    }
    return value;
  }

  private static @Nullable Object came(@Nullable Object value, Map<String, Reference> given) {
    return switch (value) {
      case Reference(String guid, _, _) when guid.equals(CLOSED) -> null;
      case Reference reference -> {
        Reference mine = given.get(reference.guid());
        yield mine == null ? reference : new Reference(mine.guid(), mine.rights(), false);
      }
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
        map.forEach((key, entry) -> converted.put(came(key, given), came(entry, given)));
        yield converted;
      }
      case List<?> list -> came(list, given);
      case Elements(List<?> parts) -> new Elements(came(parts, given));
      case Pairs(List<?> parts) -> new Pairs(came(parts, given));
      case Tagged(String tag, Object parts) -> new Tagged(tag, came(parts, given));
      case null, default -> value;
    };
  }

  /** An empty list, which is written as this one: transit tells a list from an array. */
  @SuppressWarnings("JdkObsolete") // so transit does that
  private static List<@Nullable Object> like(List<?> list) {
    return list instanceof LinkedList ? new LinkedList<>() : new ArrayList<>(list.size());
  }

  private static List<@Nullable Object> came(List<?> list, Map<String, Reference> given) {
    List<@Nullable Object> converted = like(list);
    list.forEach(entry -> converted.add(came(entry, given)));
    return converted;
  }

  static String write(Object body, Consumer<Reference> gives) {
    Object value = goes(body, gives);
    if (!(value instanceof Map<?, ?> map)) {
      return TransitCodec.write(value);
    }
    Map<@Nullable Object, @Nullable Object> message = new LinkedHashMap<>();
    map.forEach(
        (key, entry) ->
            message.put(
                key instanceof String name ? Name.keyword(name) : key,
                "error".equals(key) ? sentence(entry) : entry));
    return TransitCodec.write(message);
  }

  /** What an error says; what is none stays as it is. */
  private static @Nullable Object sentence(@Nullable Object error) {
    return error instanceof Map<?, ?> data && data.get("code") instanceof String
        ? data.get("message")
        : error;
  }

  private static Object goes(Object value, Consumer<Reference> gives) {
    return switch (value) {
      case Reference reference -> {
        gives.accept(reference);
        yield new Tagged(CHANNEL, reference.guid());
      }
      case Tagged(String tag, Object plain) when PLAIN.contains(tag) && plain != null -> plain;
      case Tagged(String tag, Object parts) when parts != null ->
          new Tagged(tag, goes(parts, gives));
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
        map.forEach(
            (key, entry) ->
                converted.put(
                    key == null ? null : goes(key, gives),
                    entry == null ? null : goes(entry, gives)));
        yield converted;
      }
      case List<?> list -> {
        List<@Nullable Object> converted = like(list);
        list.forEach(entry -> converted.add(entry == null ? null : goes(entry, gives)));
        yield converted;
      }
      case Set<?> set -> {
        Set<@Nullable Object> converted = new LinkedHashSet<>();
        set.forEach(entry -> converted.add(entry == null ? null : goes(entry, gives)));
        yield converted;
      }
      default -> value;
    };
  }
}
