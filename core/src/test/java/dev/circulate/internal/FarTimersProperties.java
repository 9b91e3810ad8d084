package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Timers that are far off, on a clock and an executor that the test moves. */
class FarTimersProperties {
  static final long NEAREST = 1L << 28;
  static final long FARTHEST = 1L << 55;

  @Property(tries = 300)
  @Label("AL-6 a timer runs at its moment, a cancelled one never, and none is kept")
  void moments(
      @ForAll long start,
      @ForAll @Size(max = 40) List<@LongRange(min = NEAREST, max = FARTHEST) Long> waits,
      @ForAll @LongRange(min = 0, max = FARTHEST) long cancelAfter) {
    SteppedTimers stepped = new SteppedTimers();
    stepped.now = start / 4; // as nanoTime may be anything, but for the last of its range
    long begin = stepped.now;
    FarTimers timers = new FarTimers(stepped, () -> stepped.now);
    List<Long> ran = new ArrayList<>();
    List<Time.Timer> cancelled = new ArrayList<>();
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < waits.size(); i++) {
      long moment = begin + waits.get(i);
      boolean isCancelled = i % 2 == 1;
      Time.Timer timer =
          timers.schedule(
              moment,
              () -> {
                assertThat(stepped.now).isEqualTo(moment);
                ran.add(moment);
              });
      if (isCancelled) {
        cancelled.add(timer);
      }
      if (!isCancelled || waits.get(i) <= cancelAfter) {
        expected.add(moment);
      }
    }
    stepped.advanceTo(begin + cancelAfter);
    cancelled.forEach(Time.Timer::cancel);
    stepped.advanceTo(begin + FARTHEST);
    assertThat(ran).containsExactlyElementsOf(expected.stream().sorted().toList());
    assertThat(timers.standing()).isZero();
    assertThat(stepped.due).isEmpty();
  }
}
