package dev.circulate.benchmarks;

import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jctools.queues.varhandle.SpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Between more threads than two: the queue of JCTools' that knows no more of them than it has to,
 * and a list of those who wait for a value, or for room.
 */
final class Crowd extends ParkingPeer.Hand {
  /** Who parks until another makes succeed what they try. */
  private static final class Waiting {
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

    /** Whoever is no longer listed when it succeeds was woken, and passes that on. */
    <T> T until(Supplier<@Nullable T> attempt) {
      T outcome = attempt.get();
      while (outcome == null) {
        Thread me = Thread.currentThread();
        threads.add(me);
        outcome = attempt.get();
        if (outcome == null) {
          LockSupport.park(this);
          threads.remove(me);
        } else if (!threads.remove(me)) {
          wakeOne();
        }
      }
      return outcome;
    }

    void wakeOne() {
      VarHandle.fullFence(); // what was just changed is seen by those who were not listed yet
      LockSupport.unpark(threads.poll());
    }
  }

  private final Queue<Integer> values;
  private final Waiting putters = new Waiting();
  private final Waiting takers = new Waiting();

  Crowd(int capacity, int putters, int takers) {
    if (takers == 1) {
      this.values = new MpscVarHandleArrayQueue<>(capacity);
    } else if (putters == 1) {
      this.values = new SpmcVarHandleArrayQueue<>(capacity);
    } else {
      this.values = new MpmcVarHandleArrayQueue<>(capacity);
    }
  }

  @Override
  void put(Integer next) {
    putters.until(() -> values.offer(next) ? next : null);
    takers.wakeOne();
  }

  @Override
  Integer take() {
    Integer taken = takers.until(values::poll);
    putters.wakeOne();
    return taken;
  }

  @Override
  @Nullable Integer takeOr(Thread me) {
    throw new UnsupportedOperationException("a crowd does not select");
  }
}
