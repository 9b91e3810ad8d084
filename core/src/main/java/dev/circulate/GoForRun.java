package dev.circulate;

import dev.circulate.GoFor.Ask;
import dev.circulate.GoFor.Body;
import dev.circulate.GoFor.ErrorHandler;
import dev.circulate.GoFor.Steps;
import dev.circulate.GoFor.Variable;
import dev.circulate.service.Answer;
import dev.circulate.service.Call;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link GoFor}: the steps that were put together and not asked, those that were begun
 * and not waited for, and which of them failed. For the thread that runs the body.
 */
final class GoForRun {
  private final List<Ask> unasked = new ArrayList<>(1);
  private final List<Variable<?>> begun = new ArrayList<>();
  private @Nullable CallException failure;
  private String failed = "";

  /** Runs a body, and the handler if one of its steps fails. */
  <T> @Nullable T run(Body<T> body, @Nullable ErrorHandler<T> handler) throws Exception {
    CallException ended;
    try (Steps steps = new Steps(this)) {
      T result = body.run(steps);
      requireAllAsked();
      return result;
    } catch (CallException e) {
      ended = e;
    }
    CallError error = ended.error();
    if (error instanceof CallError.Cancelled && Thread.interrupted()) {
      // a client that cannot throw it said so: nobody wants the result, and no step has failed
      throw new InterruptedException(error.message());
    }
    if (handler == null) {
      throw ended;
    }
    return handler.handle(error, variableOf(ended));
  }

  // ---- what was put together

  void added(Ask ask) {
    unasked.add(ask);
  }

  void asked(Ask ask) {
    unasked.remove(ask);
  }

  private void requireAllAsked() {
    if (!unasked.isEmpty()) {
      throw new IllegalStateException(
          "step '%s' was put together and not asked: end it with as, done or begin"
              .formatted(unasked.getFirst().variable()));
    }
  }

  // ---- what was begun

  <T> Variable<T> begun(String variable, @Nullable Duration limit, Answer<T> answer) {
    Variable<T> added = new Variable<>(this, variable, limit, answer);
    begun.add(added);
    return added;
  }

  /** The longest limit among what was begun. */
  Duration longestLimit() {
    return begun.stream()
        .map(Variable::limit)
        .max(Comparator.naturalOrder())
        .orElse(Call.DEFAULT_LIMIT);
  }

  /** Waits for all that was begun. */
  void join(Duration limit) throws InterruptedException {
    List<Variable<?>> step = List.copyOf(begun);
    begun.clear();
    await(step, limit);
  }

  /** Waits for one, unless it was waited for before. */
  void join(Variable<?> one) throws InterruptedException {
    if (begun.remove(one)) {
      await(List.of(one), one.limit());
    }
  }

  private void await(List<Variable<?>> step, Duration limit) throws InterruptedException {
    try {
      Answer.awaitAll(step.stream().map(Variable::answer).toList(), limit);
    } catch (InterruptedException e) {
      giveUp(step);
      throw e;
    }
    List<Variable<?>> failures =
        step.stream().filter(variable -> variable.answer().error() != null).toList();
    if (!failures.isEmpty()) {
      giveUp(step);
      CallError error = Objects.requireNonNull(failures.getFirst().answer().error());
      String names = failures.stream().map(Variable::name).collect(Collectors.joining(", "));
      throw remembered(new CallException(error), names);
    }
  }

  /** Gives up what was begun and not waited for. */
  void giveUp() {
    giveUp(begun);
    begun.clear();
  }

  private static void giveUp(List<Variable<?>> step) {
    step.forEach(variable -> variable.answer().close());
  }

  // ---- what failed

  /** Notes whose failure this is, for the handler. */
  CallException remembered(CallException e, String variable) {
    failure = e;
    failed = variable;
    return e;
  }

  private String variableOf(CallException e) {
    return e == failure ? failed : "";
  }
}
