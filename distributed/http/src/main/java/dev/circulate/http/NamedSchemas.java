package dev.circulate.http;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of types that contain themselves. Services refer to such a type by an anchor; in one
 * document the schemas of many commands meet, and an anchor may be there only once, so these stand
 * under a name each among the document's components.
 */
final class NamedSchemas {
  private static final String ANCHOR = "$anchor";
  private static final String REFERENCE = "$ref";

  /** What was placed, by its name. */
  private final Map<String, Object> byName = new LinkedHashMap<>();

  /** Which name each has, by what its service says of it. */
  private final Map<Map<?, ?>, String> names = new HashMap<>();

  /** Adds a schema of the document's own. */
  void add(String name, Map<String, Object> schema) {
    byName.put(name, schema);
  }

  /** A reference to what has a name. */
  static Map<String, Object> reference(String name) {
    return Map.of(REFERENCE, "#/components/schemas/" + name);
  }

  /** What was added and placed, by name. */
  Map<String, Object> byName() {
    return byName;
  }

  /** A schema as it can stand anywhere in the document. */
  @SuppressWarnings("unchecked") // a map is copied as a map
  Map<String, Object> place(Map<String, Object> schema) {
    Map<String, String> anchors = new HashMap<>();
    findAnchors(schema, anchors);
    return (Map<String, Object>) Objects.requireNonNull(copy(schema, anchors));
  }

  private void findAnchors(@Nullable Object part, Map<String, String> anchors) {
    if (part instanceof Map<?, ?> map) {
      if (map.get(ANCHOR) instanceof String anchor) {
        anchors.put(anchor, names.computeIfAbsent(map, _ -> freeName(anchor)));
      }
      map.values().forEach(value -> findAnchors(value, anchors));
    } else if (part instanceof List<?> list) {
      list.forEach(value -> findAnchors(value, anchors));
    }
  }

  private String freeName(String anchor) {
    String name = anchor;
    for (int i = 2; byName.containsKey(name) || names.containsValue(name); i++) {
      name = anchor + "_" + i;
    }
    return name;
  }

  private @Nullable Object copy(@Nullable Object part, Map<String, String> anchors) {
    if (part instanceof List<?> list) {
      return list.stream().map(value -> copy(value, anchors)).toList();
    }
    if (!(part instanceof Map<?, ?> map)) {
      return part;
    }
    if (map.get(REFERENCE) instanceof String target && !target.startsWith("#/")) {
      String name = anchors.get(target.substring(target.indexOf('#') + 1));
      return name == null ? Map.of() : reference(name);
    }
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((name, value) -> copy.put(String.valueOf(name), copy(value, anchors)));
    if (!(copy.remove(ANCHOR) instanceof String)) {
      return copy;
    }
    String name = names.get(map);
    byName.put(String.valueOf(name), copy);
    return reference(String.valueOf(name));
  }
}
