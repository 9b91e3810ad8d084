package dev.circulate;

import dev.circulate.internal.Context;
import dev.circulate.internal.GoBlock;
import dev.circulate.service.Answer;
import dev.circulate.service.Call;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.TypeOf;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of requests that reads as straight code, with a name for each step's answer and one
 * place for what goes wrong.
 *
 * {@snippet :
 * Channel<Integer> result =
 *     GoFor.of(
 *             g -> {
 *               int b = 44;
 *               int x = g.ask("x", service, "get-42").as(int.class);
 *               return g.ask("y", service, "plus-one").with("x", x + b).as(int.class);
 *             })
 *         .onError((error, variable) -> -1)
 *         .start();
 * }
 *
 * <p>The body runs in a go block of its own. A step that asks and waits, {@link Ask#as}, is done
 * before the next begins. Steps that only {@link Ask#begin} run side by side until {@link
 * Steps#join} has all their answers: they are one parallel step. {@link Steps#call} makes a step of
 * any code, such as a call through a typed client, and {@link Steps#run} of code that answers
 * nothing. Each step waits 30 seconds unless it says otherwise, and all of them together no longer
 * than {@link #within}. When a step ends, however it ends, its reply channels are closed; a late
 * answer is dropped.
 *
 * <p><b>Failure.</b> The first failure of a step ends the comprehension: what else was begun is
 * given up, and the error handler gets the error and the name of its variable (of several that
 * timed out in one parallel step: all, with commas between); what the handler returns is the
 * result. The handler is no step: {@link #within} does not bind it, so that it can ask somebody
 * else. A timeout says where the time went. Without a handler the result channel is closed with the
 * {@link CallException}. What else the body throws closes the result channel with that cause, as
 * for any go block. <b>Cancelling.</b> Closing or cancelling the result channel before the result
 * is there interrupts the body, and with it whatever the services do for it; the error handler is
 * not called.
 *
 * @param <T> the type of the result
 */
public final class GoFor<T> {

  /** The steps, as code. */
  @FunctionalInterface
  public interface Body<T> {
    /**
     * Asks and answers.
     *
     * @param g what steps are made with
     * @return the result; null for none
     * @throws Exception whatever goes wrong beyond the calls
     */
    @Nullable T run(Steps g) throws Exception;
  }

  /** What becomes of a comprehension whose step failed. */
  @FunctionalInterface
  public interface ErrorHandler<T> {
    /**
     * Turns a failure into a result.
     *
     * @param error why the step failed
     * @param variable the name of its variable; empty for a call that was not a step of this GoFor
     * @return the result; null for none
     * @throws Exception what is to close the result channel
     */
    @Nullable T handle(CallError error, String variable) throws Exception;
  }

  /** The limit of a request that has the limit of its parallel step. */
  private static final Duration UNLIMITED = Duration.ofDays(365);

  private final Body<T> body;
  private @Nullable ErrorHandler<T> handler;
  private @Nullable Duration limit;

  private GoFor(Body<T> body) {
    this.body = body;
  }

  /**
   * A comprehension over some steps; nothing happens before {@link #start()}.
   *
   * @param body the steps
   * @param <T> the type of the result
   */
  public static <T> GoFor<T> of(Body<T> body) {
    return new GoFor<>(Objects.requireNonNull(body, "body"));
  }

  /**
   * Says what to do when a step fails.
   *
   * @param handler what to do
   */
  public GoFor<T> onError(ErrorHandler<T> handler) {
    this.handler = Objects.requireNonNull(handler, "handler");
    return this;
  }

  /**
   * Limits how long all steps may take together.
   *
   * @param limit from the start; a call that it cuts off fails with {@link
   *     CallError.DeadlineExceeded}
   */
  public GoFor<T> within(Duration limit) {
    this.limit = Objects.requireNonNull(limit, "limit");
    return this;
  }

  /**
   * Runs the steps in a go block.
   *
   * @return a channel that gives the result once and closes
   */
  public Channel<T> start() {
    Context context = Context.current();
    Body<T> steps = bounded(context);
    return GoBlock.startCancellable(context, "GoFor", () -> new GoForRun().run(steps, handler));
  }

  /** The body under the limit of all steps, which the handler is not under. */
  private Body<T> bounded(Context context) {
    if (limit == null) {
      return body;
    }
    Context within = context.within(limit);
    return g -> within.call(() -> body.run(g));
  }

  /** Makes the steps of one run of a body; for the thread that runs it. */
  public static final class Steps implements AutoCloseable {
    private final GoForRun run;

    Steps(GoForRun run) {
      this.run = run;
    }

    /**
     * Begins a step, which {@link Ask#as}, {@link Ask#done} or {@link Ask#begin} asks; a body that
     * ends without having asked it fails with an {@link IllegalStateException}.
     *
     * @param variable the name of its answer, for the error handler
     * @param service whom to ask: any service or root, near or far
     * @param command what to do
     */
    public Ask ask(String variable, WritePort<Request> service, String command) {
      Ask ask =
          new Ask(run, Objects.requireNonNull(variable, "variable"), Request.to(service, command));
      run.added(ask);
      return ask;
    }

    /**
     * A step of a program's own: calls through a typed client, takes from a channel, whatever
     * blocks. It has 30 seconds.
     *
     * {@snippet :
     * int x = g.call("x", () -> calculator.plusOne(41));
     * }
     *
     * @param variable the name of its answer, for the error handler
     * @param code runs in a go block, which is interrupted when the time is over; may throw
     *     whatever it likes, and fails the step so, as it does with an answer that is null
     * @param <T> the type of the answer
     * @throws CallException if the step fails
     * @throws InterruptedException if interrupted while waiting; the step is given up then
     */
    public <T> T call(String variable, Callable<? extends T> code) throws InterruptedException {
      return call(variable, Call.DEFAULT_LIMIT, code);
    }

    /**
     * A step of a program's own, as {@link #call(String, Callable)} makes it.
     *
     * @param variable the name of its answer, for the error handler
     * @param limit how long it may take; longer than zero
     * @param code runs in a go block
     * @param <T> the type of the answer
     * @throws CallException if the step fails
     * @throws InterruptedException if interrupted while waiting; the step is given up then
     */
    public <T> T call(String variable, Duration limit, Callable<? extends T> code)
        throws InterruptedException {
      try (Answer<T> answer = Answer.of(variable, limit, code)) {
        return answer.get();
      } catch (CallException e) {
        throw run.remembered(e, variable);
      }
    }

    /**
     * A step of a program's own without an answer, as a method of a typed client that returns
     * nothing. It has 30 seconds.
     *
     * {@snippet :
     * g.run("booked", () -> shop.book(order));
     * }
     *
     * @param variable what it is called, for the error handler
     * @param code as for {@link #call(String, Callable)}
     * @throws CallException if the step fails
     * @throws InterruptedException if interrupted while waiting; the step is given up then
     */
    public void run(String variable, Csp.Body code) throws InterruptedException {
      run(variable, Call.DEFAULT_LIMIT, code);
    }

    /**
     * A step of a program's own without an answer, as {@link #run(String, Csp.Body)} makes it.
     *
     * @param variable what it is called, for the error handler
     * @param limit how long it may take; longer than zero
     * @param code runs in a go block
     * @throws CallException if the step fails
     * @throws InterruptedException if interrupted while waiting; the step is given up then
     */
    public void run(String variable, Duration limit, Csp.Body code) throws InterruptedException {
      Objects.requireNonNull(code, "code");
      boolean _ =
          call(
              variable,
              limit,
              () -> {
                code.run();
                return true;
              });
    }

    /**
     * A request of a program's own in a parallel step, which {@link #join()} ends.
     *
     * @param variable the name of its answer, for the error handler
     * @param code as for {@link #call(String, Callable)}; one without an answer may return null,
     *     where nobody {@linkplain Variable#get() gets} it
     * @param <T> the type of the answer
     * @return the answer to come
     */
    public <T> Variable<T> begin(String variable, Callable<? extends T> code) {
      return run.begun(variable, null, Answer.of(variable, UNLIMITED, code));
    }

    /**
     * A request of a program's own in a parallel step, which {@link #join()} ends.
     *
     * @param variable the name of its answer, for the error handler
     * @param limit how long it may take; longer than zero
     * @param code as for {@link #call(String, Callable)}
     * @param <T> the type of the answer
     * @return the answer to come
     */
    public <T> Variable<T> begin(String variable, Duration limit, Callable<? extends T> code) {
      return run.begun(variable, limit, Answer.of(variable, limit, code));
    }

    /**
     * Waits until all answers that were begun are there: one parallel step. It lasts 30 seconds at
     * most, or as long as the longest {@link Ask#within} among its requests says.
     *
     * @throws CallException when the first of them fails; the others are given up
     * @throws InterruptedException if interrupted while waiting
     */
    public void join() throws InterruptedException {
      run.join(run.longestLimit());
    }

    /**
     * Waits until all answers that were begun are there: one parallel step.
     *
     * @param limit how long to wait, from now; whatever limit a request has of its own holds as
     *     well
     * @throws CallException when the first of them fails; the others are given up
     * @throws InterruptedException if interrupted while waiting
     */
    public void join(Duration limit) throws InterruptedException {
      run.join(limit);
    }

    /** Gives up what was begun and not waited for. Called when the body ends. */
    @Override
    public void close() {
      run.giveUp();
    }
  }

  /** A step being put together. */
  public static final class Ask {
    private final GoForRun run;
    private final String variable;
    private final Call call;
    private @Nullable Duration limit;

    private Ask(GoForRun run, String variable, Call call) {
      this.run = run;
      this.variable = variable;
      this.call = call;
    }

    /**
     * Adds an argument.
     *
     * @param name its name
     * @param value its value: data, or a channel
     */
    public Ask with(String name, @Nullable Object value) {
      call.with(name, value);
      return this;
    }

    /**
     * Sets how long to wait for this answer, instead of 30 seconds.
     *
     * @param limit longer than zero
     */
    public Ask within(Duration limit) {
      call.within(limit);
      this.limit = limit;
      return this;
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param type what the answer is to be; {@code int.class} is fine
     * @param <T> the type of the answer
     * @throws CallException if the step fails
     * @throws InterruptedException if interrupted while waiting; the step is given up then
     */
    public <T> T as(Class<T> type) throws InterruptedException {
      return as(TypeOf.of(type));
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param type what the answer is to be
     * @param <T> the type of the answer
     * @throws CallException if the step fails
     * @throws InterruptedException if interrupted while waiting; the step is given up then
     */
    public <T> T as(TypeOf<T> type) throws InterruptedException {
      run.asked(this);
      try {
        return call.as(type);
      } catch (CallException e) {
        throw run.remembered(e, variable);
      }
    }

    /**
     * Asks, and waits until it is done; what the answer is does not matter.
     *
     * @throws CallException if the step fails
     * @throws InterruptedException if interrupted while waiting; the step is given up then
     */
    public void done() throws InterruptedException {
      run.asked(this);
      try {
        call.done();
      } catch (CallException e) {
        throw run.remembered(e, variable);
      }
    }

    /**
     * Asks as part of a parallel step, which {@link Steps#join()} ends.
     *
     * @param type what the answer is to be
     * @param <T> the type of the answer
     * @return the answer to come
     * @throws InterruptedException never, since it does not wait, for the channel either
     */
    public <T> Variable<T> begin(Class<T> type) throws InterruptedException {
      return begin(TypeOf.of(type));
    }

    /**
     * Asks as part of a parallel step, which {@link Steps#join()} ends.
     *
     * @param type what the answer is to be
     * @param <T> the type of the answer
     * @return the answer to come
     * @throws InterruptedException never, since it does not wait, for the channel either
     */
    public <T> Variable<T> begin(TypeOf<T> type) throws InterruptedException {
      run.asked(this);
      if (limit == null) {
        call.within(UNLIMITED); // the parallel step has the limit
      }
      return run.begun(variable, limit, call.begin(type));
    }

    String variable() {
      return variable;
    }
  }

  /**
   * The answer of one request of a parallel step.
   *
   * @param <T> the type of the answer
   */
  public static final class Variable<T> {
    private final GoForRun run;
    private final String name;
    private final Duration limit;
    private final Answer<T> answer;

    Variable(GoForRun run, String name, @Nullable Duration limit, Answer<T> answer) {
      this.run = run;
      this.name = name;
      this.limit = limit == null ? Call.DEFAULT_LIMIT : limit;
      this.answer = answer;
    }

    /** The variable's name. */
    public String name() {
      return name;
    }

    /**
     * The answer; before the parallel step was joined, waits for this one, as long as its limit
     * says.
     *
     * @throws CallException if the request failed
     * @throws InterruptedException if interrupted while waiting; the request is given up then
     */
    public T get() throws InterruptedException {
      run.join(this);
      try {
        return answer.get();
      } catch (CallException e) {
        throw run.remembered(e, name);
      }
    }

    Duration limit() {
      return limit;
    }

    Answer<T> answer() {
      return answer;
    }
  }
}
