package dev.circulate.internal;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** Makes scenarios by hand, for the model checker to interleave, and sets that up. */
final class Scenarios {
  private Scenarios() {}

  /** What goes for all of them: who gives way takes no step, and does not hang. */
  static ModelCheckingOptions checking() {
    return new ModelCheckingOptions()
        .addGuarantee(forClasses(Patience.class.getName()).methods("giveWay").ignore());
  }

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
