package dev.circulate.runtime.dialect;

import dev.circulate.runtime.codec.CodecException;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.Name;
import dev.circulate.runtime.codec.TransitCodec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A frame of the original's: a map of a type, a target, a name of its own, and a body. */
record DialectFrame(
    String type, @Nullable String target, @Nullable String guid, @Nullable String body) {
  /** As long as the name of a channel may be; the original's have some thirty characters. */
  private static final int LONGEST_GUID = 64;

  static DialectFrame read(String text, FrameLimits limits) {
    if (!(TransitCodec.read(text, limits) instanceof Map<?, ?> map)
        || !(map.get(Name.keyword("type")) instanceof Name type)) {
      throw new CodecException("a frame is a map with a :type");
    }
    return new DialectFrame(type.text(), text(map, "target"), guid(map), text(map, "body"));
  }

  /** The frame's own name, which is remembered for a while. */
  private static @Nullable String guid(Map<?, ?> map) {
    String guid = text(map, "guid");
    if (guid != null && guid.length() > LONGEST_GUID) {
      throw new CodecException(
          "the name of a frame of " + guid.length() + "; the limit is " + LONGEST_GUID);
    }
    return guid;
  }

  private static @Nullable String text(Map<?, ?> map, String name) {
    Object value = map.get(Name.keyword(name));
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new CodecException(":" + name + " of a frame is a string");
  }

  String requiredTarget() {
    return required(target, "target");
  }

  String requiredBody() {
    return required(body, "body");
  }

  private String required(@Nullable String value, String name) {
    if (value == null) {
      throw new CodecException("a frame of type '" + type + "' without :" + name);
    }
    return value;
  }

  static String ack(String target) {
    return of("ack", target, null);
  }

  static String of(String type, @Nullable String target, @Nullable String guid) {
    return written(type, target, guid, null);
  }

  static String forward(String target, String guid, String body) {
    return written("forward", target, guid, body);
  }

  private static String written(
      String type, @Nullable String target, @Nullable String guid, @Nullable String body) {
    Map<Name, Object> fields = new LinkedHashMap<>();
    fields.put(Name.keyword("type"), Name.keyword(type));
    put(fields, "target", target);
    put(fields, "guid", guid);
    put(fields, "body", body);
    return TransitCodec.write(fields);
  }

  private static void put(Map<Name, Object> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(Name.keyword(name), value);
    }
  }
}
