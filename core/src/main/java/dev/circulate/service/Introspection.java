package dev.circulate.service;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What every service and root answers beside its own commands: {@code _commands}, {@code _ping} and
 * so on.
 */
record Introspection(Supplier<Map<String, Object>> docs, Stats stats, Receiver.Responder commands)
    implements Receiver.Responder {

  @Override
  public @Nullable Object respond(Request request) throws Exception {
    return switch (request.command()) {
      case "_commands" -> docs.get();
      case "_ping" -> "pong";
      case "_stats" -> stats.toData();
      case "_health" -> Map.of("status", "up");
      case null, default -> commands.respond(request);
    };
  }

  /** The answer to {@code _commands}, for a person. */
  static String text(Map<?, ?> docs) {
    StringBuilder text = new StringBuilder();
    docs.forEach(
        (name, entry) -> {
          Map<?, ?> command = map(entry);
          for (Object form : list(command.get("forms"))) {
            text.append(name).append(signature(map(form))).append('\n');
          }
          Object doc = command.get("doc");
          if (doc instanceof String words && !words.isEmpty()) {
            words.lines().forEach(line -> text.append("    ").append(line).append('\n'));
          }
        });
    return text.toString();
  }

  private static String signature(Map<?, ?> form) {
    return list(form.get("parameters")).stream()
            .map(parameter -> parameter(map(parameter)))
            .collect(Collectors.joining(", ", "(", ")"))
        + " returns "
        + form.get("returns");
  }

  private static String parameter(Map<?, ?> parameter) {
    String typed = parameter.get("name") + ": " + parameter.get("type");
    if (parameter.get("default") != null) {
      return typed + " = " + parameter.get("default");
    }
    return Boolean.FALSE.equals(parameter.get("required")) ? typed + " (optional)" : typed;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
