package dev.circulate.service;

import dev.circulate.WritePort;
import java.time.Duration;
import java.util.Objects;

/**
 * Makes a service of an object: a channel that answers requests by calling the object's methods.
 *
 * {@snippet :
 * class Calculator {
 *   @Command(doc = "Answers 42, or x + 42.")
 *   int get42() {
 *     return 42;
 *   }
 *
 *   @Command
 *   int get42(int x) {
 *     return x + 42;
 *   }
 * }
 * WritePort<Request> service = Service.of(new Calculator());
 * int fifty = Request.to(service, "get-42").with("x", 8).as(int.class);
 * }
 *
 * <p><b>Choosing.</b> A request's command selects the methods of that name, and the names of its
 * arguments select among those: the one with most parameters that has a parameter for every
 * argument, and an argument for every parameter that needs one. Each argument is converted to its
 * parameter's type; one that does not fit is refused before the method is called.
 *
 * <p><b>Threads.</b> Each request is served in a go block of its own, so methods run side by side
 * and may block. <b>Interruption.</b> A method whose caller's deadline passes, or whose caller
 * gives up, is interrupted. <b>Failure.</b> Every request that wants an answer gets one; what a
 * method throws is answered as {@link CallError.Failed}, and a {@link CallException} as the error
 * that it carries.
 *
 * <p><b>For every service</b> there are the commands {@code _commands} (its documentation as data),
 * {@code _ping}, {@code _stats} and {@code _health}.
 *
 * <p><b>Closing.</b> The channel is put-only. It holds no thread, and is collected like any object
 * when nobody can reach it.
 */
public final class Service {
  /** How many requests of one service may be under way; those beyond are answered as overloaded. */
  public static final int DEFAULT_LIMIT = 10_000;

  private Service() {}

  /**
   * Makes a service.
   *
   * @param target an object with methods annotated with {@link Command}, or a class with static
   *     ones
   * @return the channel that takes its requests
   * @throws IllegalArgumentException if there is no such method, or one cannot be a command; the
   *     message names it and says why
   */
  public static WritePort<Request> of(Object target) {
    return of(target, DEFAULT_LIMIT);
  }

  /**
   * Makes a service that bounds how much it does at a time.
   *
   * @param target an object with methods annotated with {@link Command}, or a class with static
   *     ones
   * @param limit how many requests may be under way; those beyond are answered as overloaded at
   *     once
   * @return the channel that takes its requests
   * @throws IllegalArgumentException as {@link #of(Object)} does, and if the limit is not positive
   */
  public static WritePort<Request> of(Object target, int limit) {
    Objects.requireNonNull(target, "target");
    if (limit <= 0) {
      throw new IllegalArgumentException(
          "a service has at least one request under way, not " + limit);
    }
    boolean isClass = target instanceof Class<?>;
    Class<?> type = isClass ? (Class<?>) target : target.getClass();
    String name = "service " + type.getSimpleName();
    CommandTable commands = CommandTable.of(name, type, isClass ? null : target);
    Stats stats = new Stats();
    return Receiver.open(name, limit, stats, new Introspection(commands::docs, stats, commands));
  }

  /**
   * What {@code _commands} answers, as text for a person.
   *
   * @param service a service's or a root's channel, near or far
   * @throws CallException if it cannot be had
   * @throws InterruptedException if interrupted while waiting for the answer
   */
  public static String docs(WritePort<Request> service) throws InterruptedException {
    return Introspection.text(Request.to(service, "_commands").as(TypeOf.mapOf(Object.class)));
  }

  /**
   * A service as a Java interface: each method of it is a request, which waits for the answer, up
   * to {@link Call#DEFAULT_LIMIT}.
   *
   * {@snippet :
   * interface Calc {
   *   int get42();
   *   int get42(int x);
   *   int plusOne(int x);
   * }
   * Calc calc = Service.client(service, Calc.class);
   * int b = calc.plusOne(calc.get42());
   * }
   *
   * <p>Names are made as {@link Command} and {@link Named} say, of the method and its parameters.
   * What goes wrong is a {@link CallException}. A method that does not declare {@code
   * InterruptedException} answers an interrupt with {@link CallError.Cancelled}, the interrupt
   * status set again. A method whose answer may be null returns an {@code Optional}.
   *
   * @param service a service's channel, near or far
   * @param type an interface
   * @param <T> the interface
   * @throws IllegalArgumentException if it is not an interface, or one of its methods cannot be a
   *     request
   */
  public static <T> T client(WritePort<Request> service, Class<T> type) {
    return client(service, type, Call.DEFAULT_LIMIT);
  }

  /**
   * A service as a Java interface, as {@link #client(WritePort, Class)} makes it.
   *
   * @param service a service's channel, near or far
   * @param type an interface
   * @param limit how long each call waits for its answer
   * @param <T> the interface
   */
  public static <T> T client(WritePort<Request> service, Class<T> type, Duration limit) {
    return TypedClient.of(service, type, limit);
  }
}
