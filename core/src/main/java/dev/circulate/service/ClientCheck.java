package dev.circulate.service;

import dev.circulate.WritePort;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the methods of an interface with what a service says of its commands. */
final class ClientCheck {
  /** How a client asks for that, with its interceptors: the service may want a token for it. */
  interface Commands {
    @Command("_commands")
    Map<String, Object> commands() throws InterruptedException;
  }

  private ClientCheck() {}

  /**
   * Does so.
   *
   * @throws IllegalArgumentException if a method fits no command
   */
  static void check(
      Class<?> type, WritePort<Request> service, Duration limit, List<Interceptor> interceptors)
      throws InterruptedException {
    Map<String, Object> docs =
        TypedClient.of(service, Commands.class, limit, interceptors).commands();
    List<String> differences = new ArrayList<>();
    MemberTypes types = new MemberTypes(type);
    Method[] methods = type.getMethods();
    Arrays.sort(methods, Comparator.comparing(Method::toString));
    for (Method method : methods) {
      if (TypedClient.isRequest(method)) {
        String difference = difference(method, types, docs);
        if (difference != null) {
          differences.add(type.getSimpleName() + "." + method.getName() + ": " + difference);
        }
      }
    }
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          type.getSimpleName()
              + " does not fit "
              + service
              + ":\n  "
              + String.join("\n  ", differences));
    }
  }

  private static @Nullable String difference(
      Method method, MemberTypes types, Map<String, Object> docs) {
    String command = TypedClient.command(method);
    if (Introspection.has(command)) {
      return null;
    }
    if (!(docs.get(command) instanceof Map<?, ?> entry)
        || !(entry.get("forms") instanceof List<?> forms)) {
      return "there is no command '" + command + "', only " + String.join(", ", docs.keySet());
    }
    Map<String, Type> given = new LinkedHashMap<>();
    Arrays.stream(method.getParameters())
        .forEach(
            parameter ->
                given.put(TypedClient.name(method, parameter), types.parameter(method, parameter)));
    for (Object each : forms) {
      if (each instanceof Map<?, ?> form && takes(form, given)) {
        return difference(types.result(method), form, given);
      }
    }
    return "'"
        + command
        + "' takes "
        + forms.stream().map(ClientCheck::written).collect(Collectors.joining(" or "))
        + ", but is given ("
        + String.join(", ", given.keySet())
        + ")";
  }

  private static boolean takes(Map<?, ?> form, Map<String, Type> given) {
    List<Map<?, ?>> parameters = parameters(form);
    return (Boolean.TRUE.equals(form.get("open"))
            || given.keySet().stream()
                .allMatch(
                    name -> parameters.stream().anyMatch(each -> name.equals(each.get("name")))))
        && parameters.stream()
            .allMatch(
                each ->
                    !Boolean.TRUE.equals(each.get("required"))
                        || given.containsKey(String.valueOf(each.get("name"))));
  }

  private static @Nullable String difference(Type result, Map<?, ?> form, Map<String, Type> given) {
    for (Map<?, ?> parameter : parameters(form)) {
      Type type = given.get(String.valueOf(parameter.get("name")));
      Object schema = parameter.get("schema");
      if (type != null && schema != null) {
        String difference =
            SchemaMatch.difference(
                "argument '" + parameter.get("name") + "'", Schemas.of(type), schema);
        if (difference != null) {
          return difference;
        }
      }
    }
    Object schema = form.get("result");
    return schema == null || Conversion.to(result).isToNothing()
        ? null
        : SchemaMatch.difference("the answer", schema, Schemas.of(result));
  }

  private static List<Map<?, ?>> parameters(Map<?, ?> form) {
    List<Map<?, ?>> parameters = new ArrayList<>();
    for (Object each : form.get("parameters") instanceof List<?> list ? list : List.of()) {
      if (each instanceof Map<?, ?> parameter) {
        parameters.add(parameter);
      }
    }
    return parameters;
  }

  private static String written(@Nullable Object form) {
    return form instanceof Map<?, ?> map
        ? parameters(map).stream()
            .map(each -> each.get("name") + ": " + each.get("type"))
            .collect(Collectors.joining(", ", "(", ")"))
        : String.valueOf(form);
  }
}
