package dev.circulate.service;

import dev.circulate.WritePort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
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
 *       map for each,
 *   <li>{@code get-service} with {@code service}: that service's channel,
 *   <li>{@code locate-service} with {@code service}: the same, and if it is not here, down the
 *       chain of delegates,
 *   <li>{@code name}: the root's name; {@code delegate}: the delegate's channel, or null,
 *   <li>for local callers only: {@code add} with {@code service}, {@code channel}, {@code public};
 *       {@code remove} with {@code service}; {@code add-handler} with {@code command}, {@code
 *       channel}; {@code remove-handler} with {@code command}; {@code set-delegate} with {@code
 *       channel},
 *   <li>{@code _commands}, {@code _ping}, {@code _stats}, {@code _health}, as every service,
 *   <li>the commands that handlers were added for.
 * </ul>
 *
 * What it does not know goes to its delegate, as it came, and the delegate answers.
 *
 * <p>Whether a caller is local is a fact of how its request arrived ({@link Origin}). For a remote
 * caller a {@linkplain Visibility#PRIVATE private} service is not there, whichever way it asks. A
 * service that is replaced or removed is sent the command {@code removed-from-root}, which wants no
 * answer.
 *
 * <p><b>Threads.</b> Every method may be called by any thread at any time; none blocks.
 */
public final class Root {
  /** The name under which a root is its own service. */
  public static final String SELF = "root";

  private static final int LIMIT = 100_000;

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

  private record Entry(WritePort<Request> port, Visibility visibility, Instant since) {
    boolean isSeenBy(Origin caller) {
      return visibility == Visibility.PUBLIC || caller.isLocal();
    }
  }

  private final String name;
  private final WritePort<Request> port;
  private final Map<String, Entry> services = new ConcurrentSkipListMap<>();
  private final Map<String, Receiver.Responder> handlers = new ConcurrentHashMap<>();
  private final RootCommands commands = new RootCommands(this);
  private volatile @Nullable WritePort<Request> delegate;

  private Root(String name) {
    this.name = name;
    Stats stats = new Stats();
    this.port =
        Receiver.open(
            "root " + name, LIMIT, stats, new Introspection(commands::docs, stats, this::respond));
  }

  /**
   * Makes a root without services.
   *
   * @param name what it calls itself
   */
  public static Root named(String name) {
    return new Root(Objects.requireNonNull(name, "name"));
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
   * @param channel its channel
   * @param visibility who can see it
   * @throws IllegalArgumentException if the name is {@code root} or empty
   */
  public Root add(String service, WritePort<Request> channel, Visibility visibility) {
    if (service.isEmpty() || service.equals(SELF)) {
      throw new IllegalArgumentException("a service cannot be called '" + service + "'");
    }
    Entry added =
        new Entry(
            Objects.requireNonNull(channel, "channel"),
            Objects.requireNonNull(visibility, "visibility"),
            Instant.now());
    Entry replaced = services.put(service, added);
    if (replaced != null && !replaced.port.equals(channel)) {
      tellRemoved(service, replaced);
    }
    return this;
  }

  /**
   * Removes a service, which is told.
   *
   * @param service its name
   * @return whether it was there
   */
  public boolean remove(String service) {
    Entry removed = services.remove(service);
    if (removed == null) {
      return false;
    }
    tellRemoved(service, removed);
    return true;
  }

  private void tellRemoved(String service, Entry removed) {
    removed.port.offer(
        Request.of(Map.of(Request.COMMAND, "removed-from-root", "root", name, "service", service)));
  }

  @Nullable WritePort<Request> find(String service, Origin caller) {
    if (service.equals(SELF)) {
      return port;
    }
    Entry entry = services.get(service);
    return entry == null || !entry.isSeenBy(caller) ? null : entry.port;
  }

  List<String> names(Origin caller) {
    List<String> names = new ArrayList<>();
    names.add(SELF);
    services.forEach(
        (service, entry) -> {
          if (entry.isSeenBy(caller)) {
            names.add(service);
          }
        });
    return names;
  }

  List<Map<String, Object>> details(Origin caller) {
    List<Map<String, Object>> details = new ArrayList<>();
    services.forEach(
        (service, entry) -> {
          if (entry.isSeenBy(caller)) {
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("name", service);
            detail.put("public", entry.visibility == Visibility.PUBLIC);
            detail.put("since", entry.since.toString());
            details.add(detail);
          }
        });
    return details;
  }

  // ---- commands

  /**
   * Adds a command, or replaces one that was added before.
   *
   * @param command its name
   * @param handler what answers it
   * @throws IllegalArgumentException if it is one of the root's own commands, or begins with an
   *     underscore
   */
  public Root handler(String command, Handler handler) {
    Objects.requireNonNull(handler, "handler");
    return handle(command, handler::handle);
  }

  Root handle(String command, Receiver.Responder responder) {
    if (command.startsWith("_") || commands.has(command)) {
      throw new IllegalArgumentException("'" + command + "' is a command of every root");
    }
    handlers.put(command, responder);
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

  private @Nullable Object respond(Request request) throws Exception {
    String command = request.command();
    Receiver.Responder responder =
        command == null ? null : commands.has(command) ? commands : handlers.get(command);
    if (responder != null) {
      return responder.respond(request);
    }
    WritePort<Request> next = delegate;
    if (next != null) {
      return new Receiver.Forward(next);
    }
    throw new CallException(
        new CallError.UnknownCommand(
            "root '"
                + name
                + "' has no command "
                + Texts.describe(request.message().get(Request.COMMAND))));
  }

  @Override
  public String toString() {
    return "root '" + name + "'";
  }
}
