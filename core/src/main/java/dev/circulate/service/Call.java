package dev.circulate.service;

import dev.circulate.Deadline;
import dev.circulate.WritePort;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request being put together; asking sends it, and waits for the answer.
 *
 * {@snippet :
 * int a = Request.to(service, "get-42").with("x", 8).as(int.class);
 * Request.to(farm, "resize").with("pictures", names).within(Duration.ofMinutes(5)).done();
 * }
 *
 * <p><b>Time.</b> A call waits {@link #DEFAULT_LIMIT} unless {@link #within} says otherwise, and
 * never longer than the {@linkplain Deadline#current() deadline} that the calling thread works
 * under. That limit travels with the request. <b>Failure.</b> Whatever goes wrong is a {@link
 * CallException} with the {@link CallError}. <b>Interruption.</b> An interrupted wait throws {@code
 * InterruptedException} and gives the call up: its reply channel is closed, which tells the service
 * to stop. <b>Threads.</b> One call is built and asked by one thread; it may be asked several
 * times.
 */
public final class Call {
  /** How long a call waits for its answer unless it is told otherwise: 30 seconds. */
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);

  private final WritePort<Request> service;
  private final String command;
  private final Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
  private Duration limit = DEFAULT_LIMIT;

  Call(WritePort<Request> service, String command) {
    this.service = Objects.requireNonNull(service, "service");
    this.command = Objects.requireNonNull(command, "command");
  }

  /**
   * Adds an argument.
   *
   * @param name its name; one that begins with an underscore is not for arguments
   * @param value its value: data, or a channel
   * @throws IllegalArgumentException if the name begins with an underscore
   */
  public Call with(String name, @Nullable Object value) {
    if (name.startsWith("_")) {
      throw new IllegalArgumentException(
          "argument '" + name + "': names that begin with an underscore are the library's");
    }
    arguments.put(name, value);
    return this;
  }

  /**
   * Says something beside the arguments: a token, a trace. {@link Request#meta} gives it to the
   * service's interceptors.
   *
   * @param name what it is
   * @param value plain data, or a channel
   */
  public Call meta(String name, Object value) {
    Map<Object, @Nullable Object> meta = new LinkedHashMap<>();
    if (arguments.get(Request.META) instanceof Map<?, ?> said) {
      meta.putAll(said);
    }
    meta.put(name, value);
    arguments.put(Request.META, meta); // and not into what a request may have that was asked before
    return this;
  }

  /**
   * Sets how long to wait for the answer, from the moment of asking.
   *
   * @param limit longer than zero
   * @throws IllegalArgumentException if it is not
   */
  public Call within(Duration limit) {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException("a call waits longer than zero, not " + limit);
    }
    this.limit = limit;
    return this;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param type what the answer is to be; {@code int.class} is fine
   * @param <T> the type of the answer
   * @throws CallException if there is an error instead, or an answer that is not of the type
   * @throws InterruptedException if interrupted while waiting; the call is given up then
   */
  public <T> T as(Class<T> type) throws InterruptedException {
    return as(TypeOf.of(type));
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param type what the answer is to be
   * @param <T> the type of the answer
   * @throws CallException if there is an error instead, or an answer that is not of the type
   * @throws InterruptedException if interrupted while waiting; the call is given up then
   */
  public <T> T as(TypeOf<T> type) throws InterruptedException {
    try (Answer<T> answer = begin(type)) {
      return answer.get();
    }
  }

  /**
   * Asks, and waits until it is done; what the answer is does not matter.
   *
   * @throws CallException if there is an error instead
   * @throws InterruptedException if interrupted while waiting; the call is given up then
   */
  public void done() throws InterruptedException {
    try (Answer<Object> answer = begin(Object.class)) {
      answer.await();
    }
  }

  /**
   * Asks and does not wait: several calls that were begun run side by side.
   *
   * @param type what the answer is to be
   * @param <T> the type of the answer
   * @return the answer to come; close it when it is no longer wanted
   * @throws InterruptedException never, since it does not wait, for the channel either
   */
  public <T> Answer<T> begin(Class<T> type) throws InterruptedException {
    return begin(TypeOf.of(type));
  }

  /**
   * Asks and does not wait: several calls that were begun run side by side.
   *
   * @param type what the answer is to be
   * @param <T> the type of the answer
   * @return the answer to come; close it when it is no longer wanted
   * @throws InterruptedException never, since it does not wait, for the channel either
   */
  public <T> Answer<T> begin(TypeOf<T> type) throws InterruptedException {
    Answer<T> answer = new Answer<>(command, Conversion.to(type.type()), limit);
    answer.ask(service, arguments);
    return answer;
  }
}
