package dev.circulate.service;

import dev.circulate.Deadline;
import dev.circulate.WritePort;
import dev.circulate.internal.Glimpse;
import dev.circulate.internal.Seat;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that asks a service or a root to do something: the command's name, the channel for the
 * answer, and the arguments by name.
 *
 * <p>{@link #to} is how to ask.
 *
 * {@snippet :
 * int a = Request.to(service, "get-42").with("x", 8).as(int.class);
 * }
 *
 * <p>The message is a plain map: {@code _cmd} holds the name, {@code _return} the channel, all else
 * is arguments; further names that begin with an underscore are set aside for the library. Beside
 * the map, where no content of a message reaches, stands where the request came from and until when
 * its caller waits: a request that code makes is local, and only what came in from a peer is not.
 *
 * <p>Immutable, and safe for use by several threads, as far as the arguments are.
 */
public final class Request {
  /** The name under which the command stands in the message. */
  public static final String COMMAND = "_cmd";

  /** The name under which the channel for the answer stands in the message. */
  public static final String RETURN = "_return";

  /**
   * The name under which stands what a caller says beside the arguments: a token, a trace. See
   * {@link #meta}.
   */
  public static final String META = "_meta";

  /** The type of a service's channel: what {@code get-service} answers. */
  public static final TypeOf<WritePort<Request>> CHANNEL = TypeOf.service();

  /** Whose message was put bare: it has no right of a local caller. */
  private static final Origin.Remote STRANGER = new Origin.Remote("unknown", null);

  private final Map<String, @Nullable Object> message;
  private final Origin origin;
  private final Deadline deadline;
  private final Journey journey;
  private final @Nullable Seat seat;

  /** Takes ownership of the message. */
  private Request(
      Map<String, @Nullable Object> message,
      Origin origin,
      Deadline deadline,
      Journey journey,
      @Nullable Seat seat) {
    this.message = Collections.unmodifiableMap(message);
    this.origin = origin;
    this.deadline = deadline;
    this.journey = journey;
    this.seat = seat;
  }

  private static Map<String, @Nullable Object> copy(Map<?, ?> message) {
    Map<String, @Nullable Object> copy = LinkedHashMap.newLinkedHashMap(message.size());
    message.forEach((name, value) -> copy.put(text(name), value));
    return copy;
  }

  private static String text(@Nullable Object name) {
    return name instanceof String text ? text : Glimpse.of(name);
  }

  /**
   * Begins a call.
   *
   * @param service whom to ask: a service's or a root's channel, near or far
   * @param command what to do
   */
  public static Call to(WritePort<Request> service, String command) {
    return new Call(service, command);
  }

  /**
   * A local request from its message, for who puts it, and takes the answer, by hand.
   *
   * @param message the command's name under {@link #COMMAND}, the channel for the answer, if one is
   *     wanted, under {@link #RETURN}, and the arguments
   */
  public static Request of(Map<String, ?> message) {
    return new Request(copy(message), Origin.local(), Deadline.current(), Journey.arrived(), null);
  }

  /** The same with a deadline of its own. */
  static Request of(Map<String, ?> message, Deadline deadline) {
    return new Request(copy(message), Origin.local(), deadline, Journey.arrived(), null);
  }

  /** A request from within; takes ownership of its message. */
  static Request owning(
      Map<String, @Nullable Object> message, Origin origin, Deadline deadline, Journey journey) {
    return new Request(message, origin, deadline, journey, null);
  }

  /**
   * The request that came in from a peer, for who receives it: a link, a gateway.
   *
   * @param message what came; keys that are not strings are taken as their text, or the beginning
   *     of it
   * @param origin from whom
   * @param deadline until when the caller waits, as far as it said
   */
  public static Request received(Map<?, ?> message, Origin.Remote origin, Deadline deadline) {
    return new Request(
        copy(message),
        Objects.requireNonNull(origin, "origin"),
        Objects.requireNonNull(deadline, "deadline"),
        Journey.arrived(),
        null);
  }

  /**
   * The same from a peer whose requests are counted: beyond a quota they are answered as
   * overloaded.
   *
   * @param message what came
   * @param origin from whom
   * @param deadline until when the caller waits, as far as it said
   * @param seat what it counts as while it is under way
   */
  public static Request received(
      Map<?, ?> message, Origin.Remote origin, Deadline deadline, Seat seat) {
    return new Request(copy(message), origin, deadline, Journey.arrived(), seat);
  }

  /**
   * The request that was taken where requests are put, for who takes them in a way of its own: as
   * objects, since a peer may put anything.
   *
   * @param value what was taken: a request, or a bare message, which has no right of a local caller
   * @return null if it is neither
   */
  public static @Nullable Request taken(Object value) {
    return switch (value) {
      case Request request -> request;
      case Map<?, ?> message -> received(message, STRANGER, Deadline.none());
      default -> null;
    };
  }

  /** This request with one more entry in its message. */
  Request with(String name, Object value) {
    Map<String, @Nullable Object> extended = new LinkedHashMap<>(message);
    extended.put(name, value);
    return new Request(extended, origin, deadline, journey, seat);
  }

  /** This request, with its answer for whoever waits for another's, unless it says for whom. */
  Request answeredAs(Request other) {
    WritePort<Object> reply = message.containsKey(RETURN) ? null : other.replyTo();
    return reply == null ? this : with(RETURN, reply);
  }

  /** What it counts as while it is under way; null if its caller's are not counted. */
  @Nullable Seat seat() {
    return seat;
  }

  /** What is to be done: the command's name; null if the message has none that is text. */
  public @Nullable String command() {
    return message.get(COMMAND) instanceof CharSequence name ? name.toString() : null;
  }

  /** Where the answer goes; null if nobody waits for one. */
  @SuppressWarnings("unchecked") // an answer is whatever the channel's owner makes of it
  public @Nullable WritePort<Object> replyTo() {
    return message.get(RETURN) instanceof WritePort<?> port ? (WritePort<Object>) port : null;
  }

  /**
   * An argument.
   *
   * @param name its name
   * @return its value; null if it is null or not there
   */
  public @Nullable Object argument(String name) {
    return message.get(name);
  }

  /** How many arguments a message has. */
  static int arguments(Map<String, ?> message) {
    int arguments = 0;
    for (String name : message.keySet()) {
      if (!name.startsWith("_")) {
        arguments++;
      }
    }
    return arguments;
  }

  /** The arguments by name: the message without the names that begin with an underscore. */
  public Map<String, @Nullable Object> arguments() {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>(message);
    arguments.keySet().removeIf(name -> name.startsWith("_"));
    return arguments;
  }

  /**
   * What the caller says beside the arguments, by name: for interceptors, and whoever else looks
   * for it; commands are chosen without it. It is as much the caller's word as the arguments are.
   */
  public Map<String, @Nullable Object> meta() {
    Map<String, @Nullable Object> meta = new LinkedHashMap<>();
    if (message.get(META) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> meta.put(text(name), value));
    }
    return Collections.unmodifiableMap(meta);
  }

  /**
   * This request with something more said beside the arguments.
   *
   * @param name what it is
   * @param value plain data, or a channel
   */
  public Request withMeta(String name, Object value) {
    Map<String, @Nullable Object> meta = new LinkedHashMap<>(meta());
    meta.put(name, value);
    Map<String, @Nullable Object> copy = copy(message);
    copy.put(META, meta);
    return new Request(copy, origin, deadline, journey, seat);
  }

  /**
   * This request from a caller that has proven who it is: then {@link Origin#current()} says so
   * while its command runs.
   *
   * @param identity who it is
   */
  public Request identifiedAs(String identity) {
    return new Request(copy(message), origin.identifiedAs(identity), deadline, journey, seat);
  }

  /** The whole message, as it travels. */
  public Map<String, @Nullable Object> message() {
    return message;
  }

  /** Where it came from. */
  public Origin origin() {
    return origin;
  }

  /** Until when its caller waits. */
  public Deadline deadline() {
    return deadline;
  }

  /** How far it has come. */
  Journey journey() {
    return journey;
  }

  @Override
  public String toString() {
    return "request '" + command() + "' from " + origin + " with " + arguments().keySet();
  }
}
