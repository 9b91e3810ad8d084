package dev.circulate.service;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The answer to {@code _commands} as text for a person. */
final class DocsText {
  private static final int WIDTH = 96;

  private final StringBuilder text = new StringBuilder();

  private DocsText() {}

  static String of(Map<?, ?> docs) {
    DocsText all = new DocsText();
    docs.forEach((name, entry) -> all.command(String.valueOf(name), map(entry)));
    return all.text.toString();
  }

  private void command(String name, Map<?, ?> command) {
    List<?> forms = list(command.get("forms"));
    for (Object each : forms) {
      Map<?, ?> form = map(each);
      text.append(name).append(signature(form)).append('\n');
      form(form);
    }
    said("", command.get("doc"));
  }

  /** What is said of one form alone. */
  private void form(Map<?, ?> form) {
    for (Object parameter : list(form.get("parameters"))) {
      said(map(parameter).get("name") + ": ", map(parameter).get("doc"));
    }
    said("since ", form.get("since"));
    if (form.get("deprecated") instanceof String why) {
      said("", why.isEmpty() ? "deprecated" : "deprecated: " + why);
    }
    if (form.get("timeout") != null) {
      said("answers within ", form.get("timeout"));
    }
  }

  private void said(String what, @Nullable Object words) {
    if (words != null && !words.toString().isEmpty()) {
      (what + words).lines().forEach(this::wrapped);
    }
  }

  private void wrapped(String line) {
    StringBuilder row = new StringBuilder("   ");
    for (String word : line.split(" ", -1)) {
      if (row.length() > 4 && row.length() + word.length() >= WIDTH) {
        text.append(row).append('\n');
        row = new StringBuilder("   ");
      }
      row.append(' ').append(word);
    }
    text.append(row).append('\n');
  }

  private static String signature(Map<?, ?> form) {
    String returns = String.valueOf(form.get("returns"));
    Stream<String> others = Boolean.TRUE.equals(form.get("open")) ? Stream.of("…") : Stream.empty();
    return Stream.concat(
                list(form.get("parameters")).stream().map(each -> parameter(map(each))), others)
            .collect(Collectors.joining(", ", "(", ")"))
        + (returns.equals("void") ? "" : " returns " + returns);
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
