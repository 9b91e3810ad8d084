package dev.circulate.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a value is in JSON: by the schema that the service gives for it; else, for a service that
 * gives none, by the type's name.
 *
 * @param schema its JSON Schema; of a stream, that of its values
 * @param isStream whether it is a channel that gives values
 * @param isSpeakable whether JSON can carry it: there is no other channel in it
 */
record JsonType(Map<String, Object> schema, boolean isStream, boolean isSpeakable) {
  private static final String CHANNEL = "x-channel";
  private static final String VALUES = "x-values";

  static JsonType of(Map<?, ?> schema, String java) {
    if (schema.isEmpty()) {
      JavaType type = JavaType.parse(java);
      return type.isStream()
          ? new JsonType(type.element().schema(), true, !type.element().hasChannel())
          : new JsonType(type.schema(), false, !type.hasChannel());
    }
    Object channel = schema.get(CHANNEL);
    if (channel == null) {
      return new JsonType(copy(schema), false, !hasChannel(schema));
    }
    Map<?, ?> values = schema.get(VALUES) instanceof Map<?, ?> said ? said : Map.of();
    boolean gives = !channel.equals("put");
    return new JsonType(copy(values), gives, gives && !hasChannel(values));
  }

  private static Map<String, Object> copy(Map<?, ?> schema) {
    Map<String, Object> copy = new LinkedHashMap<>();
    schema.forEach((name, value) -> copy.put(String.valueOf(name), value));
    return copy;
  }

  private static boolean hasChannel(@Nullable Object part) {
    return switch (part) {
      case Map<?, ?> map ->
          map.containsKey(CHANNEL) || map.values().stream().anyMatch(JsonType::hasChannel);
      case Iterable<?> list -> {
        for (Object each : list) {
          if (hasChannel(each)) {
            yield true;
          }
        }
        yield false;
      }
      case null, default -> false;
    };
  }
}
