package dev.circulate.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * No library: the least with which one virtual thread hands a value to one other that waits for it,
 * or joins it. It has a field, parking and unparking, and nothing that a channel is for: it neither
 * closes nor selects, is not interrupted, and knows one putter and one taker. What it costs, every
 * rendezvous that parks costs at least.
 */
final class ParkingPeer extends ThreadPeer<ParkingPeer.Slot> {
  /** A value on its way, and who waits for it to come or to go. */
  static final class Slot {
    private volatile @Nullable Integer value;
    private volatile @Nullable Thread putter;
    private volatile @Nullable Thread taker;

    void put(Integer next) {
      putter = Thread.currentThread();
      value = next;
      LockSupport.unpark(taker);
      while (value != null) {
        LockSupport.park(this);
      }
    }

    Integer take() {
      taker = Thread.currentThread();
      Integer taken = value;
      while (taken == null) {
        LockSupport.park(this);
        taken = value;
      }
      value = null;
      LockSupport.unpark(putter);
      return taken;
    }
  }

  @Override
  Slot open(int capacity) {
    if (capacity > 0) {
      throw new UnsupportedOperationException("no buffer here");
    }
    return new Slot();
  }

  @Override
  void put(Slot slot, int value) {
    slot.put(value);
  }

  @Override
  int take(Slot slot) {
    return slot.take();
  }

  @Override
  int takeWithin(Duration limit, Slot slot) {
    throw new UnsupportedOperationException("no limit here");
  }

  @Override
  int selectTake(List<Slot> slots) {
    throw new UnsupportedOperationException("no select here");
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
