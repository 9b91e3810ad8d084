package dev.circulate;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.service.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is null and must not be is told at the call, by its name, not in some go block. */
@SuppressWarnings({"NullAway", "DataFlowIssue"}) // which is what this is about
class NamedNullsTest {
  @Test
  @DisplayName("CH-1 what must not be null is refused at the call, by its name")
  void named() {
    Channel<Integer> channel = chan();
    Duration second = Duration.ofSeconds(1);
    Map<ThrowingCallable, String> refused =
        Map.of(
            () -> Pipes.merge(1, null),
            "from",
            () -> Pipes.map(null, 1, List::size),
            "from",
            () -> Pipes.map(null, channel, 1, (_, b) -> b),
            "a",
            () -> Pipes.map(channel, null, 1, (a, _) -> a),
            "b",
            () -> Alts.<Integer>first().timeout(null, () -> 1),
            "limit",
            () -> Alts.<Integer>first().put(channel, null, () -> 1),
            "null cannot be put into a channel",
            () -> Pub.of(channel, n -> n).sub(null, channel, SlowTap.DROP),
            "about",
            () -> Answer.of(null, second, () -> 1),
            "name",
            () -> Answer.of("x", second, null),
            "code");
    Channel<Integer> result =
        GoFor.of(
                g -> {
                  g.run("x", null);
                  return 1;
                })
            .start();
    assertThatThrownBy(result::take)
        .hasRootCauseInstanceOf(NullPointerException.class)
        .hasRootCauseMessage("code");
    refused.forEach(
        (call, name) -> assertThatNullPointerException().isThrownBy(call).withMessage(name));
  }
}
