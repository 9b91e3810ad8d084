package dev.circulate.contract;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.service.Command;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A service for the contracts: quick commands, one that hangs, one that stays, one that fails. */
final class Sums {
  /** The same as its callers see it. */
  interface Client {
    int get42();

    int plusOne(int x);

    int hang();

    void note(int x);

    @Command("nope")
    void noSuchCommand();
  }

  final CountDownLatch hanging = new CountDownLatch(1);
  final CountDownLatch interrupted = new CountDownLatch(1);
  final CountDownLatch mayEnd = new CountDownLatch(1);
  final Set<Integer> noted = ConcurrentHashMap.newKeySet();

  @Command
  void note(int x) {
    noted.add(x);
  }

  @Command
  int get42() {
    return 42;
  }

  @Command
  int plusOne(int x) {
    return x + 1;
  }

  @Command
  Channel<Integer> count(int to) {
    Channel<Integer> numbers = Csp.chan(to);
    for (int i = 1; i <= to; i++) {
      numbers.offer(i);
    }
    numbers.close();
    return numbers;
  }

  @Command
  int fail() {
    throw new IllegalStateException("out of numbers");
  }

  @Command
  int hang() throws InterruptedException {
    hanging.countDown();
    try {
      Csp.chan().take();
      return 0;
    } catch (InterruptedException e) {
      interrupted.countDown();
      throw e;
    }
  }

  /** Heeds no interrupt: ends when the test says so. */
  @Command
  int stay() {
    boolean over = false;
    while (!over) {
      try {
        mayEnd.await();
        over = true;
      } catch (InterruptedException e) {
        interrupted.countDown();
      }
    }
    return 0;
  }
}
