package dev.circulate.internal;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.contract.Forked;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TickerTest {
  /** Time that passes whenever it is looked at. */
  private static final class Hasty extends Time {
    private long step;
    private final Queue<Runnable> scheduled = new ArrayDeque<>();
    private long now;

    /** Says how much passes with each look. */
    void passes(Duration step) {
      this.step = step.toNanos();
    }

    @Override
    public long nanoTime() {
      now += step;
      return now;
    }

    @Override
    public void parkUntil(Wait wait, long moment) {
      throw new AssertionError("nothing waits here");
    }

    @Override
    public Timer schedule(long moment, Runnable task) {
      scheduled.add(task);
      return () -> scheduled.remove(task);
    }
  }

  /** Notes what is taken. */
  private static class Taker implements TakeHandler<Long> {
    final List<Long> taken = new ArrayList<>();

    @Override
    public void taken(Long tick) {
      taken.add(tick);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      throw new AssertionError("a ticker ended", cause);
    }
  }

  @Test
  @DisplayName("AL-6 ticks come in order, also when a period passes while one is put")
  void inOrder() {
    Hasty time = new Hasty();
    Time before = Time.install(time);
    try {
      LocalChannel<Long> ticks = Ticker.every(Duration.ofMillis(1));
      Taker taker = new Taker();
      for (int i = 0; i < 100; i++) {
        time.passes(Duration.ZERO);
        ticks.takeAsync(taker);
        time.passes(Duration.ofNanos(700_000));
        Runnable timer = time.scheduled.poll();
        if (timer != null) {
          timer.run();
        }
        time.passes(Duration.ZERO);
        Long next = ticks.poll();
        if (next != null) {
          taker.taken(next);
        }
      }
      assertThat(taker.taken).hasSizeGreaterThan(20).isSorted().doesNotHaveDuplicates();
    } finally {
      Time.install(before);
    }
  }

  @Test
  @DisplayName("CH-15 whoever is handed a tick may wait for others who look at the ticker")
  void noLockIsHeld() {
    Hasty time = new Hasty();
    Time before = Time.install(time);
    try {
      LocalChannel<Long> ticks = Ticker.every(Duration.ofMillis(1));
      Taker taker =
          new Taker() {
            @Override
            public void taken(Long tick) {
              super.taken(tick);
              until("another has looked", Forked.fork(ticks::poll)::isDone);
            }
          };
      ticks.takeAsync(taker);
      time.now = Duration.ofMillis(1).toNanos();
      Objects.requireNonNull(time.scheduled.poll()).run();
      assertThat(taker.taken).containsExactly(1L);
    } finally {
      Time.install(before);
    }
  }

  @Test
  @DisplayName("AL-6 a ticker ticks, and drops what nobody takes")
  void ticker() throws Exception {
    ReadPort<Long> ticks = Csp.ticker(Duration.ofMillis(1));
    Long first = ticks.take();
    Long second = ticks.take();
    assertThat(second).isGreaterThan(first);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Csp.ticker(Duration.ZERO))
        .withMessageContaining("PT0S");
  }

  @Test
  @DisplayName("AL-6 a timer that fires as its waiter leaves does not end that of the next one")
  void oneTimer() {
    Hasty time = new Hasty();
    Time before = Time.install(time);
    try {
      LocalChannel<Long> ticks = Ticker.every(Duration.ofMillis(1));
      Pending first = ticks.takeAsync(new Taker());
      Runnable fired = Objects.requireNonNull(time.scheduled.poll());
      assertThat(first.withdraw()).isTrue();
      ticks.takeAsync(new Taker());
      assertThat(time.scheduled).hasSize(1);
      fired.run();
      assertThat(time.scheduled).as("the timers of one waiter").hasSize(1);
    } finally {
      Time.install(before);
    }
  }

  @Test
  @DisplayName("AL-6 of the ticks that nobody took a ticker has the last, and no other")
  void hasTheLast() {
    Hasty time = new Hasty();
    Time before = Time.install(time);
    try {
      LocalChannel<Long> ticks = Ticker.every(Duration.ofMillis(1));
      for (int tick = 1; tick <= 3; tick++) {
        time.now = Duration.ofMillis(tick).toNanos();
        assertThat(ticks.isClosed()).as("which looks at the clock").isFalse();
        assertThat(ticks.buffered()).isEqualTo(1);
      }
      assertThat(ticks.poll()).isEqualTo(3);
      assertThat(ticks.poll()).isNull();
    } finally {
      Time.install(before);
    }
  }

  @Test
  @DisplayName("AL-6 CH-12 a ticker that nobody waits for any more has no timer")
  void abandoned() {
    Hasty time = new Hasty();
    Time before = Time.install(time);
    try {
      Pending take = Ticker.every(Duration.ofMillis(1)).takeAsync(new Taker());
      assertThat(time.scheduled).hasSize(1);
      assertThat(take.withdraw()).isTrue();
      assertThat(time.scheduled).isEmpty();
    } finally {
      Time.install(before);
    }
  }

  @Test
  @DisplayName("AL-6 CH-12 tickers that nobody holds are collected, whatever they ticked")
  void collected() throws Exception {
    List<WeakReference<LocalChannel<Long>>> tickers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      LocalChannel<Long> ticker = Ticker.every(Duration.ofMillis(1));
      assertThat(ticker.take()).isPositive();
      tickers.add(new WeakReference<>(ticker));
    }
    until(
        "they are collected",
        () -> {
          System.gc();
          return tickers.stream().allMatch(each -> each.get() == null);
        });
  }
}
