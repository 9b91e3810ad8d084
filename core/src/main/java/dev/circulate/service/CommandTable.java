package dev.circulate.service;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The commands of a service: which method answers which request. */
final class CommandTable implements Receiver.Responder {
  private static final Comparator<CommandMethod> MOST_ARGUMENTS_FIRST =
      Comparator.comparingInt((CommandMethod method) -> method.names().size()).reversed();

  private final String service;
  private final Map<String, List<CommandMethod>> commands;

  /** Whether any command has a timeout, for which each request is to be looked at twice. */
  private final boolean timed;

  private CommandTable(String service, Map<String, List<CommandMethod>> commands) {
    this.service = service;
    this.commands = commands;
    this.timed =
        commands.values().stream().flatMap(List::stream).anyMatch(one -> one.timeout() != null);
  }

  /**
   * Finds the commands of an object, or the static ones of a class, inherited ones included.
   *
   * @throws IllegalArgumentException if there is none, or one cannot be a command
   */
  static CommandTable of(String service, Class<?> type, @Nullable Object target) {
    Map<String, List<CommandMethod>> commands = new TreeMap<>();
    MemberTypes types = new MemberTypes(type);
    for (Method method : annotated(type, types)) {
      CommandMethod command = CommandMethod.of(method, types, target);
      if (command.command().startsWith("_")) {
        throw new IllegalArgumentException(
            "command '"
                + command.command()
                + "': names that begin with an underscore are the library's");
      }
      List<CommandMethod> overloads =
          commands.computeIfAbsent(command.command(), _ -> new ArrayList<>());
      for (CommandMethod other : overloads) {
        if (other.names().equals(command.names())) {
          throw new IllegalArgumentException(
              type.getSimpleName()
                  + " has two commands '"
                  + command.command()
                  + "' with arguments of the same names: "
                  + other
                  + " and "
                  + command);
        }
      }
      overloads.add(command);
    }
    if (commands.isEmpty()) {
      throw new IllegalArgumentException(type.getName() + " has no method with @Command");
    }
    commands.values().forEach(overloads -> overloads.sort(MOST_ARGUMENTS_FIRST));
    return new CommandTable(service, commands);
  }

  /**
   * The annotated methods of a class, of what it extends and of what it implements; an overridden
   * one counts once.
   */
  private static List<Method> annotated(Class<?> type, MemberTypes types) {
    List<Method> methods = new ArrayList<>();
    Set<List<Object>> signatures = new HashSet<>();
    for (Class<?> at : lineage(type)) {
      Method[] declared = at.getDeclaredMethods();
      Arrays.sort(declared, Comparator.comparing(Method::toString));
      for (Method method : declared) {
        if (method.isAnnotationPresent(Command.class)
            && !method.isBridge()
            && signatures.add(List.of(method.getName(), types.erased(method)))) {
          methods.add(method);
        }
      }
    }
    return methods;
  }

  /** Classes before what they extend, and all of those before interfaces. */
  private static Set<Class<?>> lineage(Class<?> type) {
    Set<Class<?>> classes = new LinkedHashSet<>();
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      classes.add(at);
    }
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    classes.forEach(each -> addInterfaces(each, interfaces));
    classes.addAll(interfaces);
    return classes;
  }

  private static void addInterfaces(Class<?> type, Set<Class<?>> interfaces) {
    for (Class<?> each : type.getInterfaces()) {
      interfaces.add(each);
      addInterfaces(each, interfaces);
    }
  }

  @Override
  public @Nullable CommandTimeout timeout(Request request) {
    CommandMethod chosen = timed ? choose(request) : null;
    return chosen == null ? null : chosen.timeout();
  }

  /** The method for the command and the arguments of a request; null if there is none. */
  private @Nullable CommandMethod choose(Request request) {
    String name = request.command();
    List<CommandMethod> overloads = name == null ? null : commands.get(name);
    if (overloads == null) {
      return null;
    }
    Map<String, @Nullable Object> message = request.message();
    int given = Request.arguments(message);
    for (CommandMethod overload : overloads) {
      if (overload.takes(message, given)) {
        return overload;
      }
    }
    return null;
  }

  @Override
  public @Nullable Object respond(Request request) throws Exception {
    CommandMethod chosen = choose(request);
    if (chosen != null) {
      return chosen.call(request.message());
    }
    String name = request.command();
    List<CommandMethod> overloads = name == null ? null : commands.get(name);
    if (overloads == null) {
      throw new CallException(unknown(request));
    }
    throw new CallException(
        new CallError.InvalidArgument(
            "'"
                + name
                + "' takes "
                + forms(overloads)
                + ", but came with "
                + came(request.arguments())));
  }

  private static String forms(List<CommandMethod> overloads) {
    return overloads.stream().map(CommandMethod::toString).collect(Collectors.joining(" or "));
  }

  private static String came(Map<String, @Nullable Object> given) {
    return given.isEmpty() ? "no argument" : String.join(", ", given.keySet());
  }

  private CallError unknown(Request request) {
    String command = request.command();
    return new CallError.UnknownCommand(
        command == null
            ? service
                + " was sent no command: expected a name under _cmd, but came "
                + Texts.describe(request.message().get(Request.COMMAND))
            : service
                + " has no command '"
                + command
                + "', only "
                + String.join(", ", commands.keySet()));
  }

  /** Typed documentation as plain data: by command name, its doc text and its forms. */
  Map<String, Object> docs() {
    Map<String, Object> docs = new LinkedHashMap<>();
    commands.forEach(
        (name, overloads) -> {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put(
              "doc",
              overloads.stream()
                  .map(CommandMethod::doc)
                  .filter(doc -> !doc.isEmpty())
                  .distinct()
                  .collect(Collectors.joining("\n")));
          entry.put("read-only", overloads.stream().allMatch(CommandMethod::readOnly));
          entry.put("forms", overloads.reversed().stream().map(CommandTable::form).toList());
          docs.put(name, entry);
        });
    return docs;
  }

  private static Map<String, Object> form(CommandMethod overload) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("parameters", overload.arguments().stream().map(CommandTable::parameter).toList());
    form.put("returns", Conversion.nameOf(overload.returns()));
    form.put("result", overload.resultSchema());
    putIfSaid(form, "since", overload.since());
    if (overload.isDeprecated()) {
      form.put("deprecated", overload.deprecated());
    }
    CommandTimeout timeout = overload.timeout();
    if (timeout != null) {
      form.put("timeout", timeout.limit().toString());
    }
    return form;
  }

  private static Map<String, Object> parameter(CommandMethod.Argument argument) {
    Map<String, Object> parameter = new LinkedHashMap<>();
    parameter.put("name", argument.name());
    parameter.put("type", argument.conversion().toString());
    parameter.put("schema", argument.schema());
    parameter.put("required", argument.required());
    if (argument.fallbackText() != null) {
      parameter.put("default", Objects.requireNonNull(argument.fallbackText()));
    }
    putIfSaid(parameter, "doc", argument.doc());
    return parameter;
  }

  private static void putIfSaid(Map<String, Object> data, String name, String text) {
    if (!text.isEmpty()) {
      data.put(name, text);
    }
  }
}
