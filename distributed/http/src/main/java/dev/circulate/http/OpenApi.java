package dev.circulate.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes what a caller can ask as an OpenAPI 3.1 document, made of what the services say of
 * themselves.
 */
final class OpenApi {
  private static final Set<String> SCALARS =
      Set.of("string", "integer", "number", "boolean", "null");

  private final String title;
  private final @Nullable String challenge;
  private final NamedSchemas schemas = new NamedSchemas();

  /** What the operations are called that are in it. */
  private final Set<String> operations = new HashSet<>();

  /**
   * A document about nothing yet.
   *
   * @param title what the whole is called
   * @param challenge how the server asks who a caller is; null if it does not
   */
  OpenApi(String title, @Nullable String challenge) {
    this.title = title;
    this.challenge = challenge;
    schemas.add("problem", problem());
  }

  Map<String, Object> document(Map<String, Commands> services) {
    Map<String, Object> paths = new LinkedHashMap<>();
    services.forEach(
        (service, commands) ->
            commands
                .byName()
                .forEach(
                    (name, command) ->
                        paths.put(
                            "/services/" + encoded(service) + "/" + encoded(name),
                            pathItem(service, name, command))));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put(
        "info",
        Map.of("title", title, "version", "1", "description", "Commands of services, as JSON."));
    document.put("servers", List.of(Map.of("url", "/")));
    document.put(
        "tags", services.keySet().stream().map(service -> Map.of("name", service)).toList());
    document.put("paths", paths);
    document.put("components", components());
    String scheme = scheme();
    if (scheme != null) {
      document.put("security", List.of(Map.of(scheme, List.of())));
    }
    return document;
  }

  /** In a path that stands in a document, braces would be a parameter. */
  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Map<String, Object> pathItem(String service, String name, Commands.Command command) {
    Map<String, Object> item = new LinkedHashMap<>();
    Map<String, Object> post = operation(service, name, command, "");
    post.put("parameters", List.of(ref("parameters", "timeout")));
    post.put("requestBody", body(command.forms()));
    item.put("post", post);
    if (command.readOnly()) {
      Map<String, Object> get = operation(service, name, command, ".get");
      get.put("parameters", query(command.forms()));
      item.put("get", get);
    }
    return item;
  }

  private Map<String, Object> operation(
      String service, String name, Commands.Command command, String suffix) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("operationId", free(service + "." + name + suffix));
    operation.put("tags", List.of(service));
    if (!command.doc().isEmpty()) {
      operation.put("summary", command.doc().lines().findFirst().orElse(""));
      operation.put("description", command.doc());
    }
    Map<String, Object> responses = new LinkedHashMap<>();
    responses.put("200", answer(command.forms()));
    responses.put("default", ref("responses", "problem"));
    operation.put("responses", responses);
    return operation;
  }

  /** Names may have dots in them, so that two operations could be called alike. */
  private String free(String id) {
    String free = id;
    for (int i = 2; !operations.add(free); i++) {
      free = id + "_" + i;
    }
    return free;
  }

  // ---- arguments

  private Map<String, Object> body(List<Commands.Form> forms) {
    List<Map<String, Object>> either = forms.stream().map(this::arguments).distinct().toList();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("required", forms.stream().allMatch(OpenApi::needsArguments));
    body.put("content", Map.of("application/json", Map.of("schema", anyOf(either))));
    return body;
  }

  private static boolean needsArguments(Commands.Form form) {
    return form.parameters().stream().anyMatch(Commands.Parameter::required);
  }

  private Map<String, Object> arguments(Commands.Form form) {
    Map<String, Object> properties = new LinkedHashMap<>();
    form.parameters().forEach(parameter -> properties.put(parameter.name(), schema(parameter)));
    List<String> required =
        form.parameters().stream()
            .filter(Commands.Parameter::required)
            .map(Commands.Parameter::name)
            .toList();
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", form.open());
    return schema;
  }

  private Map<String, Object> schema(Commands.Parameter parameter) {
    Map<String, Object> schema = schemas.place(parameter.jsonType().schema());
    String fallback = parameter.fallback();
    if (fallback == null) {
      return schema;
    }
    Map<String, Object> optional = new LinkedHashMap<>(schema);
    boolean isText = JavaType.parse(parameter.type()).isString();
    optional.put("default", isText ? fallback : Json.valueOrText(fallback));
    return optional;
  }

  private List<Object> query(List<Commands.Form> forms) {
    Set<String> names = new LinkedHashSet<>();
    forms.forEach(form -> form.parameters().forEach(parameter -> names.add(parameter.name())));
    List<Object> parameters = new ArrayList<>();
    for (String name : names) {
      List<Commands.Parameter> same =
          forms.stream()
              .flatMap(form -> form.parameters().stream())
              .filter(parameter -> parameter.name().equals(name))
              .toList();
      Map<String, Object> parameter = new LinkedHashMap<>();
      parameter.put("name", name);
      parameter.put("in", "query");
      parameter.put(
          "required",
          same.size() == forms.size() && same.stream().allMatch(Commands.Parameter::required));
      parameter.putAll(form(anyOf(same.stream().map(this::schema).distinct().toList())));
      parameters.add(parameter);
    }
    parameters.add(ref("parameters", "timeout"));
    return parameters;
  }

  /** What stands in a query as it is, or several times; or else as JSON. */
  private static Map<String, Object> form(Map<String, Object> schema) {
    Object items = schema.getOrDefault("items", Map.of());
    boolean isPlain = isScalar(schema) || ("array".equals(schema.get("type")) && isScalar(items));
    return isPlain
        ? Map.of("schema", schema)
        : Map.of("content", Map.of("application/json", Map.of("schema", schema)));
  }

  private static boolean isScalar(Object schema) {
    return schema instanceof Map<?, ?> map
        && (map.get("anyOf") instanceof List<?> either
            ? either.stream().allMatch(OpenApi::isScalar)
            : SCALARS.contains(String.valueOf(map.get("type"))));
  }

  // ---- answers

  private Map<String, Object> answer(List<Commands.Form> forms) {
    List<JsonType> results = forms.stream().map(Commands.Form::jsonResult).toList();
    Map<String, Object> schema =
        anyOf(results.stream().map(JsonType::schema).map(schemas::place).distinct().toList());
    Map<String, Object> content = new LinkedHashMap<>();
    if (!results.stream().allMatch(JsonType::isStream)) {
      content.put(Form.JSON.mediaType(), Map.of("schema", schema));
    }
    Map<String, Object> each = new LinkedHashMap<>(schema);
    each.put("description", "Each line, or the data of each event, is one value.");
    content.put(Form.LINES.mediaType(), Map.of("schema", each));
    content.put(Form.EVENTS.mediaType(), Map.of("schema", each));
    return Map.of("description", "The answer.", "content", content);
  }

  private static Map<String, Object> anyOf(List<Map<String, Object>> schemas) {
    return schemas.size() == 1 ? schemas.getFirst() : Map.of("anyOf", schemas);
  }

  // ---- what all share

  private static Map<String, Object> ref(String kind, String name) {
    return Map.of("$ref", "#/components/" + kind + "/" + name);
  }

  private Map<String, Object> components() {
    Map<String, Object> components = new LinkedHashMap<>();
    components.put("schemas", schemas.byName());
    components.put(
        "responses",
        Map.of(
            "problem",
            Map.of(
                "description",
                "Why there is no answer (RFC 9457).",
                "content",
                Map.of(Problem.MEDIA_TYPE, Map.of("schema", NamedSchemas.reference("problem"))))));
    components.put("parameters", Map.of("timeout", timeout()));
    String scheme = scheme();
    if (scheme != null) {
      components.put("securitySchemes", Map.of(scheme, Map.of("type", "http", "scheme", scheme)));
    }
    return components;
  }

  private static Map<String, Object> timeout() {
    Map<String, Object> timeout = new LinkedHashMap<>();
    timeout.put("name", Gateway.TIMEOUT);
    timeout.put("in", "header");
    timeout.put("description", "How many seconds the caller waits for the answer.");
    timeout.put("schema", Map.of("type", "number", "exclusiveMinimum", 0));
    return timeout;
  }

  private static Map<String, Object> problem() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("type", Map.of("type", "string", "format", "uri"));
    properties.put("title", Map.of("type", "string"));
    properties.put("status", Map.of("type", "integer"));
    properties.put("detail", Map.of("type", "string"));
    properties.put("code", Map.of("type", "string"));
    return Map.of(
        "type",
        "object",
        "properties",
        properties,
        "required",
        List.of("type", "title", "status", "detail", "code"));
  }

  /** What the authentication is called, where OpenAPI has a word for it. */
  private @Nullable String scheme() {
    if (challenge == null) {
      return null;
    }
    String scheme = challenge.split("[ ,]", 2)[0].toLowerCase(java.util.Locale.ROOT);
    return scheme.isEmpty() ? null : scheme;
  }
}
