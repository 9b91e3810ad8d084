package dev.circulate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Many putters and takers on one channel, half of them virtual threads, some operations with little
 * time, all of them interrupted at random: afterwards what was accepted and what was taken are the
 * same.
 */
public final class Traffic {
  /** What a putter puts: its number and the value's, as plain data, since some channels are far. */
  private static List<Integer> item(int putter, int number) {
    return List.of(putter, number);
  }

  private static final long SEED = 20_26;

  private final int putters;
  private final int takers;
  private final int valuesEach;

  /** How many there are of each, and how much each puts. */
  public Traffic(int putters, int takers, int valuesEach) {
    this.putters = putters;
    this.takers = takers;
    this.valuesEach = valuesEach;
  }

  void run(Ends<List<Integer>> ends) throws InterruptedException {
    run(ends.putting(), ends.taking(), ends.putting()::close);
  }

  /**
   * Runs over the two sides of whatever promises what a channel does.
   *
   * @param close after the last put: has takes answer null once everything was taken
   */
  public void run(
      WritePort<List<Integer>> putPort, ReadPort<List<Integer>> takePort, Runnable close)
      throws InterruptedException {
    List<Forked<List<List<Integer>>>> putting = new ArrayList<>();
    List<Forked<List<List<Integer>>>> taking = new ArrayList<>();
    for (int i = 0; i < putters; i++) {
      int putter = i;
      putting.add(forkEither(i, () -> put(putPort, putter)));
    }
    for (int i = 0; i < takers; i++) {
      int taker = i;
      taking.add(forkEither(i, () -> take(takePort, taker)));
    }
    AtomicBoolean over = new AtomicBoolean();
    Forked<@Nullable Void> interrupter = Forked.fork(() -> interrupt(putting, taking, over));

    Set<List<Integer>> accepted = new HashSet<>();
    for (Forked<List<List<Integer>>> each : putting) {
      accepted.addAll(each.join());
    }
    close.run();
    List<List<Integer>> taken = new ArrayList<>();
    for (Forked<List<List<Integer>>> each : taking) {
      List<List<Integer>> seen = each.join();
      assertThat(isInOrder(seen)).as("CH-4 each putter's values in order").isTrue();
      taken.addAll(seen);
    }
    over.set(true);
    interrupter.join();
    assertThat(taken).as("no value twice").doesNotHaveDuplicates();
    assertThat(new HashSet<>(taken)).as("taken and accepted").isEqualTo(accepted);
  }

  private static <T> Forked<T> forkEither(int number, Callable<T> body) {
    return number % 2 == 0 ? Forked.fork(body) : Forked.forkPlatform(body);
  }

  private List<List<Integer>> put(WritePort<List<Integer>> port, int putter) {
    Random random = new Random(SEED + putter);
    List<List<Integer>> accepted = new ArrayList<>();
    for (int number = 0; number < valuesEach; number++) {
      List<Integer> item = item(putter, number);
      try {
        boolean moved =
            switch (random.nextInt(4)) {
              case 0 -> port.offer(item);
              case 1 -> port.offer(item, Duration.ofNanos(random.nextInt(50_000)));
              default -> port.put(item);
            };
        if (moved) {
          accepted.add(item);
        }
      } catch (InterruptedException e) {
        // then it was not put
      }
    }
    return accepted;
  }

  private List<List<Integer>> take(ReadPort<List<Integer>> port, int taker) {
    Random random = new Random(SEED - taker);
    List<List<Integer>> taken = new ArrayList<>();
    for (; ; ) {
      try {
        int how = random.nextInt(4);
        List<Integer> item =
            switch (how) {
              case 0 -> port.poll();
              case 1 -> port.poll(Duration.ofNanos(random.nextInt(50_000)));
              default -> port.take();
            };
        if (item != null) {
          taken.add(item);
        } else if (how > 1) {
          return taken;
        }
      } catch (InterruptedException e) {
        // then nothing was taken
      }
    }
  }

  private static @Nullable Void interrupt(
      List<Forked<List<List<Integer>>>> putting,
      List<Forked<List<List<Integer>>>> taking,
      AtomicBoolean over) {
    Random random = new Random(SEED);
    while (!over.get()) {
      List<Forked<List<List<Integer>>>> side = random.nextBoolean() ? putting : taking;
      side.get(random.nextInt(side.size())).interrupt();
      LockSupport.parkNanos(20_000); // paces the interrupts; nothing waits for it
    }
    return null;
  }

  private boolean isInOrder(List<List<Integer>> seen) {
    int[] next = new int[putters];
    for (List<Integer> item : seen) {
      int putter = item.get(0);
      int number = item.get(1);
      if (number < next[putter]) {
        return false;
      }
      next[putter] = number + 1;
    }
    return true;
  }
}
