package dev.circulate.soak;

import static dev.circulate.Csp.dropping;
import static dev.circulate.Csp.fixed;
import static dev.circulate.Csp.sliding;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Alts;
import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.ChannelBuilder;
import dev.circulate.Csp;
import dev.circulate.Gathering;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Go blocks at the channels of a random shape: each takes from some and puts to others, interrupts
 * another block or cancels a channel now and then, and a new channel takes the place of that. What
 * was put is taken or goes to the hook, exactly once.
 */
final class RandomNetwork {
  private static final int BLOCKS = 300;
  private static final long STEPS = 10L * BLOCKS;

  private static final List<Buffer> BUFFERS =
      List.of(
          new Buffer.Rendezvous(),
          new Buffer.Rendezvous(),
          fixed(1),
          fixed(3),
          fixed(64),
          dropping(4),
          sliding(4));

  /** Which channel a block takes from and which it puts to. */
  private enum Shape {
    /** Any from any. */
    MESH {
      @Override
      int from(int block, int channels, Random random) {
        return random.nextInt(channels);
      }

      @Override
      int to(int block, int channels, Random random) {
        return random.nextInt(channels);
      }
    },
    /** Each block moves values on to the next channel, and the last to the first. */
    RING {
      @Override
      int from(int block, int channels, Random random) {
        return block % channels;
      }

      @Override
      int to(int block, int channels, Random random) {
        return (block + 1) % channels;
      }
    },
    /** From many channels into one, from which the blocks of that channel give back. */
    FAN_IN {
      @Override
      int from(int block, int channels, Random random) {
        return block % channels;
      }

      @Override
      int to(int block, int channels, Random random) {
        return block % channels == 0 ? random.nextInt(channels) : 0;
      }
    },
    /** From one channel to many. */
    FAN_OUT {
      @Override
      int from(int block, int channels, Random random) {
        return block % channels == 0 ? random.nextInt(channels) : 0;
      }

      @Override
      int to(int block, int channels, Random random) {
        return block % channels;
      }
    },
    /** Each channel's values go to either of two below it; the leaves' go back to the root. */
    TREE {
      @Override
      int from(int block, int channels, Random random) {
        return block % channels;
      }

      @Override
      int to(int block, int channels, Random random) {
        int below = 2 * (block % channels) + 1 + random.nextInt(2);
        return below < channels ? below : 0;
      }
    };

    abstract int from(int block, int channels, Random random);

    abstract int to(int block, int channels, Random random);
  }

  private final long seed;
  private final Shape shape;
  private final int size;

  /** The channels in their places; and all that there ever were, guarded by itself. */
  private final AtomicReferenceArray<Channel<Long>> places;

  private final List<Channel<Long>> all = new ArrayList<>();
  private final AtomicReferenceArray<@Nullable Thread> threads = new AtomicReferenceArray<>(BLOCKS);
  private final AtomicLong numbers = new AtomicLong();

  /** The sum of what was accepted, less what was taken or undelivered. */
  private final AtomicLong balance = new AtomicLong();

  private final AtomicLong steps = new AtomicLong();
  private volatile boolean over;

  RandomNetwork(long seed) {
    this.seed = seed;
    Random random = new Random(seed);
    this.shape = Shape.values()[random.nextInt(Shape.values().length)];
    this.size = 2 + random.nextInt(10);
    this.places = new AtomicReferenceArray<>(size);
    for (int i = 0; i < size; i++) {
      renew(i, random);
    }
  }

  /** Runs until enough has happened; answers how many blocks there were. */
  int run() throws InterruptedException {
    List<Channel<Void>> blocks = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) {
      int number = i;
      blocks.add(Csp.go(() -> block(number)));
    }
    Random random = new Random(seed);
    for (long before = -1, now = 0; now < STEPS; before = now, now = steps.get()) {
      if (now == before) {
        interrupt(random); // all may wait, each for another
      }
    }
    end();
    for (Channel<Void> block : blocks) {
      block.take();
    }
    for (Channel<Long> channel : all) {
      assertThat(channel.waitingTakers() + channel.waitingPutters())
          .as("operations that wait in a %s with seed %s", shape, seed)
          .isZero();
    }
    // a gatherer's virtual thread may be the last to hand something to the hook
    until(
        () -> "nothing is missing in a %s with seed %s: %s".formatted(shape, seed, balance),
        () -> balance.get() == 0);
    return BLOCKS;
  }

  private void end() {
    synchronized (all) {
      over = true;
      all.forEach(Channel::cancel);
    }
  }

  /** Puts a new channel into a place; what is in the old one goes to the hook. */
  private void renew(int place, Random random) {
    ChannelBuilder<Long> builder =
        Channel.<Long>builder()
            .buffer(BUFFERS.get(random.nextInt(BUFFERS.size())))
            .onUndelivered(value -> balance.addAndGet(-value));
    Channel<Long> fresh =
        random.nextInt(8) == 0
            ? builder.buffer(fixed(3)).gather(Gathering.map(value -> value)).open()
            : builder.open();
    synchronized (all) {
      if (!over) {
        all.add(fresh);
        Channel<Long> old = places.getAndSet(place, fresh);
        if (old != null && random.nextBoolean()) {
          old.close(); // what is in it is there for those who still hold it
        } else if (old != null) {
          old.cancel();
        }
      }
    }
  }

  private void block(int number) {
    Random random = new Random(seed * 31 + number);
    threads.set(number, Thread.currentThread());
    while (!over) {
      try {
        step(number, random);
      } catch (InterruptedException e) {
        // then the step had no effect
      }
      steps.incrementAndGet();
    }
    threads.set(number, null);
  }

  /** Does something at random. */
  private void step(int number, Random random) throws InterruptedException {
    Channel<Long> from = places.get(shape.from(number, size, random));
    Channel<Long> to = places.get(shape.to(number, size, random));
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> {
        long value = numbers.incrementAndGet();
        sent(value, to.put(value));
      }
      case 4, 5 -> took(from.take());
      case 6, 7 -> took(from.poll(Duration.ofNanos(random.nextInt(100_000))));
      case 8, 9 -> interrupt(random);
      case 10, 11 -> {
        long value = numbers.incrementAndGet();
        sent(value, to.offer(value));
      }
      case 12 -> {
        if (random.nextInt(10) == 0) {
          renew(random.nextInt(size), random);
        }
      }
      default -> alts(from, to);
    }
  }

  private void interrupt(Random random) {
    Thread victim = threads.get(random.nextInt(BLOCKS));
    if (victim != null) {
      victim.interrupt();
    }
  }

  private void alts(Channel<Long> from, Channel<Long> to) throws InterruptedException {
    long value = numbers.incrementAndGet();
    Alts.<Boolean>first()
        .take(from, this::took)
        .put(to, value, () -> sent(value, true))
        .take(Csp.timeout(Duration.ofMillis(1)), _ -> false)
        .onClosed(() -> false)
        .await();
  }

  private boolean sent(long value, boolean accepted) {
    if (accepted) {
      balance.addAndGet(value);
    }
    return accepted;
  }

  private boolean took(@Nullable Long value) {
    if (value != null) {
      balance.addAndGet(-value);
    }
    return value != null;
  }
}
