package dev.circulate.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-8: suspicion follows how a peer was heard, not one fixed number. */
class SuspicionTest {
  private static final long BEAT = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);

  private long now = 1;

  private Suspicion peer() {
    Suspicion suspicion = new Suspicion(LONGEST, now);
    suspicion.beat(BEAT);
    return suspicion;
  }

  private void hearAfter(Suspicion suspicion, long nanos) {
    now += nanos;
    suspicion.heard(now);
  }

  @Test
  @DisplayName("DI-8 on a steady link death is seen within three heartbeats")
  void steady() {
    Suspicion suspicion = peer();
    assertThat(suspicion.patience()).isLessThanOrEqualTo(3 * BEAT);
    for (int i = 0; i < 100; i++) {
      hearAfter(suspicion, BEAT);
    }
    assertThat(suspicion.patience()).isBetween(2 * BEAT, 2 * BEAT + BEAT / 10);
  }

  @Test
  @DisplayName(
      "DI-8 on a link whose beats come late a peer is given more time, and less again later")
  void late() {
    Suspicion suspicion = peer();
    for (int i = 0; i < 50; i++) {
      hearAfter(suspicion, i % 2 == 0 ? BEAT : 3 * BEAT);
    }
    assertThat(suspicion.patience()).isGreaterThan(4 * BEAT);
    for (int i = 0; i < 200; i++) {
      hearAfter(suspicion, BEAT);
    }
    assertThat(suspicion.patience()).isLessThanOrEqualTo(3 * BEAT);
  }

  @Test
  @DisplayName("DI-8 a peer that talks all the time is not suspected earlier for that")
  void talkative() {
    Suspicion suspicion = peer();
    for (int i = 0; i < 10_000; i++) {
      hearAfter(suspicion, 1_000);
    }
    assertThat(suspicion.isSilent(now + 2 * BEAT - 1)).isFalse();
    assertThat(suspicion.isSilent(now + 3 * BEAT)).isTrue();
  }

  @Test
  @DisplayName("DI-8 what is to be expected is smoothed as TCP smooths round trips")
  void smoothed() {
    Suspicion suspicion = peer();
    assertThat(suspicion.patience()).isEqualTo(2 * BEAT + 4 * (BEAT / 8));
    hearAfter(suspicion, BEAT); // in time: the deviation shrinks by a quarter
    long deviation = BEAT / 8 - BEAT / 8 / 4;
    assertThat(suspicion.patience()).isEqualTo(2 * BEAT + 4 * deviation);
    long late = BEAT / 2;
    hearAfter(suspicion, BEAT + late); // later than expected by that
    deviation += (late - deviation) / 4;
    assertThat(suspicion.patience()).isEqualTo(2 * BEAT + late / 8 + 4 * deviation);
    hearAfter(suspicion, BEAT); // earlier than expected now
    deviation += (late / 8 - deviation) / 4;
    long expected = late / 8 - late / 64;
    assertThat(suspicion.patience()).isEqualTo(2 * BEAT + expected + 4 * deviation);
    hearAfter(suspicion, BEAT + late);
    deviation += (late - expected - deviation) / 4;
    expected += (late - expected) / 8;
    assertThat(suspicion.patience()).isEqualTo(2 * BEAT + expected + 4 * deviation);
  }

  @Test
  @DisplayName("DI-8 a peer is silent when its time is over, and not before")
  void silent() {
    Suspicion suspicion = peer();
    long patience = suspicion.patience();
    assertThat(suspicion.isSilent(now + patience - 1)).isFalse();
    assertThat(suspicion.isSilent(now + patience)).isTrue();
    suspicion.restart(now + patience);
    assertThat(suspicion.isSilent(now + patience)).isFalse();
    assertThat(suspicion.isSilent(now + 2 * patience)).isTrue();
  }

  @Test
  @DisplayName("DI-8 how late a peer's first word came does not tell how late its beats will be")
  void lateHello() {
    Suspicion suspicion = new Suspicion(LONGEST, now);
    hearAfter(suspicion, 3 * LONGEST);
    suspicion.beat(BEAT);
    assertThat(suspicion.patience()).isEqualTo(2 * BEAT + 4 * (BEAT / 8));
  }

  @Test
  @DisplayName("DI-9 a beat that no peer can mean does no harm")
  void absurd() {
    Suspicion suspicion = new Suspicion(LONGEST, now);
    suspicion.beat(Long.MAX_VALUE);
    assertThat(suspicion.patience()).isEqualTo(LONGEST);
    suspicion.beat(3L << 61); // twice that is less than nothing
    assertThat(suspicion.patience()).isEqualTo(LONGEST);
  }

  @Property(tries = 500)
  @Label(
      "DI-8 whatever came when, patience is never shorter than two beats nor longer than the limit")
  void bounded(
      @ForAll @Size(max = 200) List<@LongRange(min = 0, max = 100_000_000_000L) Long> gaps) {
    Suspicion suspicion = peer();
    for (long gap : gaps) {
      hearAfter(suspicion, gap);
      assertThat(suspicion.patience()).isBetween(2 * BEAT, LONGEST);
    }
  }
}
