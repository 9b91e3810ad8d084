package dev.circulate.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.internal.Time;
import java.lang.Thread.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

  /** A wait that ends just after it was looked at, while the next one is. */
  private static final class Wait implements Time.Wait {
    private final List<Wait> lookedAt;
    private volatile boolean over;

    Wait(List<Wait> lookedAt) {
      this.lookedAt = lookedAt;
    }

    @Override
    public boolean isOver() {
      if (!lookedAt.contains(this)) {
        lookedAt.forEach(earlier -> earlier.over = true);
        lookedAt.add(this);
      }
      return over;
    }
  }

  @Test
  @DisplayName("GO-5 a block that another woke, after it was looked at and before that one, runs")
  void wokenMeanwhile() throws InterruptedException {
    List<Wait> lookedAt = new CopyOnWriteArrayList<>();
    List<Thread> blocks = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Wait wait = new Wait(lookedAt);
      Thread block = Thread.ofVirtual().unstarted(() -> time.parkUntil(wait, Time.NEVER));
      blocks.add(block);
      census.started(block);
      block.start();
    }
    for (Thread block : blocks) {
      while (block.getState() != State.WAITING) {
        assertThat(block.isAlive()).as("has parked").isTrue();
      }
    }
    assertThat(census.allWait()).isFalse();
    assertThat(lookedAt).as("both were waiting when they were looked at").hasSize(2);
    for (Thread block : blocks) {
      LockSupport.unpark(block);
      block.join();
    }
  }

  @Test
  @DisplayName("GO-5 a block that was just interrupted is about to run, and does not wait")
  void interrupted() throws InterruptedException {
    for (int round = 0; round < 2_000; round++) {
      Thread block = Thread.ofVirtual().unstarted(() -> time.parkUntil(() -> false, Time.NEVER));
      census.started(block);
      block.start();
      while (block.getState() != State.WAITING) {
        assertThat(block.isAlive()).as("has parked").isTrue();
      }
      block.interrupt();
      assertThat(census.allWait()).as("in round %s", round).isFalse();
      block.join();
      census.ended(block);
    }
  }
}
