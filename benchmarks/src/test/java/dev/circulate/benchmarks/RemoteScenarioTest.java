package dev.circulate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What all remote rows have in common. */
class RemoteScenarioTest {
  /** Answers at once, and remembers who asked. */
  private static final class Asked implements RemotePeer {
    private final Set<Thread> by = ConcurrentHashMap.newKeySet();

    @Override
    public int plusOne(int value) {
      by.add(Thread.currentThread());
      return value + 1;
    }

    @Override
    public long sent(int values) {
      return plusOne(values);
    }

    @Override
    public long taken(int values) {
      return plusOne(values);
    }

    @Override
    public void close() {}
  }

  @Test
  void virtual_threads_ask_in_every_row() throws Exception {
    for (RemoteScenario row : RemoteScenario.all()) {
      Asked peer = new Asked();
      row.run(peer);
      assertThat(peer.by).as(row.name()).isNotEmpty().allMatch(Thread::isVirtual);
    }
  }
}
