package dev.circulate.service;

import dev.circulate.WritePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Makes a service a Java interface, with more than {@link Service#client(WritePort, Class)}: a
 * limit of its own, interceptors, a check that the two fit.
 *
 * {@snippet :
 * Calc calc =
 *     Service.clientBuilder(service, Calc.class)
 *         .within(Duration.ofSeconds(2))
 *         .intercept((request, next) -> next.proceed(request.withMeta("token", token)))
 *         .openChecked();
 * }
 *
 * <p>Not safe for use by several threads; the clients that it opens are.
 *
 * @param <T> the interface
 */
public final class ClientBuilder<T> {
  private final WritePort<Request> service;
  private final Class<T> type;
  private final List<Interceptor> interceptors = new ArrayList<>();
  private Duration limit = Call.DEFAULT_LIMIT;

  ClientBuilder(WritePort<Request> service, Class<T> type) {
    this.service = Objects.requireNonNull(service, "service");
    this.type = Objects.requireNonNull(type, "type");
  }

  /**
   * Sets how long each call waits for its answer, instead of {@link Call#DEFAULT_LIMIT}: from the
   * call of the method on, with what its interceptors do.
   *
   * @param limit longer than zero
   * @throws IllegalArgumentException if it is not
   */
  public ClientBuilder<T> within(Duration limit) {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException("a call waits longer than zero, not " + limit);
    }
    this.limit = limit;
    return this;
  }

  /**
   * Adds an interceptor, behind those that were added before. It runs in the thread that calls, and
   * sees the answer before it is converted.
   *
   * @param interceptor what goes around every call
   */
  public ClientBuilder<T> intercept(Interceptor interceptor) {
    interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
    return this;
  }

  /**
   * Opens the client, without a word to the service.
   *
   * @throws IllegalArgumentException if the type is not an interface, or one of its methods cannot
   *     be a request
   */
  public T open() {
    return TypedClient.of(service, type, limit, interceptors);
  }

  /**
   * Opens the client if the service has what it needs: asks for the service's {@code _commands} and
   * compares. A service may have more, and its parameters and answers may have other types of the
   * same form.
   *
   * @throws IllegalArgumentException as {@link #open()} does, and if a method has no command that
   *     it fits; the message names each of them and says what differs
   * @throws CallException if the service does not answer
   * @throws InterruptedException if interrupted while waiting for the answer
   */
  public T openChecked() throws InterruptedException {
    ClientCheck.check(type, service, limit, interceptors);
    return open();
  }
}
