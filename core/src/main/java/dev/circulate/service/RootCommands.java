package dev.circulate.service;

import dev.circulate.WritePort;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The commands that every root answers by itself. */
final class RootCommands implements Receiver.Responder {
  /**
   * One of them.
   *
   * @param localOnly whether remote callers are refused
   */
  private record Entry(boolean localOnly, String doc, List<Form> forms, Receiver.Responder body) {}

  private record Form(Type returns, List<Parameter> parameters) {
    boolean takes(Set<String> given) {
      return parameters.stream()
          .map(Parameter::name)
          .collect(Collectors.toSet())
          .containsAll(given);
    }

    Map<String, Object> data() {
      return Map.of(
          "parameters",
          parameters.stream().map(Parameter::data).toList(),
          "returns",
          Conversion.nameOf(returns),
          "result",
          Schemas.of(returns));
    }

    @Override
    public String toString() {
      return parameters.stream()
          .map(Parameter::toString)
          .collect(Collectors.joining(", ", "(", ")"));
    }
  }

  private record Parameter(String name, Type type, boolean required) {
    Map<String, Object> data() {
      return Map.of(
          "name",
          name,
          "type",
          Conversion.nameOf(type),
          "schema",
          Schemas.of(type),
          "required",
          required);
    }

    @Override
    public String toString() {
      return name + ": " + Conversion.nameOf(type) + (required ? "" : " (optional)");
    }
  }

  private static final Conversion FLAG = new Conversion(boolean.class);
  private static final Type PORT = Request.CHANNEL.type();
  private static final Type PERHAPS_PORT = new TypeOf<Optional<WritePort<Request>>>() {}.type();
  private static final Conversion CHANNEL = new Conversion(PORT);

  private final Root root;
  private final Map<String, Entry> entries = new TreeMap<>();

  RootCommands(Root root) {
    this.root = root;
    Parameter service = new Parameter("service", String.class, true);
    Parameter channel = new Parameter("channel", PORT, true);
    Parameter command = new Parameter("command", String.class, true);
    Parameter doc = new Parameter("doc", String.class, false);
    forAll("name", "What this root calls itself.", String.class, List.of(), _ -> root.name());
    entries.put(
        "list",
        new Entry(
            false,
            "The services that the caller can see; with details, a map for each: its name, whether"
                + " it is public, its doc, and since when it is there.",
            List.of(
                new Form(TypeOf.listOf(String.class).type(), List.of()),
                new Form(
                    TypeOf.listOf(Object.class).type(),
                    List.of(new Parameter("details", boolean.class, true)))),
            this::list));
    forAll("get-service", "The channel of a service.", PORT, List.of(service), this::get);
    forAll(
        "locate-service",
        "The channel of a service of this root, or of a delegate.",
        PORT,
        List.of(service),
        this::locate);
    forAll(
        "delegate",
        "Who is sent what this root does not know.",
        PERHAPS_PORT,
        List.of(),
        _ -> root.delegate());
    forLocal(
        "add",
        "Adds a service, or replaces the one of that name.",
        List.of(service, channel, new Parameter("public", boolean.class, false), doc),
        this::add);
    forLocal(
        "remove",
        "Removes a service; answers whether it was there.",
        List.of(service),
        request -> root.remove(text(request, "service")));
    forLocal(
        "add-handler",
        "Has a command answered by whoever takes from a channel.",
        List.of(command, channel, doc),
        this::addHandler);
    forLocal(
        "remove-handler",
        "Removes a command that was added; answers whether it was there.",
        List.of(command),
        request -> root.removeHandler(text(request, "command")));
    forLocal(
        "set-delegate",
        "Sets who is sent what this root does not know.",
        List.of(new Parameter("channel", PERHAPS_PORT, false)),
        this::setDelegate);
  }

  private void forAll(
      String name, String doc, Type returns, List<Parameter> parameters, Receiver.Responder body) {
    entries.put(name, new Entry(false, doc, List.of(new Form(returns, parameters)), body));
  }

  private void forLocal(
      String name, String doc, List<Parameter> parameters, Receiver.Responder body) {
    entries.put(
        name,
        new Entry(
            true,
            doc + " Local callers only.",
            List.of(new Form(boolean.class, parameters)),
            body));
  }

  boolean has(String command) {
    return entries.containsKey(command);
  }

  @Override
  public @Nullable Object respond(Request request) throws Exception {
    String command = request.command();
    Entry entry = command == null ? null : entries.get(command);
    if (entry == null) {
      throw new CallException(
          new CallError.UnknownCommand(root + " has no command '" + command + "'"));
    }
    if (entry.localOnly && !request.origin().isLocal()) {
      throw new CallException(
          new CallError.Refused(
              "'"
                  + command
                  + "' of "
                  + root
                  + " is for local callers, not for "
                  + request.origin()));
    }
    requireTaken(entry, request);
    return entry.body.respond(request);
  }

  /** One that is missing is told by who looks for it. */
  private static void requireTaken(Entry entry, Request request) {
    Set<String> given = request.arguments().keySet();
    if (entry.forms.stream().noneMatch(form -> form.takes(given))) {
      throw new CallException(
          new CallError.InvalidArgument(
              "'"
                  + request.command()
                  + "' takes "
                  + entry.forms.stream().map(Form::toString).collect(Collectors.joining(" or "))
                  + ", but came with "
                  + String.join(", ", given)));
    }
  }

  Map<String, Object> docs() {
    Map<String, Object> docs = new LinkedHashMap<>();
    entries.forEach(
        (name, entry) ->
            docs.put(
                name,
                Map.of(
                    "doc",
                    entry.doc,
                    "read-only",
                    !entry.localOnly,
                    "local-only",
                    entry.localOnly,
                    "forms",
                    entry.forms.stream().map(Form::data).toList())));
    return docs;
  }

  // ---- the commands

  private Object list(Request request) {
    return flag(request, "details") ? root.details(request.origin()) : root.names(request.origin());
  }

  private Object get(Request request) {
    WritePort<Request> found = root.find(text(request, "service"), request.origin());
    if (found == null) {
      throw unknownService(request);
    }
    return found;
  }

  private Object locate(Request request) throws InterruptedException {
    WritePort<Request> found = root.find(text(request, "service"), request.origin());
    if (found != null) {
      return found;
    }
    return root.delegated(request, why -> new CallError.UnknownService(noService(request) + why));
  }

  private CallException unknownService(Request request) {
    return new CallException(new CallError.UnknownService(noService(request)));
  }

  private String noService(Request request) {
    return root + " has no service '" + text(request, "service") + "'";
  }

  private Object add(Request request) {
    Visibility visibility = flag(request, "public") ? Visibility.PUBLIC : Visibility.PRIVATE;
    WritePort<Request> channel = channel(request).orElseThrow(() -> missing(request, "channel"));
    String doc = doc(request);
    refusing(() -> root.add(text(request, "service"), channel, visibility, doc));
    return true;
  }

  private Object addHandler(Request request) {
    WritePort<Request> channel = channel(request).orElseThrow(() -> missing(request, "channel"));
    String doc = doc(request);
    refusing(() -> root.relay(text(request, "command"), doc, channel));
    return true;
  }

  private Object setDelegate(Request request) {
    WritePort<Request> channel = channel(request).orElse(null);
    refusing(() -> root.delegate(channel));
    return true;
  }

  // ---- their arguments

  private static void refusing(Runnable change) {
    try {
      change.run();
    } catch (IllegalArgumentException e) {
      throw new CallException(new CallError.InvalidArgument(String.valueOf(e.getMessage())));
    }
  }

  /** A name: text, or a number, which old callers send. */
  private static String text(Request request, String name) {
    return switch (request.argument(name)) {
      case CharSequence text -> text.toString();
      case Number number -> number.toString();
      case null -> throw missing(request, name);
      case Object other ->
          throw invalid(request, name, "expected a String, but came " + Texts.describe(other));
    };
  }

  private static String doc(Request request) {
    return request.argument("doc") == null ? "" : text(request, "doc");
  }

  private static boolean flag(Request request, String name) {
    return request.argument(name) != null && Boolean.TRUE.equals(converted(request, name, FLAG));
  }

  @SuppressWarnings("unchecked")
  private static Optional<WritePort<Request>> channel(Request request) {
    return Optional.ofNullable((WritePort<Request>) converted(request, "channel", CHANNEL));
  }

  private static @Nullable Object converted(Request request, String name, Conversion conversion) {
    Object value = request.argument(name);
    try {
      return value == null ? null : conversion.convert(value);
    } catch (Conversion.Misfit e) {
      throw invalid(request, name, String.valueOf(e.getMessage()));
    }
  }

  private static CallException missing(Request request, String name) {
    return new CallException(
        new CallError.InvalidArgument(
            "'"
                + request.command()
                + "' needs argument '"
                + name
                + "', but came with "
                + request.arguments().keySet()));
  }

  private static CallException invalid(Request request, String name, String why) {
    return new CallException(
        new CallError.InvalidArgument(
            "argument '" + name + "' of '" + request.command() + "': " + why));
  }
}
