package dev.circulate.internal;

import static dev.circulate.internal.Scenarios.scenario;

import dev.circulate.Buffer;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a feed that asks whether anybody waits, whenever it is told that this may have changed,
 * knows in the end: a timeout sets its timer by it.
 */
public class FeedLincheckTest {
  private static final TakeHandler<Integer> NOBODY =
      new TakeHandler<>() {
        @Override
        public void taken(Integer value) {}

        @Override
        public void ended(@Nullable Throwable cause) {}
      };

  private final Asking feed = new Asking();
  private final LocalChannel<Integer> channel =
      LocalChannel.fed(new Buffer.Rendezvous(), "fed", null, feed);

  /** Asks as a timeout does. */
  private final class Asking implements Feed {
    private boolean awaited;

    @Override
    public void refresh() {}

    @Override
    public synchronized void demandChanged() {
      awaited = channel.isAwaited();
    }
  }

  @Operation
  public void take() {
    channel.takeAsync(NOBODY);
  }

  @Operation
  public void takeAndGiveUp() {
    channel.takeAsync(NOBODY).withdraw();
  }

  @Operation
  public void watchAndGiveUp() {
    channel.onEnd(() -> {}).withdraw();
  }

  @Operation
  public void poll() {
    channel.poll();
  }

  @Validate
  public void isKnown() {
    if (feed.awaited != channel.isAwaited()) {
      throw new IllegalStateException(
          feed.awaited ? "nobody waits, and the feed goes on" : "somebody waits in vain");
    }
  }

  private static Actor act(String operation) {
    return Scenarios.act(FeedLincheckTest.class, operation);
  }

  @Test
  @DisplayName("AL-6 whoever waits for a timeout is known to it, also while others look at it")
  void known() {
    Scenarios.checking()
        .addCustomScenario(scenario(List.of(), List.of(act("take")), List.of(act("poll"))))
        .threads(2)
        .actorsPerThread(2)
        .iterations(Integer.getInteger("lincheck.scenarios"))
        .invocationsPerIteration(3_000)
        .check(getClass());
  }
}
