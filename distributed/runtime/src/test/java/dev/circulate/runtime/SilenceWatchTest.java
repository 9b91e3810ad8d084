package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.internal.Time;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-8: a peer is not taken for dead because this process stood still. */
class SilenceWatchTest {
  private static final Duration BEAT = Duration.ofSeconds(5);

  /** A clock whose timer fires when the test says, for the test's own thread. */
  private static final class LateTime extends Time {
    private final Thread test = Thread.currentThread();
    private final Time others;
    private long now = 1;
    private @Nullable Runnable due;

    LateTime(Time others) {
      this.others = others;
    }

    private boolean isTest() {
      return Thread.currentThread().equals(test);
    }

    @Override
    public long nanoTime() {
      return isTest() ? now : others.nanoTime();
    }

    @Override
    public void parkUntil(Wait wait, long moment) {
      others.parkUntil(wait, moment);
    }

    @Override
    public Timer schedule(long moment, Runnable task) {
      if (!isTest()) {
        return others.schedule(moment, task);
      }
      due = task;
      return () -> {};
    }

    /** The timer fires after so long, whatever it was set to. */
    void fireAfter(Duration wait) {
      now += wait.toNanos();
      Objects.requireNonNull(due).run();
    }
  }

  private final Time before = Time.current();
  private final LateTime time = new LateTime(before);
  private final Limits limits = Limits.builder().beat(BEAT).silence(BEAT.multipliedBy(4)).build();
  private final Session session = new Session(limits.session(), "", 1);
  private final Line line = new Line(new ScriptedLink(), null);
  private final List<Line> silent = new ArrayList<>();
  private final SilenceWatch watch =
      new SilenceWatch(session, BEAT, () -> false, () -> line, (present, _) -> silent.add(present));

  @BeforeEach
  void begin() {
    Time.install(time);
    session.heard(
        new Packet.Hello(1, "peer", List.of(), "its name", BEAT.toMillis(), 64, null), 50, 1);
    watch.watch();
  }

  @AfterEach
  void end() {
    Time.install(before);
  }

  @Test
  @DisplayName("DI-8 a peer that says nothing is silent after three beats")
  void silent() {
    time.fireAfter(BEAT);
    time.fireAfter(BEAT);
    assertThat(silent).isEmpty();
    time.fireAfter(BEAT);
    assertThat(silent).containsExactly(line);
  }

  @Test
  @DisplayName("DI-8 when this process stood still, what was said meanwhile is heard first")
  void stoodStill() {
    time.fireAfter(Duration.ofMinutes(1));
    assertThat(silent).isEmpty();
    session.heard(new Packet.Beat(0, 0), 20, time.nanoTime());
    time.fireAfter(BEAT);
    assertThat(silent).isEmpty();
  }

  @Test
  @DisplayName("DI-8 a peer of which nothing is heard then, either, is silent")
  void stillSilent() {
    time.fireAfter(Duration.ofMinutes(1));
    time.fireAfter(BEAT);
    assertThat(silent).containsExactly(line);
  }

  @Test
  @DisplayName("DI-8 a line that comes while it is found out that the last is silent is not that")
  void anotherLine() {
    Line other = new Line(new ScriptedLink(), null);
    AtomicReference<Line> present = new AtomicReference<>(line);
    BooleanSupplier meanwhile =
        () -> {
          present.set(other);
          return false;
        };
    new SilenceWatch(session, BEAT, meanwhile, present::get, (it, _) -> silent.add(it)).watch();
    time.fireAfter(Duration.ofMinutes(1));
    time.fireAfter(BEAT);
    assertThat(silent).containsExactly(line);
  }

  @Test
  @DisplayName("DI-8 DI-10 a peer that knows no heartbeat may be silent")
  void knowsNoBeat() {
    new SilenceWatch(session, BEAT, () -> true, () -> line, (present, _) -> silent.add(present))
        .watch();
    time.fireAfter(Duration.ofMinutes(1));
    time.fireAfter(BEAT);
    assertThat(silent).isEmpty();
  }
}
