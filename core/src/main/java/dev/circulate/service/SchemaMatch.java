package dev.circulate.service;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether values of one schema of {@link Schemas} are values of another: as far as the schemas say,
 * and in doubt they are.
 */
final class SchemaMatch {
  private SchemaMatch() {}

  /**
   * Compares two schemas.
   *
   * @param where what is compared, in words
   * @param given what comes
   * @param wanted what is accepted
   * @return what does not fit; null if all does
   */
  static @Nullable String difference(String where, Object given, Object wanted) {
    return given instanceof Map<?, ?> from && wanted instanceof Map<?, ?> to
        ? schemas(where, Schemas.present(from), Schemas.present(to))
        : null;
  }

  private static @Nullable String schemas(String where, Map<?, ?> from, Map<?, ?> to) {
    if (isChannel(from) != isChannel(to)) {
      return where + ": " + kind(from) + " for " + kind(to);
    } else if (isChannel(from)) {
      return channels(where, from, to);
    }
    Object fromType = from.get("type");
    Object toType = to.get("type");
    if (fromType == null || toType == null) {
      return null;
    }
    boolean isInteger = fromType.equals("integer") && toType.equals("number");
    if (!isInteger && !fromType.equals(toType)) {
      return where + ": " + kind(from) + " for " + kind(to);
    }
    String format = formats(where, from, to);
    if (format != null) {
      return format;
    }
    return switch (String.valueOf(toType)) {
      case "array" -> nested(where + "[]", from.get("items"), to.get("items"));
      case "object" -> objects(where, from, to);
      default -> null;
    };
  }

  private static boolean isChannel(Map<?, ?> schema) {
    return schema.containsKey("x-channel");
  }

  private static @Nullable String channels(String where, Map<?, ?> from, Map<?, ?> to) {
    Object right = from.get("x-channel");
    Object needed = to.get("x-channel");
    return "whole".equals(right) || right == null || right.equals(needed)
        ? nested(where + ", its values", from.get("x-values"), to.get("x-values"))
        : where + ": " + kind(from) + " for " + kind(to);
  }

  private static @Nullable String formats(String where, Map<?, ?> from, Map<?, ?> to) {
    if (!"string".equals(to.get("type"))) {
      return null; // a number fits if its value does
    }
    Object format = to.get("format");
    if (format != null && from.get("format") != null && !format.equals(from.get("format"))) {
      return where + ": " + kind(from) + " for " + kind(to);
    }
    if (from.get("enum") instanceof List<?> given
        && to.get("enum") instanceof List<?> known
        && !known.containsAll(given)) {
      return where + ": one of " + given + " for one of " + known;
    }
    return null;
  }

  private static @Nullable String objects(String where, Map<?, ?> from, Map<?, ?> to) {
    if (!(from.get("properties") instanceof Map<?, ?> given)
        || !(to.get("properties") instanceof Map<?, ?> known)) {
      return nested(
          where + "'s values", from.get("additionalProperties"), to.get("additionalProperties"));
    }
    for (Map.Entry<?, ?> property : given.entrySet()) {
      String inside = where + "." + property.getKey();
      if (!known.containsKey(property.getKey())) {
        return inside + " is not known";
      }
      String difference = nested(inside, property.getValue(), known.get(property.getKey()));
      if (difference != null) {
        return difference;
      }
    }
    for (Object required : to.get("required") instanceof List<?> list ? list : List.of()) {
      if (!given.containsKey(required)) {
        return where + "." + required + " is missing";
      }
    }
    return null;
  }

  private static @Nullable String nested(
      String where, @Nullable Object given, @Nullable Object wanted) {
    return given == null || wanted == null ? null : difference(where, given, wanted);
  }

  private static String kind(Map<?, ?> schema) {
    if (isChannel(schema)) {
      return "a channel (" + schema.get("x-channel") + ")";
    }
    Object type = schema.get("type");
    Object detail = schema.get("format") != null ? schema.get("format") : schema.get("title");
    return type == null
        ? String.valueOf(schema.get("title"))
        : detail == null ? String.valueOf(type) : type + " (" + detail + ")";
  }
}
