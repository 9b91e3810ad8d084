package dev.circulate.internal;

import static dev.circulate.internal.Scenarios.scenario;

import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;

/** Scenarios in which the channel, or a deliberately broken one, was wrong: checked each time. */
final class FoundOnce {
  private FoundOnce() {}

  static List<ExecutionScenario> scenarios() {
    return List.of(
        // who has seen the close cannot put
        scenario(List.of(), List.of(act("isClosed"), act("offer", 5)), List.of(act("close"))),
        // who has seen the cancel cannot take what it takes
        scenario(
            List.of(act("offer", 3)),
            List.of(act("isClosed"), act("poll")),
            List.of(act("cancel"))),
        // a take makes room, and a newcomer must not have it
        scenario(
            List.of(act("offer", 4), act("put", 2, 0)),
            List.of(act("poll")),
            List.of(act("offer", 5))),
        // the mirror image
        scenario(List.of(act("take", 0)), List.of(act("offer", 3)), List.of(act("poll"))),
        // a take makes room, and the putter who waited is in before the cancel
        scenario(
            List.of(act("offer", 4), act("put", 2, 0)),
            List.of(act("poll")),
            List.of(act("cancel"))),
        // withdrawn, or handed a value, never both
        scenario(
            List.of(act("take", 0)),
            List.of(act("withdraw", 0)),
            List.of(act("offer", 5), act("poll"))),
        // one value for two takers, and the close ends the other
        scenario(
            List.of(act("take", 0), act("take", 1)),
            List.of(act("offer", 3)),
            List.of(act("close"), act("outcome", 1))),
        // empty means that there is room, though the slot may still be another's for a moment
        scenario(
            List.of(act("offer", 1)), List.of(act("poll")), List.of(act("poll"), act("offer", 2))),
        // the last value is taken without the lock as it is closed, and the end is told
        scenario(
            List.of(act("offer", 1), act("watch")),
            List.of(act("poll"), act("isTold")),
            List.of(act("close"), act("isTold"))),
        // the last who waits to put leaves a closed channel, and the end is told
        scenario(
            List.of(act("put", 1, 0), act("watch")),
            List.of(act("withdraw", 0), act("isTold")),
            List.of(act("close"), act("isTold"))));
  }

  /** Two who wait are served at the same time. That one stays asleep takes long to find. */
  static ExecutionScenario twoAreServed() {
    return scenario(
        List.of(act("take", 0), act("take", 1)),
        List.of(act("offer", 3), act("outcome", 0)),
        List.of(act("offer", 4), act("outcome", 1)));
  }

  private static Actor act(String operation, Object... arguments) {
    return Scenarios.act(ChannelOperations.class, operation, arguments);
  }
}
