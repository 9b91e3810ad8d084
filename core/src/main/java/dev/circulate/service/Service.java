package dev.circulate.service;

import dev.circulate.WritePort;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
 * <p><b>Streams.</b> A command that returns a {@code Stream} or an {@code Iterator} answers with a
 * channel, into which the values flow: the next is made when the last was taken. The channel closes
 * after the last value, or with what the stream throws. A caller that cancels it, is lost, or
 * forgets it, ends the stream, which is interrupted and closed. The caller's deadline is for the
 * channel, not for the values. A command may answer a channel of its own as well; it is given as it
 * is.
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
    return builder(target).open();
  }

  /**
   * Begins a service that has more than its commands: a limit on what it does at a time,
   * interceptors.
   *
   * @param target an object with methods annotated with {@link Command}, or a class with static
   *     ones
   */
  public static ServiceBuilder builder(Object target) {
    return new ServiceBuilder(target);
  }

  /**
   * A service behind interceptors, for callers of any kind: what is put to the channel goes through
   * them, in order, and then to the service.
   *
   * {@snippet :
   * WritePort<Request> mine =
   *     Service.through(theirs, (request, next) -> next.proceed(request.withMeta("token", token)));
   * int a = Request.to(mine, "get-42").as(int.class);
   * }
   *
   * <p>Each request is passed on in a go block of its own, for the caller that it came from:
   * whoever was remote stays so. A caller that gives up is given up there as well.
   *
   * @param service a service's or a root's channel, near or far
   * @param interceptors what goes around every call, the first first
   * @return a put-only channel
   */
  public static WritePort<Request> through(
      WritePort<Request> service, Interceptor... interceptors) {
    Objects.requireNonNull(service, "service");
    return Receiver.open(
        "what passes on to " + service,
        Integer.MAX_VALUE,
        new Stats(),
        Interception.around(List.of(interceptors), request -> pass(service, request)));
  }

  private static @Nullable Object pass(WritePort<Request> service, Request request)
      throws InterruptedException {
    if (request.replyTo() == null) {
      service.offer(request, request.deadline().earlier(Reply.patience()).remaining());
      return null;
    }
    String command = String.valueOf(request.command());
    Duration left = request.deadline().remaining();
    try (Answer<Object> answer = new Answer<>(command, Conversion.ANYTHING, left)) {
      answer.pass(service, request);
      return answer.raw();
    }
  }

  /**
   * What {@code _commands} answers, as text for a person.
   *
   * @param service a service's or a root's channel, near or far
   * @throws CallException if it cannot be had
   * @throws InterruptedException if interrupted while waiting for the answer
   */
  public static String docs(WritePort<Request> service) throws InterruptedException {
    return DocsText.of(Request.to(service, "_commands").as(TypeOf.mapOf(Object.class)));
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
   * <p>A method that returns a {@code Channel}, a {@code ReadPort}, a {@code Stream} or an {@code
   * Iterator} gets the values of a channel that the service answers, each converted as it is taken;
   * closing the stream cancels the channel.
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
    return clientBuilder(service, type).open();
  }

  /**
   * Begins a client that has more than the interface: a limit of its own, interceptors, a check
   * that it fits the service.
   *
   * @param service a service's channel, near or far
   * @param type an interface
   * @param <T> the interface
   */
  public static <T> ClientBuilder<T> clientBuilder(WritePort<Request> service, Class<T> type) {
    return new ClientBuilder<>(service, type);
  }
}
