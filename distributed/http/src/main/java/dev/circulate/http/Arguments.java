package dev.circulate.http;

import dev.circulate.service.CallError;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the arguments of a request: from its body, or from its query. */
final class Arguments {
  private Arguments() {}

  /** The arguments of a POST: a JSON object, or nothing at all. */
  static Map<?, ?> ofBody(Exchange exchange, BodyReader reader)
      throws IOException, InterruptedException {
    byte[] body = reader.read(exchange.request());
    if (body.length == 0) {
      return Map.of();
    }
    requireJson(exchange);
    Map<?, ?> arguments = Json.object(body);
    requireArguments(arguments);
    return arguments;
  }

  /**
   * The arguments of a GET. A query is text, so the command's own documentation says what becomes
   * of it: text for a {@code String}; else JSON, and what is not JSON is text. A name that comes
   * several times is a list, and so is one JSON array.
   */
  static Map<?, ?> ofQuery(Exchange exchange, Commands.Command command) {
    Map<String, List<String>> query = exchange.query();
    requireArguments(query);
    Commands.Form form = command.formFor(query.keySet());
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    query.forEach((name, texts) -> arguments.put(name, value(texts, parameter(name, form))));
    return arguments;
  }

  /** What a form says of an argument: nothing of one that it does not name. */
  private static Commands.Parameter parameter(String name, Commands.@Nullable Form form) {
    List<Commands.Parameter> known = form == null ? List.of() : form.parameters();
    return known.stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElse(new Commands.Parameter(name, "", Map.of(), false, null));
  }

  private static @Nullable Object value(List<String> texts, Commands.Parameter parameter) {
    JavaType java = JavaType.parse(parameter.type()).present();
    if (java.isList() || "array".equals(parameter.schema().get("type"))) {
      List<?> array = texts.size() == 1 ? array(texts.getFirst(), java.element()) : null;
      return array != null
          ? array
          : texts.stream().map(text -> value(text, java.element())).toList();
    }
    return texts.size() == 1
        ? value(texts.getFirst(), java)
        : texts.stream().map(Json::valueOrText).toList();
  }

  /** The list that a text is as JSON; null if it is none, or not one of such elements. */
  private static @Nullable List<?> array(String text, JavaType element) {
    return Json.valueOrText(text) instanceof List<?> list
            && (!element.isText() || list.stream().allMatch(each -> each instanceof String))
        ? list
        : null;
  }

  private static @Nullable Object value(String text, JavaType type) {
    return type.isText() ? text : Json.valueOrText(text);
  }

  private static void requireJson(Exchange exchange) {
    String type = exchange.mediaType();
    if (!type.equals("application/json")) {
      throw new ProblemException(Problem.unsupportedMediaType(type.isEmpty() ? "nothing" : type));
    }
    String encoding = exchange.header("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
          Problem.unsupportedMediaType("JSON under the encoding '" + encoding + "'"));
    }
  }

  private static void requireArguments(Map<?, ?> arguments) {
    for (Object name : arguments.keySet()) {
      if (String.valueOf(name).startsWith("_")) {
        throw new ProblemException(
            Problem.of(
                new CallError.InvalidArgument(
                    "argument '"
                        + name
                        + "': names that begin with an underscore are the library's")));
      }
    }
  }
}
