package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** One timer for all waits of a thread, on a clock that the test moves. */
class AlarmProperties {
  private final SteppedTimers stepped = new SteppedTimers();
  private int woken;
  private final Alarm alarm =
      new Alarm(
          (moment, task) -> stepped.schedule(moment - stepped.now, task),
          () -> stepped.now,
          () -> woken++);

  /**
   * A wait.
   *
   * @param limit after which it would end
   * @param taken after which it ends, if that is earlier
   */
  record Wait(long limit, long taken) {}

  @Property(tries = 500)
  @Label("CH-5 each wait that comes to its limit is woken then, and no sooner than there was cause")
  void limits(
      @ForAll @Size(max = 30) List<@LongRange(min = 1, max = 1_000) Long> limits,
      @ForAll @Size(min = 30, max = 30) List<@LongRange(min = 1, max = 1_000) Long> taken) {
    for (int i = 0; i < limits.size(); i++) {
      waitFor(new Wait(limits.get(i), taken.get(i)));
      assertThat(stepped.due).hasSizeLessThanOrEqualTo(1);
    }
    alarm.end();
    assertThat(stepped.due).isEmpty();
  }

  private void waitFor(Wait wait) {
    long limit = stepped.now + wait.limit;
    long end = stepped.now + Math.min(wait.limit, wait.taken);
    int before = woken;
    alarm.waitUntil(limit);
    stepped.advanceTo(end);
    assertThat(woken - before).isEqualTo(end == limit ? 1 : 0);
    alarm.waitIsOver();
  }

  @Property(tries = 200)
  @Label("CH-12 a thousand waits that do not come to their limit set one timer")
  void oneTimer(@ForAll @LongRange(min = 1_000, max = 1_000_000) long limit) {
    int before = stepped.scheduled;
    for (int i = 0; i < 1_000; i++) {
      waitFor(new Wait(limit, 1));
    }
    assertThat(stepped.scheduled - before).isLessThanOrEqualTo(2);
    alarm.end();
  }
}
