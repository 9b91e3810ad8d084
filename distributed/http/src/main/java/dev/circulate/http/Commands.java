package dev.circulate.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a service says of its commands, as {@code _commands} answers it: read with care, since
 * whoever stands behind a channel may answer what it likes.
 *
 * @param byName the commands, in order
 */
record Commands(Map<String, Command> byName) {
  /**
   * A command.
   *
   * @param doc what it does; may be empty
   * @param readOnly whether a GET may ask it
   * @param localOnly whether who asks over HTTP is refused
   * @param forms how it can be called
   */
  record Command(String doc, boolean readOnly, boolean localOnly, List<Form> forms) {
    private Command speakable() {
      return new Command(doc, readOnly, localOnly, forms.stream().filter(Form::fitsJson).toList());
    }

    /** Whether it answers a stream, in whatever form it is called. */
    boolean isStream() {
      return !forms.isEmpty() && forms.stream().allMatch(form -> form.jsonResult().isStream());
    }

    /** The form that a service would choose for arguments of these names; null if there is none. */
    @Nullable Form formFor(java.util.Set<String> given) {
      Form chosen = null;
      for (Form form : forms.reversed()) { // as it looks at them, and tells them the other way
        if (form.takes(given)
            && (chosen == null || form.parameters.size() > chosen.parameters.size())) {
          chosen = form;
        }
      }
      return chosen;
    }
  }

  /**
   * One of the forms of a command.
   *
   * @param parameters what it takes
   * @param open whether it takes any other argument, too
   * @param returns the type of its answer, as Java writes it
   * @param result the JSON Schema of its answer; empty if nothing is said of that
   */
  record Form(List<Parameter> parameters, boolean open, String returns, Map<?, ?> result) {
    private boolean fitsJson() {
      return parameters.stream()
              .map(Parameter::jsonType)
              .allMatch(type -> type.isSpeakable() && !type.isStream())
          && jsonResult().isSpeakable();
    }

    /** What its answer is in JSON. */
    JsonType jsonResult() {
      return JsonType.of(result, returns);
    }

    private boolean takes(java.util.Set<String> given) {
      return (open || parameters.stream().map(Parameter::name).toList().containsAll(given))
          && parameters.stream().allMatch(p -> !p.required || given.contains(p.name));
    }
  }

  /**
   * A parameter.
   *
   * @param type as Java writes it
   * @param schema its JSON Schema; empty if nothing is said of that
   * @param fallback what it is when it is not given; null if nothing is said of that
   */
  record Parameter(
      String name, String type, Map<?, ?> schema, boolean required, @Nullable String fallback) {
    /** What it is in JSON. */
    JsonType jsonType() {
      return JsonType.of(schema, type);
    }
  }

  /** What every service answers beside its own commands. */
  private static final Map<String, Command> EVERYWHERE =
      Map.of(
          "_commands", everywhere("What the service can be asked.", "Map<String, Object>"),
          "_ping", everywhere("Answers pong.", "String"),
          "_stats", everywhere("How often it was asked.", "Map<String, Object>"),
          "_health", everywhere("Whether it is up.", "Map<String, Object>"));

  private static Command everywhere(String doc, String returns) {
    return new Command(doc, true, false, List.of(new Form(List.of(), false, returns, Map.of())));
  }

  static Commands of(@Nullable Object data) {
    Map<String, Command> byName = new LinkedHashMap<>();
    map(data)
        .forEach(
            (name, value) -> {
              Map<?, ?> entry = map(value);
              byName.put(
                  String.valueOf(name),
                  new Command(
                      text(entry.get("doc")),
                      Boolean.TRUE.equals(entry.get("read-only")),
                      Boolean.TRUE.equals(entry.get("local-only")),
                      list(entry.get("forms")).stream().map(form -> form(map(form))).toList()));
            });
    return new Commands(byName);
  }

  private static Form form(Map<?, ?> data) {
    List<Parameter> parameters = new ArrayList<>();
    for (Object item : list(data.get("parameters"))) {
      Map<?, ?> parameter = map(item);
      Object fallback = parameter.get("default");
      parameters.add(
          new Parameter(
              text(parameter.get("name")),
              text(parameter.get("type")),
              map(parameter.get("schema")),
              Boolean.TRUE.equals(parameter.get("required")),
              fallback == null ? null : String.valueOf(fallback)));
    }
    return new Form(
        List.copyOf(parameters),
        Boolean.TRUE.equals(data.get("open")),
        text(data.get("returns")),
        map(data.get("result")));
  }

  /** The command of a name, those of every service included; null if there is none. */
  @Nullable Command get(String name) {
    Command own = byName.get(name);
    return own == null ? EVERYWHERE.get(name) : own;
  }

  /**
   * Those that can be asked over HTTP: not what is for local callers, nor the forms with a channel
   * among their arguments or inside their answer, which JSON cannot carry.
   */
  Commands callable() {
    Map<String, Command> callable = new LinkedHashMap<>();
    byName.forEach(
        (name, command) -> {
          Command speakable = command.speakable();
          if (!command.localOnly && !speakable.forms.isEmpty()) {
            callable.put(name, speakable);
          }
        });
    return new Commands(callable);
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : String.valueOf(value);
  }
}
