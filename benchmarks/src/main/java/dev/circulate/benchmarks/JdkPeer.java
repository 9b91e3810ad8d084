package dev.circulate.benchmarks;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The JDK's own: queues on virtual threads. It has nothing to select with. */
final class JdkPeer extends ThreadPeer<BlockingQueue<Integer>> {
  @Override
  BlockingQueue<Integer> open(int capacity) {
    return capacity == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(capacity);
  }

  @Override
  void put(BlockingQueue<Integer> queue, int value) throws InterruptedException {
    queue.put(value);
  }

  @Override
  int take(BlockingQueue<Integer> queue) throws InterruptedException {
    return queue.take();
  }

  @Override
  boolean offer(BlockingQueue<Integer> queue, int value) {
    return queue.offer(value);
  }

  @Override
  @Nullable Integer poll(BlockingQueue<Integer> queue) {
    return queue.poll();
  }

  @Override
  int takeWithin(Duration limit, BlockingQueue<Integer> queue) throws InterruptedException {
    return requireNonNull(queue.poll(limit.toNanos(), TimeUnit.NANOSECONDS));
  }

  @Override
  int selectTake(List<BlockingQueue<Integer>> queues) {
    throw new UnsupportedOperationException("the JDK's queues have no select");
  }
}
