package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * An alts that finds, when it comes to queue, what others have put without the lock after it
 * looked, and have not yet given to those who wait for it.
 */
class SettlingForOthersTest {
  /** A clock that lets something happen when the test's thread has looked, and has to wait. */
  private static final class Meanwhile extends Time {
    private final Thread owner = Thread.currentThread();
    private final Time system;
    private Runnable event = () -> {};

    Meanwhile(Time system) {
      this.system = system;
    }

    @Override
    public int patience() {
      if (Thread.currentThread().equals(owner)) {
        event.run();
      }
      return system.patience();
    }

    @Override
    public long nanoTime() {
      return system.nanoTime();
    }

    @Override
    public void parkUntil(Wait wait, long moment) {
      system.parkUntil(wait, moment);
    }

    @Override
    public Timer schedule(long moment, Runnable task) {
      return system.schedule(moment, task);
    }
  }

  /** Remembers what it is given. */
  private record Taker(List<Integer> taken) implements TakeHandler<Integer> {
    @Override
    public void taken(Integer value) {
      taken.add(value);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      throw new AssertionError("nobody closes it", cause);
    }
  }

  private final Time before = Time.current();
  private final Meanwhile time = new Meanwhile(before);

  @AfterEach
  void restore() {
    Time.install(before);
  }

  @Test
  @DisplayName("AL-1 CH-2 an alts that settles several channels wakes who waits at each of them")
  void wakesAll() throws InterruptedException {
    List<Integer> taken = new ArrayList<>();
    Selection alts = new Selection();
    List<LocalChannel<Integer>> channels = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      LocalChannel<Integer> channel = LocalChannel.open(new Buffer.Fixed(1), null, null);
      assertThat(channel.offer(-1)).isTrue();
      assertThat(channel.poll()).as("and its ring is there").isEqualTo(-1);
      channel.takeAsync(new Taker(taken));
      alts.take(channel);
      channels.add(channel);
    }
    Time.install(time);
    time.event =
        () -> {
          for (int i = 0; i < channels.size(); i++) {
            putAndPause(channels.get(i), i);
          }
          time.event = () -> {};
        };
    assertThat(alts.await(Time.after(Duration.ofMillis(1)))).as("it is late").isNegative();
    assertThat(taken).containsExactlyInAnyOrder(0, 1, 2);
  }

  /** The first step of a put that takes no lock; the second would settle the channel. */
  private static void putAndPause(LocalChannel<Integer> channel, int value) {
    Ring<Integer> ring = Objects.requireNonNull(channel.ring);
    assertThat(ring.offer(value)).isEqualTo(Ring.Offered.ACCEPTED);
  }
}
