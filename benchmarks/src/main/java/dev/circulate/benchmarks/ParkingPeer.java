package dev.circulate.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * No library: the least with which one virtual thread hands values to one other that waits for
 * them, or joins it. It has fields, parking and unparking, and nothing that a channel is for: it
 * does not close, is not interrupted, and knows one putter and one taker, or as many as {@link
 * Crowd} is told. What it costs, all that parks costs at least.
 */
final class ParkingPeer extends ThreadPeer<ParkingPeer.Hand> {
  /** From one thread to one other. */
  abstract static class Hand {
    abstract void put(Integer value);

    /** What there is to take; null if the taker, who is named from now on, has to wait. */
    abstract @Nullable Integer takeOr(Thread taker);

    Integer take() {
      Thread me = Thread.currentThread();
      Integer taken = takeOr(me);
      while (taken == null) {
        LockSupport.park(this);
        taken = takeOr(me);
      }
      return taken;
    }
  }

  /** A value on its way, and who waits for it to come or to go. */
  private static final class Slot extends Hand {
    private volatile @Nullable Integer value;
    private volatile @Nullable Thread putter;
    private volatile @Nullable Thread taker;

    @Override
    void put(Integer next) {
      putter = Thread.currentThread();
      value = next;
      LockSupport.unpark(taker);
      while (value != null) {
        LockSupport.park(this);
      }
    }

    @Override
    @Nullable Integer takeOr(Thread me) {
      if (taker != me) {
        taker = me;
      }
      Integer taken = value;
      if (taken != null) {
        value = null;
        LockSupport.unpark(putter);
      }
      return taken;
    }
  }

  /** Values on their way, and who waits, if one does. */
  private static final class Row extends Hand {
    private final @Nullable Integer[] values;
    private volatile int put;
    private volatile int taken;
    private volatile @Nullable Thread putter;
    private volatile @Nullable Thread taker;

    Row(int capacity) {
      this.values = new Integer[capacity];
    }

    @Override
    void put(Integer next) {
      int at = put;
      while (at - taken == values.length) {
        putter = Thread.currentThread();
        if (at - taken == values.length) {
          LockSupport.park(this);
        }
      }
      values[at % values.length] = next;
      put = at + 1;
      Thread waiting = taker;
      if (waiting != null) {
        taker = null;
        LockSupport.unpark(waiting);
      }
    }

    @Override
    @Nullable Integer takeOr(Thread me) {
      int at = taken;
      if (at == put) {
        taker = me;
        if (at == put) {
          return null;
        }
      }
      Integer next = values[at % values.length];
      taken = at + 1;
      Thread waiting = putter;
      if (waiting != null) {
        putter = null;
        LockSupport.unpark(waiting);
      }
      return next;
    }
  }

  @Override
  Hand open(int capacity) {
    return capacity == 0 ? new Slot() : new Row(capacity);
  }

  @Override
  Hand openFor(int capacity, int putters, int takers) {
    return putters + takers == 2 ? open(capacity) : new Crowd(capacity, putters, takers);
  }

  @Override
  void put(Hand hand, int value) {
    hand.put(value);
  }

  @Override
  int take(Hand hand) {
    return hand.take();
  }

  /** Begins with another each time, as the libraries do, which choose at random. */
  @Override
  int selectTake(List<Hand> hands) {
    Thread me = Thread.currentThread();
    for (; ; ) {
      int first = ThreadLocalRandom.current().nextInt(hands.size());
      for (int i = 0; i < hands.size(); i++) {
        Integer taken = hands.get((first + i) % hands.size()).takeOr(me);
        if (taken != null) {
          return taken;
        }
      }
      LockSupport.park(this);
    }
  }

  @Override
  int takeWithin(Duration limit, Hand hand) {
    throw new UnsupportedOperationException("no limit here");
  }

  @Override
  Task start(Callable<Long> body) {
    Bare bare = new Bare(body);
    Thread thread = Thread.startVirtualThread(bare);
    return () -> {
      thread.join();
      return bare.result;
    };
  }

  private static final class Bare implements Runnable {
    private final Callable<Long> body;
    private long result;

    Bare(Callable<Long> body) {
      this.body = body;
    }

    @Override
    public void run() {
      try {
        result = body.call();
      } catch (Exception e) {
        throw new IllegalStateException("a shape failed", e);
      }
    }
  }
}
