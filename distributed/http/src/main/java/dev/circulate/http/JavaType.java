package dev.circulate.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A type as a service's documentation writes it, {@code Map<String, List<int[]>>}, and what it is
 * in JSON.
 *
 * @param name without packages and arguments; {@code []} for an array
 * @param arguments its type arguments, or the type of an array's elements
 */
record JavaType(String name, List<JavaType> arguments) {
  /** How far types are read inside one another: the text may be a far service's. */
  private static final int DEPTH = 100;

  private static final Set<String> TEXTS =
      Set.of("String", "CharSequence", "char", "Character", "UUID", "URI");
  private static final Set<String> LISTS = Set.of("List", "Collection", "Iterable", "Set", "[]");
  private static final Set<String> STREAMS = Set.of("Channel", "ReadPort");
  private static final Map<String, Map<String, Object>> SIMPLE =
      Map.ofEntries(
          Map.entry("int", Map.of("type", "integer", "format", "int32")),
          Map.entry("long", Map.of("type", "integer", "format", "int64")),
          Map.entry("short", Map.of("type", "integer")),
          Map.entry("byte", Map.of("type", "integer")),
          Map.entry("BigInteger", Map.of("type", "integer")),
          Map.entry("float", Map.of("type", "number", "format", "float")),
          Map.entry("double", Map.of("type", "number", "format", "double")),
          Map.entry("BigDecimal", Map.of("type", "number")),
          Map.entry("Number", Map.of("type", "number")),
          Map.entry("boolean", Map.of("type", "boolean")),
          Map.entry("void", Map.of("type", "null")),
          Map.entry("Duration", Map.of("type", "string", "format", "duration")),
          Map.entry("Instant", Map.of("type", "string", "format", "date-time")),
          Map.entry("OffsetDateTime", Map.of("type", "string", "format", "date-time")),
          Map.entry("LocalDate", Map.of("type", "string", "format", "date")),
          Map.entry("UUID", Map.of("type", "string", "format", "uuid")),
          Map.entry("URI", Map.of("type", "string", "format", "uri")));
  private static final Map<String, String> BOXES =
      Map.of(
          "Integer", "int",
          "Long", "long",
          "Short", "short",
          "Byte", "byte",
          "Float", "float",
          "Double", "double",
          "Boolean", "boolean",
          "Void", "void");

  /** Reads a type; what cannot be read, or is nested too deeply, is a type of that name. */
  static JavaType parse(String text) {
    return parse(text, DEPTH);
  }

  private static JavaType parse(String text, int depth) {
    String stripped = text.strip();
    if (depth == 0) {
      return named(stripped);
    }
    if (stripped.endsWith("[]")) {
      String element = stripped.substring(0, stripped.length() - 2);
      return new JavaType("[]", List.of(parse(element, depth - 1)));
    }
    if (stripped.startsWith("? extends ")) {
      return parse(stripped.substring("? extends ".length()), depth - 1);
    }
    int open = stripped.indexOf('<');
    if (open < 0 || !stripped.endsWith(">")) {
      return named(stripped);
    }
    return new JavaType(
        stripped.substring(0, open),
        arguments(stripped.substring(open + 1, stripped.length() - 1), depth - 1));
  }

  private static JavaType named(String name) {
    return new JavaType(BOXES.getOrDefault(name, name), List.of());
  }

  private static List<JavaType> arguments(String text, int depth) {
    List<JavaType> arguments = new ArrayList<>();
    int open = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '<' -> open++;
        case '>' -> open--;
        case ',' -> {
          if (open == 0) {
            arguments.add(parse(text.substring(start, i), depth));
            start = i + 1;
          }
        }
        default -> {}
      }
    }
    arguments.add(parse(text.substring(start), depth));
    return List.copyOf(arguments);
  }

  boolean isText() {
    return TEXTS.contains(name) || isBytes();
  }

  /** Whether a default of it is the text itself, and not JSON. */
  boolean isString() {
    return name.equals("String");
  }

  boolean isList() {
    return LISTS.contains(name) && !isBytes();
  }

  /** Whether it is an array of bytes, which is a text in JSON. */
  private boolean isBytes() {
    return name.equals("[]") && element().name.equals("byte");
  }

  /** Whether it is a channel that gives values: a stream, when it is what a command answers. */
  boolean isStream() {
    return STREAMS.contains(name);
  }

  /** Whether JSON cannot carry it: there is a channel in it. */
  boolean hasChannel() {
    return isStream()
        || name.equals("WritePort")
        || arguments.stream().anyMatch(JavaType::hasChannel);
  }

  /** The type of what it is made of: elements, or values. */
  JavaType element() {
    return arguments.isEmpty() ? new JavaType("Object", List.of()) : arguments.getLast();
  }

  /** The type without its being optional. */
  JavaType present() {
    return name.equals("Optional") ? element() : this;
  }

  /** Its JSON Schema. A type that is nobody's but the service's is anything, under its name. */
  Map<String, Object> schema() {
    Map<String, Object> simple = SIMPLE.get(name);
    if (simple != null) {
      return simple;
    }
    if (isBytes()) {
      return Map.of("type", "string", "contentEncoding", "base64");
    }
    if (isText()) {
      return Map.of("type", "string");
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    if (name.equals("Optional")) {
      schema.put("anyOf", List.of(element().schema(), Map.of("type", "null")));
    } else if (isList()) {
      schema.put("type", "array");
      schema.put("items", element().schema());
    } else if (name.equals("Map")) {
      schema.put("type", "object");
      schema.put("additionalProperties", element().schema());
    } else if (!name.equals("Object") && !name.isEmpty()) {
      schema.put("title", name);
    }
    return schema;
  }
}
