package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The two ends of a buffer keep clear of one another while both are at work, and only then: what a
 * channel promises does not depend on it, but how fast it is does.
 */
class KeepingClearTest {
  private static final int NANOS = 2_000;
  private static final int LOOKS_IN_ALL = 5;

  /** So many operations bring an end past the two from one to the other of which it looks. */
  private static final int LAP = 16;

  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void takersNoticePuttersWhoAreAtWorkAndClose() {
    Ring<Integer> ring = new Ring<>(64);

    inTurns(ring);

    assertThat(ring.producersAreClose()).isTrue();
    assertThat(ring.awaitValues(NANOS)).as("there is no value").isFalse();
    assertThat(ring.producersAreClose()).as("once is enough").isFalse();
  }

  @Test
  void puttersNoticeTakersWhoAreAtWorkAndClose() {
    Ring<Integer> ring = new Ring<>(64);
    put(ring, 64 - 1);

    inTurns(ring);
    put(ring, 1); // the last in the lap of those who put

    assertThat(ring.consumersAreClose()).isTrue();
    assertThat(ring.producersAreClose()).as("they are far ahead").isFalse();
  }

  @Test
  void whoStandsStillIsNotWaitedFor() {
    Ring<Integer> ring = new Ring<>(64);

    put(ring, 64);
    assertThat(ring.consumersAreClose()).isFalse();

    take(ring, 64);
    assertThat(ring.producersAreClose()).isFalse();
  }

  @Test
  void whoIsFarAwayIsNotWaitedFor() {
    Ring<Integer> ring = new Ring<>(256);
    put(ring, 128);

    inTurns(ring);

    assertThat(ring.producersAreClose()).isFalse();
    assertThat(ring.consumersAreClose()).isFalse();
  }

  @Test
  void oneValueIsTakenAtOnce() {
    assertThat(awaited(12, 0, 0, 1, 2, 3)).isTrue();
    assertThat(looks).hasValue(3);
  }

  @Test
  void whatGrowsIsWaitedForUntilItIsABatch() {
    assertThat(awaited(12, 2, 5, 9, 12, 13)).isTrue();
    assertThat(looks).hasValue(4);
  }

  @Test
  void whatGrowsNoMoreIsTaken() {
    assertThat(awaited(12, 2, 5, 5, 9)).isTrue();
    assertThat(looks).hasValue(3);
  }

  @Test
  void whatGrowsTooSlowlyIsTakenWhenTheTimeIsOver() {
    assertThat(awaited(12, 2, 3, 4, 5, 6, 7)).isTrue();
    assertThat(looks).hasValue(LOOKS_IN_ALL);
  }

  @Test
  void whatDoesNotComeIsNotThereWhenTheTimeIsOver() {
    assertThat(awaited(12, 0, 0, 0, 0, 0, 1)).isFalse();
    assertThat(looks).hasValue(LOOKS_IN_ALL);
  }

  private boolean awaited(int batch, int... ahead) {
    return Patience.awaitBatch(() -> ahead[looks.getAndIncrement()], 0, batch, NANOS);
  }

  private static void inTurns(Ring<Integer> ring) {
    for (int i = 0; i < LAP; i++) {
      put(ring, 1);
      take(ring, 1);
    }
  }

  private static void put(Ring<Integer> ring, int values) {
    for (int i = 0; i < values; i++) {
      assertThat(ring.offer(i)).isEqualTo(Ring.Offered.ACCEPTED);
    }
  }

  private static void take(Ring<Integer> ring, int values) {
    for (int i = 0; i < values; i++) {
      assertThat(ring.poll()).isNotNull();
    }
  }
}
