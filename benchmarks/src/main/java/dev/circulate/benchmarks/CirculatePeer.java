package dev.circulate.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.Csp;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Ours: go blocks and their result channels, alts built anew for each choice. */
final class CirculatePeer extends ThreadPeer<Channel<Integer>> {
  @Override
  Channel<Integer> open(int capacity) {
    return capacity == 0 ? Csp.chan() : Csp.chan(capacity);
  }

  @Override
  void put(Channel<Integer> channel, int value) throws InterruptedException {
    if (!channel.put(value)) {
      throw new IllegalStateException("refused " + value);
    }
  }

  @Override
  int take(Channel<Integer> channel) throws InterruptedException {
    return requireNonNull(channel.take());
  }

  @Override
  boolean offer(Channel<Integer> channel, int value) {
    return channel.offer(value);
  }

  @Override
  @Nullable Integer poll(Channel<Integer> channel) {
    return channel.poll();
  }

  @Override
  int takeWithin(Duration limit, Channel<Integer> channel) throws InterruptedException {
    return requireNonNull(channel.poll(limit));
  }

  @Override
  int selectTake(List<Channel<Integer>> channels) throws InterruptedException {
    Alts<Integer> alts = Alts.first();
    for (Channel<Integer> channel : channels) {
      alts.take(channel, value -> value);
    }
    return alts.await();
  }

  @Override
  Task start(Callable<Long> body) {
    Channel<Long> result = Csp.go(body);
    return () -> requireNonNull(result.take());
  }
}
