package dev.circulate.service;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Types as JSON Schema, draft 2020-12, in plain data: what {@link Conversion} takes for a value of
 * the type, as JSON would write it.
 *
 * <p>The properties of a type are asked of the same Jackson that converts it, so the schema says
 * what will be accepted; a generator of its own would have to be told all of that again. A channel
 * has no form in JSON: {@code x-channel} says what its holder may do, {@code x-values} what it
 * holds. A type inside itself is a reference to the anchor of the outer one.
 */
final class Schemas {
  private static final Map<String, Object> NULL = Map.of("type", "null");
  private static final Map<String, Map<String, Object>> SIMPLE =
      Map.ofEntries(
          Map.entry("void", NULL),
          Map.entry("java.lang.Void", NULL),
          Map.entry("boolean", Map.of("type", "boolean")),
          Map.entry("byte", integer(Byte.MIN_VALUE, Byte.MAX_VALUE)),
          Map.entry("short", integer(Short.MIN_VALUE, Short.MAX_VALUE)),
          Map.entry("int", format("integer", "int32")),
          Map.entry("long", format("integer", "int64")),
          Map.entry("float", format("number", "float")),
          Map.entry("double", format("number", "double")),
          Map.entry("char", Map.of("type", "string", "minLength", 1, "maxLength", 1)),
          Map.entry("java.math.BigInteger", Map.of("type", "integer")),
          Map.entry("java.math.BigDecimal", Map.of("type", "number")),
          Map.entry("java.lang.Number", Map.of("type", "number")),
          Map.entry("java.lang.String", Map.of("type", "string")),
          Map.entry("java.lang.CharSequence", Map.of("type", "string")),
          Map.entry("java.util.UUID", format("string", "uuid")),
          Map.entry("java.net.URI", format("string", "uri")),
          Map.entry("java.net.URL", format("string", "uri")),
          Map.entry("java.time.Duration", format("string", "duration")),
          Map.entry("java.time.Period", format("string", "duration")),
          Map.entry("java.time.Instant", format("string", "date-time")),
          Map.entry("java.time.OffsetDateTime", format("string", "date-time")),
          Map.entry("java.time.ZonedDateTime", format("string", "date-time")),
          Map.entry("java.time.LocalDate", format("string", "date")),
          Map.entry("java.time.LocalTime", titled("LocalTime", "string")),
          Map.entry("java.time.LocalDateTime", titled("LocalDateTime", "string")),
          Map.entry("java.time.ZoneId", titled("ZoneId", "string")));

  /** The types that are being described, the outermost first. */
  private final List<JavaType> within = new ArrayList<>();

  /** Those of them that were met inside themselves. */
  private final Set<JavaType> anchored = new HashSet<>();

  /** What each is called that is referred to: types of one name are told apart. */
  private final Map<JavaType, String> anchors = new HashMap<>();

  /** Those that have been described under an anchor, which can stand in a schema once only. */
  private final Set<JavaType> named = new HashSet<>();

  private Schemas() {}

  /** The schema of a type. */
  static Map<String, Object> of(Type type) {
    return new Schemas().schema(DataMapper.MAPPER.constructType(type));
  }

  /** The schema of a type where it is said, which may be with null among its values. */
  static Map<String, Object> of(Type type, AnnotatedType said) {
    return isNullable(said) ? optional(of(type)) : of(type);
  }

  /** Whether null is said to be among the values, by whosever annotation of that name. */
  private static boolean isNullable(AnnotatedType type) {
    return Arrays.stream(type.getAnnotations())
        .anyMatch(each -> each.annotationType().getSimpleName().equals("Nullable"));
  }

  private static Map<String, Object> format(String type, String format) {
    return Map.of("type", type, "format", format);
  }

  private static Map<String, Object> titled(String title, String type) {
    return Map.of("title", title, "type", type);
  }

  private static Map<String, Object> integer(int least, int most) {
    return Map.of("type", "integer", "minimum", least, "maximum", most);
  }

  private Map<String, Object> schema(JavaType type) {
    Class<?> raw = java.lang.invoke.MethodType.methodType(type.getRawClass()).unwrap().returnType();
    Map<String, Object> simple = SIMPLE.get(raw.getName());
    if (simple != null) {
      return simple;
    } else if (type.isJavaLangObject()) {
      return Map.of();
    } else if (raw == byte[].class) {
      return Map.of("type", "string", "contentEncoding", "base64");
    } else if (ReadPort.class.isAssignableFrom(raw)
        || WritePort.class.isAssignableFrom(raw)
        || isStream(raw)) {
      return channel(type, raw);
    } else if (type.isReferenceType()) {
      return optional(schema(type.getReferencedType()));
    } else if (type.isMapLikeType()) {
      return Map.of("type", "object", "additionalProperties", schema(type.getContentType()));
    } else if (type.isCollectionLikeType() || type.isArrayType()) {
      return list(type, raw);
    } else if (raw.isEnum()) {
      return Map.of(
          "title",
          raw.getSimpleName(),
          "type",
          "string",
          "enum",
          Arrays.stream(raw.getEnumConstants()).map(each -> ((Enum<?>) each).name()).toList());
    } else if (raw.getName().startsWith("java.")) {
      return Map.of("title", Conversion.nameOf(type));
    }
    return described(type, raw);
  }

  private static boolean isStream(Class<?> raw) {
    return java.util.stream.BaseStream.class.isAssignableFrom(raw)
        || java.util.Iterator.class.isAssignableFrom(raw);
  }

  /** What may be left out may be null as well; a channel has no form in JSON either way. */
  private static Map<String, Object> optional(Map<String, Object> schema) {
    return schema.isEmpty() || schema.containsKey("x-channel")
        ? schema
        : Map.of("anyOf", List.of(schema, NULL));
  }

  /** The schema of a value that is there, of one that may be null. */
  static Map<?, ?> present(Map<?, ?> schema) {
    return schema.get("anyOf") instanceof List<?> either
            && either.size() == 2
            && either.getLast().equals(NULL)
            && either.getFirst() instanceof Map<?, ?> present
        ? present
        : schema;
  }

  private Map<String, Object> channel(JavaType type, Class<?> raw) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("title", Conversion.nameOf(type));
    schema.put(
        "x-channel",
        Channel.class.isAssignableFrom(raw) || isStream(raw)
            ? "whole"
            : ReadPort.class.isAssignableFrom(raw) ? "take" : "put");
    JavaType values = type.containedTypeCount() == 1 ? type.containedType(0) : null;
    if (values != null && !values.hasRawClass(Request.class)) {
      schema.put("x-values", schema(values));
    }
    return schema;
  }

  private Map<String, Object> list(JavaType type, Class<?> raw) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "array");
    schema.put("items", schema(type.getContentType()));
    if (Set.class.isAssignableFrom(raw)) {
      schema.put("uniqueItems", true);
    }
    return schema;
  }

  private Map<String, Object> described(JavaType type, Class<?> raw) {
    if (named.contains(type)) {
      return reference(type);
    }
    if (within.contains(type)) {
      anchored.add(type);
      return reference(type);
    }
    within.add(type);
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("title", Conversion.nameOf(type));
    if (SealedTypes.isSealed(raw)) {
      schema.put(
          "oneOf", SealedTypes.variants(raw).stream().map(each -> variant(each, type)).toList());
    } else if (type.isAbstract()) {
      schema.put("type", "object"); // with whatever its subtypes have
    } else {
      schema.put("type", "object");
      fields(type, schema, null);
    }
    within.removeLast();
    if (anchored.remove(type)) {
      schema.put("$anchor", anchor(type));
      named.add(type);
    }
    return schema;
  }

  private Map<String, Object> reference(JavaType type) {
    return Map.of("$ref", "#" + anchor(type));
  }

  private String anchor(JavaType type) {
    return anchors.computeIfAbsent(
        type, _ -> free(Conversion.nameOf(type).replaceAll("[^A-Za-z0-9]+", "_")));
  }

  private String free(String name) {
    String free = name;
    for (int i = 2; anchors.containsValue(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  private static boolean isNullable(Class<?> type, String component) {
    return type.isRecord()
        && Arrays.stream(type.getRecordComponents())
            .anyMatch(
                each -> each.getName().equals(component) && isNullable(each.getAnnotatedType()));
  }

  private Map<String, Object> variant(Class<?> variant, JavaType sealed) {
    JavaType type = SealedTypes.typeOf(variant, sealed, DataMapper.MAPPER.getTypeFactory());
    if (variant.isEnum()) {
      return schema(type);
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("title", variant.getSimpleName());
    schema.put("type", "object");
    fields(type, schema, variant.getSimpleName());
    return schema;
  }

  private void fields(JavaType type, Map<String, Object> schema, @Nullable String variant) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    if (variant != null) {
      properties.put(SealedTypes.TYPE, Map.of("const", variant));
    }
    for (BeanPropertyDefinition property :
        DataMapper.MAPPER.getDeserializationConfig().introspect(type).findProperties()) {
      AnnotatedMember member = property.getPrimaryMember();
      if (member != null) {
        Map<String, Object> value = schema(property.getPrimaryType());
        properties.put(
            property.getName(),
            isNullable(type.getRawClass(), property.getInternalName()) ? optional(value) : value);
        if (property.isRequired() || property.getPrimaryType().isPrimitive()) {
          required.add(property.getName());
        }
      }
    }
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
  }
}
