package dev.circulate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.internal.Time;
import java.lang.Thread.State;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which go blocks count as waiting. */
class CensusTest {
  private final ManualTime time = new ManualTime((_, _) -> {});
  private final Census census = new Census(time);

  @Test
  @DisplayName("GO-5 who was given what it waits for waits no more, though its thread looks parked")
  void givenButNotYetAwake() throws InterruptedException {
    AtomicBoolean given = new AtomicBoolean();
    Thread block = Thread.ofVirtual().unstarted(() -> time.parkUntil(given::get, Time.NEVER));
    census.started(block);
    assertThat(census.allWait()).as("before its first step").isFalse();
    block.start();
    while (block.getState() != State.WAITING) {
      assertThat(block.isAlive()).as("has parked").isTrue();
    }
    assertThat(census.allWait()).isTrue();
    given.set(true);
    assertThat(block.getState()).isEqualTo(State.WAITING);
    assertThat(census.allWait()).isFalse();
    LockSupport.unpark(block);
    block.join();
    census.ended(block);
    assertThat(census.allWait()).isTrue();
  }
}
