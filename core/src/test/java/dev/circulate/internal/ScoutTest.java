package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GO-1: when those who wait make way for others, and for how long they do not. */
class ScoutTest {
  private final Queue<Runnable> toStart = new ArrayDeque<>();
  private final Queue<Runnable> toRun = new ArrayDeque<>();
  private long now = Long.MAX_VALUE - 1_000; // a clock of nanoseconds may begin anywhere
  private final Scout scout = new Scout(toStart::add, toRun::add, () -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private static void next(Queue<Runnable> tasks) {
    Objects.requireNonNull(tasks.poll(), "nothing to do").run();
  }

  private void send() {
    scout.look();
    next(toStart);
  }

  @Test
  @DisplayName("GO-1 one is under way at a time")
  void oneAtATime() {
    scout.look();
    scout.look();
    assertThat(toStart).hasSize(1);
    next(toStart);
    scout.look();
    assertThat(toStart).isEmpty();
    assertThat(toRun).hasSize(1);
  }

  @Test
  @DisplayName("GO-1 who is back in time is not missed, and the next goes after a while")
  void backInTime() {
    send();
    pass(Scout.PATIENCE.minusNanos(1));
    scout.look();
    assertThat(scout.isMissing()).isFalse();
    next(toRun);

    pass(Scout.INTERVAL.minusNanos(1));
    scout.look();
    assertThat(toStart).isEmpty();
    pass(Duration.ofNanos(1));
    scout.look();
    assertThat(toStart).hasSize(1);
  }

  @Test
  @DisplayName("GO-1 the next goes after a while, also if the clock's numbers turn over meanwhile")
  void turningOver() {
    send();
    next(toRun);
    scout.look();
    assertThat(toStart).isEmpty();
    pass(Scout.INTERVAL);
    scout.look();
    assertThat(toStart).hasSize(1);
  }

  @Test
  @DisplayName("GO-1 who is not back in time is missed until it is")
  void missing() {
    send();
    pass(Scout.PATIENCE);
    assertThat(scout.isMissing()).as("nobody has looked").isFalse();
    scout.look();
    assertThat(scout.isMissing()).isTrue();
    scout.look();
    assertThat(scout.isMissing()).isTrue();
    next(toRun);
    assertThat(scout.isMissing()).isFalse();
  }

  @Test
  @DisplayName("GO-1 who is not started is not missed: that is another thread's fault")
  void notStarted() {
    scout.look();
    pass(Scout.PATIENCE.multipliedBy(2));
    scout.look();
    assertThat(scout.isMissing()).isFalse();
    next(toStart);
    scout.look();
    assertThat(scout.isMissing()).isFalse();
  }

  @Test
  @DisplayName("GO-1 the longer one was missing the later the next goes, within a bound")
  void rest() {
    Duration missing = Scout.INTERVAL.dividedBy(2);
    assertRests(missing, missing.multipliedBy(Scout.REST));
    assertRests(Duration.ofNanos(1), Scout.INTERVAL);
    assertRests(Scout.LONGEST_REST, Scout.LONGEST_REST);
  }

  @Test
  @DisplayName("GO-1 one that could not be started is not missed for ever, and another goes later")
  void noMemory() {
    Executor none =
        task -> {
          throw new OutOfMemoryError("not really");
        };
    Scout unborn = new Scout(toStart::add, none, () -> now);
    unborn.look();
    assertThatThrownBy(() -> next(toStart)).isInstanceOf(OutOfMemoryError.class);
    pass(Scout.PATIENCE);
    unborn.look();
    assertThat(unborn.isMissing()).isFalse();
    pass(Scout.INTERVAL);
    unborn.look();
    assertThat(toStart).hasSize(1);

    Scout unsent = new Scout(none, toRun::add, () -> now);
    assertThatThrownBy(unsent::look).isInstanceOf(OutOfMemoryError.class);
    unsent.look();
    pass(Scout.INTERVAL);
    assertThatThrownBy(unsent::look).isInstanceOf(OutOfMemoryError.class);
  }

  private void assertRests(Duration missing, Duration rest) {
    send();
    pass(Scout.PATIENCE);
    scout.look();
    pass(missing);
    next(toRun);
    pass(rest.minusNanos(1));
    scout.look();
    assertThat(toStart).isEmpty();
    pass(Duration.ofNanos(1));
    scout.look();
    assertThat(toStart).hasSize(1);
    next(toStart);
    next(toRun);
    pass(Scout.INTERVAL);
  }
}
