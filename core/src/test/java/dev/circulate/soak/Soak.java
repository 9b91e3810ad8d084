package dev.circulate.soak;

import static dev.circulate.Csp.dropping;
import static dev.circulate.Csp.fixed;
import static dev.circulate.Csp.sliding;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Alts;
import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.Csp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random networks of go blocks, one after the other for many minutes: each keeps count of its
 * values, and at the end the heap is where it was. {@code mvn -Psoak -pl core test} runs it; {@code
 * -Dsoak.minutes=60} for longer, {@code -Dsoak.seed} to begin with the same networks again.
 */
class Soak {
  private static final int BLOCKS = 300;
  private static final long ALLOWED_GROWTH = 4L << 20;

  private static final List<Buffer> BUFFERS =
      List.of(
          new Buffer.Rendezvous(),
          new Buffer.Rendezvous(),
          fixed(1),
          fixed(3),
          fixed(64),
          dropping(4),
          sliding(4));

  @Test
  @Timeout(Integer.MAX_VALUE)
  @DisplayName(
      "CH-5 CH-12 CH-13 GO-1 millions of go blocks: every value accounted for, the heap flat")
  void heapStaysFlat() throws Exception {
    Duration length = Duration.ofMinutes(Long.getLong("soak.minutes", 10));
    long seed = Long.getLong("soak.seed", System.nanoTime());
    System.out.println("soak.seed=" + seed + " for " + length);
    long start = System.nanoTime();
    long blocks = 0;
    long before = 0;
    for (long round = 0; System.nanoTime() - start < length.toNanos(); round++) {
      new Network(seed + round).run();
      blocks += BLOCKS;
      if (before == 0 && System.nanoTime() - start > length.toNanos() / 5) {
        before = usedHeap();
      }
    }
    long after = usedHeap();
    System.out.printf("%,d go blocks; heap %,d bytes, then %,d%n", blocks, before, after);
    assertThat(after)
        .as("bytes in use, and before it was %s", before)
        .isLessThan(before + ALLOWED_GROWTH);
  }

  /** What is in use once collecting frees no more. */
  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int unchanged = 0; unchanged < 5; unchanged++) {
      System.gc();
      long used = runtime.totalMemory() - runtime.freeMemory();
      if (used < least) {
        least = used;
        unchanged = 0;
      }
    }
    return least;
  }

  /** Channels, and blocks that put and take at random until all channels are cancelled. */
  private static final class Network {
    private final long seed;
    private final List<Channel<Long>> channels = new ArrayList<>();
    private final AtomicReferenceArray<@Nullable Thread> threads =
        new AtomicReferenceArray<>(BLOCKS);
    private final AtomicLong numbers = new AtomicLong();

    /** The sum of what was accepted, less what was taken or undelivered. */
    private final AtomicLong balance = new AtomicLong();

    private final AtomicLong steps = new AtomicLong();

    Network(long seed) {
      this.seed = seed;
      Random random = new Random(seed);
      for (int i = 2 + random.nextInt(10); i > 0; i--) {
        channels.add(
            Channel.<Long>builder()
                .buffer(BUFFERS.get(random.nextInt(BUFFERS.size())))
                .onUndelivered(value -> balance.addAndGet(-value))
                .open());
      }
    }

    void run() throws InterruptedException {
      List<Channel<Void>> blocks = new ArrayList<>();
      for (int i = 0; i < BLOCKS; i++) {
        int number = i;
        blocks.add(Csp.go(() -> block(number)));
      }
      Random random = new Random(seed);
      for (long before = -1, now = 0; now < 10L * BLOCKS; before = now, now = steps.get()) {
        if (now == before) {
          interrupt(random); // all may wait, each for another
        }
      }
      channels.forEach(Channel::cancel);
      for (Channel<Void> block : blocks) {
        block.take();
      }
      for (Channel<Long> channel : channels) {
        assertThat(channel.waitingTakers() + channel.waitingPutters())
            .as("operations that wait, with seed %s", seed)
            .isZero();
      }
      assertThat(balance.get()).as("what is missing, with seed %s", seed).isZero();
    }

    private void block(int number) {
      Random random = new Random(seed * 31 + number);
      threads.set(number, Thread.currentThread());
      boolean open = true;
      while (open) {
        try {
          open = step(random);
        } catch (InterruptedException e) {
          // then the step had no effect
        }
        steps.incrementAndGet();
      }
      threads.set(number, null);
    }

    /** Does something at random; false when the channel was closed. */
    private boolean step(Random random) throws InterruptedException {
      Channel<Long> one = channels.get(random.nextInt(channels.size()));
      Channel<Long> other = channels.get(random.nextInt(channels.size()));
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          return put(one);
        }
        case 2 -> took(one.take());
        case 3 -> took(one.poll(Duration.ofNanos(random.nextInt(100_000))));
        case 4 -> interrupt(random);
        case 5 -> {
          long value = numbers.incrementAndGet();
          if (one.offer(value)) {
            balance.addAndGet(value);
          }
        }
        default -> alts(one, other);
      }
      return !one.isClosed();
    }

    private void interrupt(Random random) {
      Thread victim = threads.get(random.nextInt(BLOCKS));
      if (victim != null) {
        victim.interrupt();
      }
    }

    private boolean put(Channel<Long> channel) throws InterruptedException {
      long value = numbers.incrementAndGet();
      boolean accepted = channel.put(value);
      if (accepted) {
        balance.addAndGet(value);
      }
      return accepted;
    }

    private void alts(Channel<Long> one, Channel<Long> other) throws InterruptedException {
      long value = numbers.incrementAndGet();
      Alts.<Boolean>first()
          .take(one, this::took)
          .put(other, value, () -> balance.addAndGet(value) > 0)
          .take(Csp.timeout(Duration.ofMillis(1)), _ -> false)
          .onClosed(() -> false)
          .await();
    }

    private boolean took(@Nullable Long value) {
      if (value != null) {
        balance.addAndGet(-value);
      }
      return value != null;
    }
  }
}
