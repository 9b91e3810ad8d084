package dev.circulate.internal;

import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;

/** Makes scenarios by hand, for the model checker to interleave. */
final class Scenarios {
  private Scenarios() {}

  /** Some operations first, and then two threads at a time. */
  static ExecutionScenario scenario(List<Actor> before, List<Actor> first, List<Actor> second) {
    return new ExecutionScenario(before, List.of(first, second), List.of(), null);
  }

  /** An operation of a test's class. */
  static Actor act(Class<?> operations, String operation, Object... arguments) {
    return Arrays.stream(operations.getDeclaredMethods())
        .filter(method -> method.getName().equals(operation))
        .map(method -> new Actor(method, List.of(arguments)))
        .findFirst()
        .orElseThrow();
  }
}
