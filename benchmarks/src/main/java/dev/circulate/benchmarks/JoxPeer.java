package dev.circulate.benchmarks;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.Select;
import com.softwaremill.jox.SelectClause;
import java.time.Duration;
import java.util.List;

/** Jox: its channels on plain virtual threads; a timed take is a select of one clause. */
final class JoxPeer extends ThreadPeer<Channel<Integer>> {
  @Override
  Channel<Integer> open(int capacity) {
    return capacity == 0 ? Channel.newRendezvousChannel() : Channel.newBufferedChannel(capacity);
  }

  @Override
  void put(Channel<Integer> channel, int value) throws InterruptedException {
    channel.send(value);
  }

  @Override
  int take(Channel<Integer> channel) throws InterruptedException {
    return channel.receive();
  }

  @Override
  int takeWithin(Duration limit, Channel<Integer> channel) throws Exception {
    return Select.selectWithin(limit, channel.receiveClause());
  }

  @Override
  int selectTake(List<Channel<Integer>> channels) throws InterruptedException {
    @SuppressWarnings({"unchecked", "rawtypes"})
    SelectClause<Integer>[] clauses = new SelectClause[channels.size()];
    for (int i = 0; i < clauses.length; i++) {
      clauses[i] = channels.get(i).receiveClause();
    }
    return Select.select(clauses);
  }
}
