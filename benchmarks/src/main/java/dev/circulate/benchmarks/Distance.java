package dev.circulate.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the processors are from one another: how long a number takes to another thread and back,
 * when both do nothing but look for it. It decides more than the library about every row whose
 * tasks run on two processors at the same time. Between two chips it is several times as long as
 * within one, and a virtual machine may move from the one to the other while it runs.
 */
final class Distance {
  private static final int PARTS = 10;
  private static final long PART = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long OVER = -1;

  /** Between two looks at the clock, which take as long as a trip between near processors. */
  private static final int TRIPS = 100;

  /** Of the last look and those before, in nanoseconds. */
  private final List<Double> roundTrips = new ArrayList<>();

  /** Measures once more; takes a moment. Does nothing where there is only one processor. */
  void look() throws InterruptedException {
    if (Runtime.getRuntime().availableProcessors() > 1) {
      roundTrips.add(roundTrip());
    }
  }

  /** The least of several parts: in one of them both threads may have been on one processor. */
  private static double roundTrip() throws InterruptedException {
    AtomicLong number = new AtomicLong();
    Thread far = Thread.ofPlatform().daemon().start(() -> answer(number));
    double least = Double.MAX_VALUE;
    for (int part = 0; part < PARTS; part++) {
      least = Math.min(least, ask(number));
    }
    number.set(OVER);
    far.join();
    return least;
  }

  private static double ask(AtomicLong number) {
    long begin = System.nanoTime();
    long trips = 0;
    long now = begin;
    while (now - begin < PART) {
      for (int trip = 0; trip < TRIPS; trip++) {
        long odd = number.get() + 1;
        number.set(odd);
        while (number.get() == odd) {
          Thread.onSpinWait();
        }
      }
      trips += TRIPS;
      now = System.nanoTime();
    }
    return (double) (now - begin) / trips;
  }

  /** Answers each odd number with the next even one. */
  private static void answer(AtomicLong number) {
    long seen = number.get();
    while (seen != OVER) {
      if (seen % 2 == 1) {
        number.compareAndSet(seen, seen + 1);
      } else {
        Thread.onSpinWait();
      }
      seen = number.get();
    }
  }

  /**
   * What the middle half of the looks measured, in words: in one or the other both threads may have
   * been on one processor all the time.
   */
  String describe() {
    return describe(roundTrips);
  }

  static String describe(List<Double> roundTrips) {
    if (roundTrips.isEmpty()) {
      return "- Distance: one processor, or not measured";
    }
    List<Double> sorted = roundTrips.stream().sorted().toList();
    int outside = (sorted.size() - 1) / 4;
    return String.format(
        Locale.ROOT,
        "- Distance: a number takes %.0f to %.0f ns to another processor and back",
        sorted.get(outside),
        sorted.get(sorted.size() - 1 - outside));
  }
}
