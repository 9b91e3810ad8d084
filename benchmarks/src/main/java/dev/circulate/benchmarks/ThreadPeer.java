package dev.circulate.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The shapes for libraries whose operations block the calling thread: the same loops for all, on
 * virtual threads. Only one subclass is loaded in a fork, so that its methods are inlined as if
 * written here.
 *
 * @param <C> a channel of this library
 */
abstract class ThreadPeer<C> implements Peer {
  static final Duration LIMIT = Duration.ofMinutes(1);

  private static final int YIELDS_BETWEEN_PARKS = 64;

  /** What joins a started task and answers its result. */
  interface Task {
    long join() throws Exception;
  }

  abstract C open(int capacity);

  /** A channel that so many put into and take from. */
  C openFor(int capacity, int putters, int takers) {
    return open(capacity);
  }

  abstract void put(C channel, int value) throws InterruptedException;

  abstract int take(C channel) throws InterruptedException;

  abstract int takeWithin(Duration limit, C channel) throws Exception;

  abstract int selectTake(List<C> channels) throws InterruptedException;

  /** Puts if there is room; only for the libraries that {@linkplain Library#TRYING try}. */
  boolean offer(C channel, int value) {
    throw new UnsupportedOperationException("this library waits");
  }

  /** Takes if there is a value; only for the libraries that {@linkplain Library#TRYING try}. */
  @Nullable Integer poll(C channel) {
    throw new UnsupportedOperationException("this library waits");
  }

  Task start(Callable<Long> body) {
    FutureTask<Long> task = new FutureTask<>(body);
    Thread.startVirtualThread(task);
    return task::get;
  }

  @Override
  public long transfer(int capacity, int putters, int takers, int values) throws Exception {
    C channel = openFor(capacity, putters, takers);
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < putters; i++) {
      tasks.add(start(() -> putAll(channel, values / putters)));
    }
    for (int i = 0; i < takers; i++) {
      tasks.add(start(() -> takeAll(channel, values / takers)));
    }
    return join(tasks);
  }

  @Override
  public long tryingTransfer(int capacity, int pairs, int values) throws Exception {
    C channel = open(capacity);
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      tasks.add(start(() -> offerAll(channel, values / pairs)));
      tasks.add(start(() -> pollAll(channel, values / pairs)));
    }
    return join(tasks);
  }

  @Override
  public long pingPong(int rounds) throws Exception {
    C there = open(0);
    C back = open(0);
    Task player =
        start(
            () -> {
              for (int i = 0; i < rounds; i++) {
                put(back, take(there));
              }
              return 0L;
            });
    Task server =
        start(
            () -> {
              long sum = 0;
              for (int i = 0; i < rounds; i++) {
                put(there, i);
                sum += take(back);
              }
              return sum;
            });
    return player.join() + server.join();
  }

  @Override
  public long chain(int capacity, int stages, int values) throws Exception {
    List<Task> tasks = new ArrayList<>();
    C first = open(capacity);
    C last = first;
    for (int i = 0; i < stages; i++) {
      C in = last;
      C out = open(capacity);
      tasks.add(
          start(
              () -> {
                for (int v = 0; v < values; v++) {
                  put(out, take(in));
                }
                return 0L;
              }));
      last = out;
    }
    C end = last;
    tasks.add(start(() -> putAll(first, values)));
    tasks.add(start(() -> takeAll(end, values)));
    return join(tasks);
  }

  @Override
  public long pairs(int capacity, int pairs, int values) throws Exception {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      C channel = open(capacity);
      tasks.add(start(() -> putAll(channel, values)));
      tasks.add(start(() -> takeAll(channel, values)));
    }
    return join(tasks);
  }

  @Override
  public long select(int capacity, int arms, int values) throws Exception {
    List<C> channels = open(capacity, arms);
    List<Task> tasks = new ArrayList<>();
    for (C channel : channels) {
      tasks.add(start(() -> putAll(channel, values / arms)));
    }
    tasks.add(start(() -> selectAll(channels, values)));
    return join(tasks);
  }

  @Override
  public long selectOneBusy(int arms, int values) throws Exception {
    List<C> channels = open(0, arms);
    Task putter = start(() -> putAll(channels.getLast(), values));
    Task taker = start(() -> selectAll(channels, values));
    return putter.join() + taker.join();
  }

  @Override
  public long roundRobin(int capacity, int channels, int values) throws Exception {
    List<C> all = open(capacity, channels);
    Task putter =
        start(
            () -> {
              for (int i = 0; i < values; i++) {
                put(all.get(i % channels), i);
              }
              return 0L;
            });
    Task taker =
        start(
            () -> {
              long sum = 0;
              for (int i = 0; i < values; i++) {
                sum += take(all.get(i % channels));
              }
              return sum;
            });
    return putter.join() + taker.join();
  }

  @Override
  public long spawn(int tasks, int rounds) throws Exception {
    return start(
            () -> {
              long sum = 0;
              List<Task> started = new ArrayList<>(tasks);
              for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < tasks; i++) {
                  long value = i;
                  started.add(start(() -> value));
                }
                sum += join(started);
                started.clear();
              }
              return sum;
            })
        .join();
  }

  @Override
  public long timedTakes(int values) throws Exception {
    C channel = open(0);
    Task putter = start(() -> putAll(channel, values));
    Task taker =
        start(
            () -> {
              long sum = 0;
              for (int i = 0; i < values; i++) {
                sum += takeWithin(LIMIT, channel);
              }
              return sum;
            });
    return putter.join() + taker.join();
  }

  @Override
  public Object idleChannel(int capacity) {
    return open(capacity);
  }

  @Override
  public Object parkedTakers(int count) {
    List<Task> tasks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      C channel = open(0);
      tasks.add(start(() -> (long) take(channel)));
    }
    return tasks;
  }

  private List<C> open(int capacity, int count) {
    List<C> channels = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      channels.add(open(capacity));
    }
    return channels;
  }

  private long putAll(C channel, int values) throws InterruptedException {
    for (int i = 0; i < values; i++) {
      put(channel, i);
    }
    return 0;
  }

  private long takeAll(C channel, int values) throws InterruptedException {
    long sum = 0;
    for (int i = 0; i < values; i++) {
      sum += take(channel);
    }
    return sum;
  }

  private long offerAll(C channel, int values) {
    for (int i = 0; i < values; i++) {
      for (int failures = 1; !offer(channel, i); failures++) {
        letOthersRun(failures);
      }
    }
    return 0;
  }

  private long pollAll(C channel, int values) {
    long sum = 0;
    for (int i = 0; i < values; i++) {
      Integer value = poll(channel);
      for (int failures = 1; value == null; failures++) {
        letOthersRun(failures);
        value = poll(channel);
      }
      sum += value;
    }
    return sum;
  }

  /**
   * After an attempt in vain. Tasks that only yield can keep all carriers busy for ever, in a queue
   * that those who would help them are not in; so now and then one steps out of it.
   */
  @SuppressWarnings("ThreadPriorityCheck") // a yield between attempts, so that all get their turn
  private static void letOthersRun(int failures) {
    if (failures % YIELDS_BETWEEN_PARKS == 0) {
      LockSupport.parkNanos(1_000);
    } else {
      Thread.yield();
    }
  }

  private long selectAll(List<C> channels, int values) throws InterruptedException {
    long sum = 0;
    for (int i = 0; i < values; i++) {
      sum += selectTake(channels);
    }
    return sum;
  }

  private static long join(List<Task> tasks) throws Exception {
    long sum = 0;
    for (Task task : tasks) {
      sum += task.join();
    }
    return sum;
  }
}
