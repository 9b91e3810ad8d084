package dev.circulate.service;

import dev.circulate.WritePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Makes a service that has more than its commands: a limit, interceptors.
 *
 * {@snippet :
 * WritePort<Request> service =
 *     Service.builder(new Calculator()).limit(100).intercept(logging).intercept(tokens).open();
 * }
 *
 * <p>Not safe for use by several threads. One builder may open several services.
 */
public final class ServiceBuilder {
  private final Object target;
  private final List<Interceptor> interceptors = new ArrayList<>();
  private int limit = Service.DEFAULT_LIMIT;

  ServiceBuilder(Object target) {
    this.target = Objects.requireNonNull(target, "target");
  }

  /**
   * Bounds how much the service does at a time; without this it is {@link Service#DEFAULT_LIMIT}.
   *
   * @param limit how many requests may be under way, and streams that flow; those beyond are
   *     answered as overloaded at once
   * @throws IllegalArgumentException if it is not positive
   */
  public ServiceBuilder limit(int limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException(
          "a service has at least one request under way, not " + limit);
    }
    this.limit = limit;
    return this;
  }

  /**
   * Adds an interceptor, behind those that were added before. Requests beyond the limit do not
   * reach it.
   *
   * @param interceptor what goes around every call
   */
  public ServiceBuilder intercept(Interceptor interceptor) {
    interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
    return this;
  }

  /**
   * Opens the service.
   *
   * @return the channel that takes its requests
   * @throws IllegalArgumentException if there is no command, or a method cannot be one; the message
   *     names it and says why
   */
  public WritePort<Request> open() {
    boolean isClass = target instanceof Class<?>;
    Class<?> type = isClass ? (Class<?>) target : target.getClass();
    String name = "service " + type.getSimpleName();
    CommandTable commands = CommandTable.of(name, type, isClass ? null : target);
    Stats stats = new Stats();
    Receiver.Responder responder = new Introspection(commands::docs, stats, commands);
    return Receiver.open(
        name, limit, stats, Interception.around(List.copyOf(interceptors), responder));
  }
}
