package dev.circulate.internal;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.contract.Forked;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TimeoutTest {
  private static final Duration SOON = Duration.ofMillis(5);

  @Test
  @DisplayName("AL-6 a timeout closes after its time, and not before")
  void closesAfterItsTime() throws Exception {
    long before = System.nanoTime();
    assertThat(Csp.timeout(SOON).take()).isNull();
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(SOON.toNanos());
  }

  @Test
  @DisplayName(
      "AL-6 a timeout that nobody waited for is closed when it is looked at after its time")
  void closesWhenLookedAt() throws Exception {
    LocalChannel<Void> timeout = Timeout.after(SOON);
    until("its time has passed", timeout::isClosed);
    assertThat(timeout.poll()).isNull();
    assertThat(timeout.take()).isNull();
  }

  @Test
  @DisplayName("AL-6 no time at all, or less, is over at once; the longest time is not")
  void extremes() {
    assertThat(Csp.timeout(Duration.ZERO).isClosed()).isTrue();
    assertThat(Csp.timeout(Duration.ofSeconds(-1)).isClosed()).isTrue();
    assertThat(Csp.timeout(Duration.ofSeconds(Long.MIN_VALUE)).isClosed()).isTrue();
    assertThat(Csp.timeout(Duration.ofSeconds(Long.MAX_VALUE)).isClosed()).isFalse();
  }

  @Test
  @DisplayName("AL-6 several wait for one timeout, one of them in an alts")
  void severalTakers() throws Exception {
    LocalChannel<Void> timeout = Timeout.after(SOON);
    Channel<Integer> never = Csp.chan();
    Forked<@Nullable Void> plain = Forked.fork(timeout::take);
    String alts =
        Alts.<String>first()
            .take(never, value -> "took")
            .take(timeout, value -> "took")
            .onClosed(() -> "late")
            .await();
    assertThat(alts).isEqualTo("late");
    assertThat(plain.join()).isNull();
    assertThat(never.waitingTakers()).isZero();
  }

  @Test
  @DisplayName("AL-6 a hundred thousand abandoned timeouts cost no thread, and are collected")
  void abandonedTimeoutsAreCollected() throws Exception {
    Channel<Integer> answers = Csp.chan(1);
    List<WeakReference<LocalChannel<Void>>> abandoned = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      LocalChannel<Void> timeout = Timeout.after(Duration.ofHours(1));
      if (i % 100 == 0) {
        waitForEither(answers, timeout);
      }
      abandoned.add(new WeakReference<>(timeout));
    }
    until(
        () -> "all are collected, and " + left(abandoned) + " are not",
        () -> {
          System.gc();
          return left(abandoned) == 0;
        });
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .filteredOn(name -> name.startsWith("circulate-timers"))
        .hasSizeLessThanOrEqualTo(1);
  }

  @Test
  @DisplayName("AL-6 CH-11 who watches for the end of a timeout is told in time, if nobody takes")
  void endIsTold() throws Exception {
    AtomicInteger told = new AtomicInteger();
    Timeout.after(Duration.ZERO).onEnd(told::incrementAndGet);
    assertThat(told).as("when its time has passed").hasValue(1);
    Timeout.after(SOON).onEnd(told::incrementAndGet);
    until("the end is told", () -> told.get() == 2);
  }

  @Test
  @DisplayName("AL-6 CH-12 who no longer watches for the end of a timeout leaves no timer behind")
  void watchEnds() {
    AtomicInteger timers = new AtomicInteger();
    Time before = Time.install(new Still(timers));
    try {
      Pending watch = Timeout.after(SOON).onEnd(() -> {});
      assertThat(timers).hasValue(1);
      assertThat(watch.withdraw()).isTrue();
      assertThat(timers).hasValue(0);
    } finally {
      Time.install(before);
    }
  }

  /** Time that does not pass, and counts its timers. */
  private static final class Still extends Time {
    private final AtomicInteger timers;

    Still(AtomicInteger timers) {
      this.timers = timers;
    }

    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public void parkUntil(Wait wait, long moment) {
      throw new AssertionError("nothing waits here");
    }

    @Override
    public Timer schedule(long moment, Runnable task) {
      timers.incrementAndGet();
      return timers::decrementAndGet;
    }
  }

  /** Waits for both until the answer comes, so that the timeout has had a timer. */
  private static void waitForEither(Channel<Integer> answers, LocalChannel<Void> timeout)
      throws InterruptedException {
    Forked<Integer> alts =
        Forked.fork(
            () ->
                Alts.<Integer>first()
                    .take(answers, value -> value)
                    .take(timeout, value -> -1)
                    .await());
    until("the alts waits", () -> timeout.waitingTakers() == 1);
    assertThat(answers.offer(7)).isTrue();
    assertThat(alts.join()).isEqualTo(7);
    assertThat(timeout.waitingTakers()).isZero();
  }

  private static long left(List<? extends WeakReference<?>> references) {
    return references.stream().map(WeakReference::get).filter(Objects::nonNull).count();
  }

  @Test
  @DisplayName("AL-6 each timeout is a channel of its own: the next of the same time is not over")
  void ofItsOwn() {
    Duration time = Duration.ofMillis(1);
    ReadPort<Void> over = Csp.timeout(time);
    until("its time has passed", over::isClosed);
    assertThat(Csp.timeout(time)).isNotEqualTo(over);
  }

  @Test
  @DisplayName("AL-6 AL-4 a timeout whose time has passed is ready for an alts that does not wait")
  void readyWithoutWaiting() throws Exception {
    String answer =
        Alts.<String>first()
            .take(Csp.timeout(Duration.ZERO), _ -> "took")
            .onClosed(() -> "over")
            .orElse(() -> "nothing")
            .await();
    assertThat(answer).isEqualTo("over");
  }
}
