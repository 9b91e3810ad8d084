package dev.circulate.benchmarks;

import java.time.Duration;
import java.util.List;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A queue of JCTools for many on both sides, on virtual threads: the yardstick for a ring without
 * waiting. It knows neither waiting nor closing, so its tasks try until they succeed.
 */
final class JctoolsPeer extends ThreadPeer<MpmcVarHandleArrayQueue<Integer>> {
  @Override
  MpmcVarHandleArrayQueue<Integer> open(int capacity) {
    return new MpmcVarHandleArrayQueue<>(capacity);
  }

  @Override
  boolean offer(MpmcVarHandleArrayQueue<Integer> queue, int value) {
    return queue.offer(value);
  }

  @Override
  @Nullable Integer poll(MpmcVarHandleArrayQueue<Integer> queue) {
    return queue.poll();
  }

  @Override
  void put(MpmcVarHandleArrayQueue<Integer> queue, int value) {
    throw new UnsupportedOperationException("JCTools' queues do not wait");
  }

  @Override
  int take(MpmcVarHandleArrayQueue<Integer> queue) {
    throw new UnsupportedOperationException("JCTools' queues do not wait");
  }

  @Override
  int takeWithin(Duration limit, MpmcVarHandleArrayQueue<Integer> queue) {
    throw new UnsupportedOperationException("JCTools' queues do not wait");
  }

  @Override
  int selectTake(List<MpmcVarHandleArrayQueue<Integer>> queues) {
    throw new UnsupportedOperationException("JCTools' queues have no select");
  }
}
