package dev.circulate.service;

import dev.circulate.Deadline;
import dev.circulate.WritePort;
import dev.circulate.internal.GoBlock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a process offers to others: services by name, and commands of its own.
 *
 * {@snippet :
 * Root root = Root.named("b-root").handler("inc", _ -> counter.incrementAndGet());
 * root.add("42", Service.of(new Calculator()), Visibility.PUBLIC);
 * List<String> names = Request.to(root.port(), "list").as(listOf(String.class));   // [root, 42]
 * }
 *
 * <p>Its channel, {@link #port()}, answers
 *
 * <ul>
 *   <li>{@code list}: the names of the services, {@code root} first; with {@code details} true, a
 *       map for each: {@code name}, {@code public}, {@code doc}, {@code since},
 *   <li>{@code get-service} with {@code service}: that service's channel,
 *   <li>{@code locate-service} with {@code service}: the same, and if it is not here, down the
 *       chain of delegates,
 *   <li>{@code name}: the root's name; {@code delegate}: the delegate's channel, or null,
 *   <li>for local callers only: {@code add} with {@code service}, {@code channel}, {@code public},
 *       {@code doc}; {@code remove} with {@code service}; {@code add-handler} with {@code command},
 *       {@code channel}, {@code doc}; {@code remove-handler} with {@code command}; {@code
 *       set-delegate} with {@code channel},
 *   <li>{@code _commands}, {@code _ping}, {@code _stats}, {@code _health}, as every service,
 *   <li>the commands that handlers were added for.
 * </ul>
 *
 * <p>An argument that a command of its own does not take is refused.
 *
 * <p><b>Delegates.</b> A command that it does not know goes to its delegate, with the caller, the
 * deadline and the reply channel that it came with, and the delegate answers. Roots and services
 * can form chains so, across address spaces too. Where a chain leads back to a root that it came
 * from, the caller gets the error for what nobody knows, and it names the circle.
 *
 * <p><b>Who may what.</b> Whether a caller is local is a fact of how its request arrived ({@link
 * Origin}). For a remote caller a {@linkplain Visibility#PRIVATE private} service is not there,
 * whichever way it asks.
 *
 * <p><b>Replacing.</b> Services and handlers can be added, replaced and removed while requests are
 * under way, and none is lost: a request is answered by what it found, the old or the new. A
 * service that is replaced or removed is sent the command {@code removed-from-root}, with {@code
 * root} and {@code service}, which wants no answer; who has its channel can go on to use it until
 * it closes that. A service whose channel is closed is not there any more.
 *
 * <p><b>Threads.</b> Every method may be called by any thread at any time; none blocks.
 */
public final class Root {
  /** The name under which a root is its own service. */
  public static final String SELF = "root";

  /** What a service that is replaced or removed is sent. */
  private static final String REMOVED = "removed-from-root";

  private static final int LIMIT = 100_000;

  /** With fewer services none is looked for that is closed. */
  private static final int FEW = 16;

  /** How long a service that is busy may take until it hears that it was removed. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Does what a command that was added to a root asks for. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers a request, in a go block of its own.
     *
     * @param request what is asked
     * @return the answer, which may be null
     * @throws Exception what is answered as the error
     */
    @Nullable Object handle(Request request) throws Exception;
  }

  /**
   * A service.
   *
   * @param port its channel
   * @param offered what callers get: its channel, behind the root's interceptors if there are some
   */
  private record Entry(
      WritePort<Request> port,
      WritePort<Request> offered,
      Visibility visibility,
      String doc,
      Instant since) {
    /** Whether it is there for a caller: what is closed is there for nobody, and never again. */
    boolean isSeenBy(Origin caller) {
      return !port.isClosed() && (visibility == Visibility.PUBLIC || caller.isLocal());
    }

    Map<String, Object> details(String service) {
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("name", service);
      details.put("public", visibility == Visibility.PUBLIC);
      details.put("doc", doc);
      details.put("since", since.toString());
      return details;
    }
  }

  /** A command that was added. */
  private record Added(String doc, Receiver.Responder body) {
    Map<String, Object> docs() {
      return Map.of(
          "doc",
          doc,
          "read-only",
          false,
          "forms",
          List.of(
              Map.of(
                  "parameters", List.of(), "open", true, "returns", "Object", "result", Map.of())));
    }
  }

  private final String name;
  private final List<Interceptor> interceptors;
  private final WritePort<Request> port;
  private final Map<String, Entry> services = new ConcurrentSkipListMap<>();
  private final Map<String, Added> handlers = new ConcurrentSkipListMap<>();
  private final RootCommands commands = new RootCommands(this);
  private final Relay relay;
  private final Entry self;
  private volatile @Nullable WritePort<Request> delegate;

  /** With more services the closed ones are dropped, so that no more are kept than are there. */
  private volatile int many = FEW;

  Root(String name, List<Interceptor> interceptors) {
    this.name = name;
    this.interceptors = interceptors;
    this.relay = new Relay(name);
    Stats stats = new Stats();
    Receiver.Responder own = new Introspection(this::docs, stats, this::respond);
    this.port =
        Receiver.open("root " + name, LIMIT, stats, Interception.aroundAnswers(interceptors, own));
    this.self = new Entry(port, port, Visibility.PUBLIC, "This root.", Instant.now());
  }

  /**
   * Makes a root without services.
   *
   * @param name what it calls itself
   */
  public static Root named(String name) {
    return builder(name).open();
  }

  /**
   * Begins a root that has interceptors.
   *
   * @param name what it calls itself
   */
  public static RootBuilder builder(String name) {
    return new RootBuilder(name);
  }

  /** What it calls itself. */
  public String name() {
    return name;
  }

  /** Its channel: put-only, near and far. */
  public WritePort<Request> port() {
    return port;
  }

  // ---- services

  /**
   * Adds a service, or replaces the one of that name, which is told.
   *
   * @param service its name
   * @param channel its channel; when that is closed, the service is not there any more
   * @param visibility who can see it
   * @throws IllegalArgumentException if the name is {@code root} or empty
   */
  public Root add(String service, WritePort<Request> channel, Visibility visibility) {
    return add(service, channel, visibility, "");
  }

  /**
   * Adds a service, or replaces the one of that name, which is told.
   *
   * @param service its name
   * @param channel its channel; when that is closed, the service is not there any more
   * @param visibility who can see it
   * @param doc what it is for, in the details of {@code list}
   * @throws IllegalArgumentException if the name is {@code root} or empty
   */
  public Root add(String service, WritePort<Request> channel, Visibility visibility, String doc) {
    if (service.isEmpty() || service.equals(SELF)) {
      throw new IllegalArgumentException(
          "a service cannot be called '"
              + service
              + (service.isEmpty() ? "'" : "': that is the root itself"));
    }
    Entry added =
        new Entry(
            Objects.requireNonNull(channel, "channel"),
            interceptors.isEmpty()
                ? channel
                : Service.through(channel, interceptors.toArray(Interceptor[]::new)),
            Objects.requireNonNull(visibility, "visibility"),
            Objects.requireNonNull(doc, "doc"),
            Instant.now());
    Entry replaced = services.put(service, added);
    if (replaced != null && !replaced.port.equals(channel)) {
      tellRemoved(service, replaced.port);
    }
    if (services.size() > many) {
      dropClosed();
      many = Math.max(FEW, 2 * services.size());
    }
    return this;
  }

  private void dropClosed() {
    services.values().removeIf(entry -> entry.port.isClosed());
  }

  /**
   * Removes a service, which is told.
   *
   * @param service its name
   * @return whether it was there, which one whose channel is closed was not
   */
  public boolean remove(String service) {
    Entry removed = services.remove(service);
    if (removed == null || removed.port.isClosed()) {
      return false;
    }
    tellRemoved(service, removed.port);
    return true;
  }

  /**
   * Tells a service; if that is busy, a go block waits until it takes the word, {@link #PATIENCE}
   * at most.
   */
  private void tellRemoved(String service, WritePort<Request> removed) {
    Request word =
        Request.of(
            Map.of(Request.COMMAND, REMOVED, "root", name, "service", service), Deadline.none());
    if (!removed.offer(word) && !removed.isClosed()) {
      GoBlock.background(
          this + " tells '" + service + "' of its removal", () -> removed.offer(word, PATIENCE));
    }
  }

  @Nullable WritePort<Request> find(String service, Origin caller) {
    Entry entry = service.equals(SELF) ? self : seen(service, caller);
    return entry == null ? null : entry.offered;
  }

  /** A service that a caller can see: not the one that was replaced, and closed, just meanwhile. */
  @SuppressWarnings("ReferenceEquality") // an entry is itself and no other
  private @Nullable Entry seen(String service, Origin caller) {
    Entry former = null;
    Entry entry = services.get(service);
    while (entry != former) {
      if (entry != null && entry.isSeenBy(caller)) {
        return entry;
      }
      former = entry;
      entry = services.get(service);
    }
    return null;
  }

  /** The names of the services that a caller can see, this root first. */
  List<String> names(Origin caller) {
    return List.copyOf(seenBy(caller).keySet());
  }

  /** The same, with what is known of each. */
  List<Map<String, Object>> details(Origin caller) {
    List<Map<String, Object>> details = new ArrayList<>();
    seenBy(caller).forEach((service, entry) -> details.add(entry.details(service)));
    return details;
  }

  private Map<String, Entry> seenBy(Origin caller) {
    dropClosed();
    Map<String, Entry> seen = new LinkedHashMap<>();
    seen.put(SELF, self);
    for (String service : services.keySet()) {
      Entry entry = seen(service, caller);
      if (entry != null) {
        seen.put(service, entry);
      }
    }
    return seen;
  }

  // ---- commands

  /**
   * Adds a command, or replaces one that was added before. It is given whatever arguments come,
   * which {@code _commands} says of it.
   *
   * @param command its name
   * @param handler what answers it
   * @throws IllegalArgumentException if it is one of the root's own commands, or begins with an
   *     underscore
   */
  public Root handler(String command, Handler handler) {
    return handler(command, "", handler);
  }

  /**
   * Adds a command, or replaces one that was added before. It is given whatever arguments come,
   * which {@code _commands} says of it.
   *
   * @param command its name
   * @param doc what it does, and what arguments it looks at, for {@code _commands}
   * @param handler what answers it
   * @throws IllegalArgumentException if it is one of the root's own commands, or begins with an
   *     underscore
   */
  public Root handler(String command, String doc, Handler handler) {
    Objects.requireNonNull(handler, "handler");
    return handle(command, new Added(Objects.requireNonNull(doc, "doc"), handler::handle));
  }

  /** Adds a command that whoever takes from a channel answers. */
  Root relay(String command, String doc, WritePort<Request> channel) {
    return handle(
        command,
        new Added(doc, request -> relay.pass(request, channel, why -> unknown(request, why))));
  }

  private Root handle(String command, Added added) {
    if (command.startsWith("_") || commands.has(command)) {
      throw new IllegalArgumentException("'" + command + "' is a command of every root");
    }
    handlers.put(command, added);
    return this;
  }

  /**
   * Removes a command that was added.
   *
   * @param command its name
   * @return whether it was there
   */
  public boolean removeHandler(String command) {
    return handlers.remove(command) != null;
  }

  /**
   * Sets who is sent what this root does not know.
   *
   * @param channel a root's or a service's channel; null for nobody
   * @throws IllegalArgumentException if it is this root's own
   */
  public Root delegate(@Nullable WritePort<Request> channel) {
    if (port.equals(channel)) {
      throw new IllegalArgumentException("root '" + name + "' cannot be its own delegate");
    }
    delegate = channel;
    return this;
  }

  /** Who is sent what this root does not know; null if nobody is. */
  public @Nullable WritePort<Request> delegate() {
    return delegate;
  }

  private Map<String, Object> docs() {
    Map<String, Object> docs = commands.docs();
    handlers.forEach((command, added) -> docs.put(command, added.docs()));
    return docs;
  }

  private @Nullable Object respond(Request request) throws Exception {
    String command = request.command();
    if (command != null && commands.has(command)) {
      return commands.respond(request);
    }
    Added added = command == null ? null : handlers.get(command);
    if (added != null) {
      return added.body.respond(request);
    }
    return delegated(request, why -> unknown(request, why));
  }

  /**
   * Has the delegate answer.
   *
   * @param nowhere the error if there is none, or the delegates form a circle
   */
  Object delegated(Request request, Function<String, CallError> nowhere)
      throws InterruptedException {
    WritePort<Request> next = delegate;
    if (next == null) {
      throw new CallException(nowhere.apply(""));
    }
    return relay.pass(request, next, nowhere);
  }

  private CallError unknown(Request request, String why) {
    return new CallError.UnknownCommand(
        this + " has no command " + Texts.describe(request.message().get(Request.COMMAND)) + why);
  }

  @Override
  public String toString() {
    return "root '" + name + "'";
  }
}
