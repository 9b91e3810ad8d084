package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.internal.LocalChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Those who watch what becomes of the link to one peer. Whoever changes the link holds this lock
 * while it does and tells, so that all are told in the order in which it happened.
 */
final class LinkWatches {
  /** How many events wait for one who does not look. */
  private static final int KEPT = 16;

  /** Of a kind that may be emptied while it is gone through: who is told may end the session. */
  private final Set<Channel<LinkEvent>> watches = ConcurrentHashMap.newKeySet();

  private @Nullable LinkEvent last;

  /** Tells all, unless the last was told. */
  synchronized void tell(LinkEvent event) {
    if (last instanceof LinkEvent.Lost) {
      return;
    }
    last = event;
    watches.forEach(watch -> watch.offer(event));
    if (event instanceof LinkEvent.Lost) {
      watches.forEach(Channel::close);
      watches.clear();
    }
  }

  /** Begins to watch: with what happened last, if anything has. */
  synchronized Channel<LinkEvent> watch(String name) {
    LocalChannel<LinkEvent> watch = LocalChannel.open(new Buffer.Sliding(KEPT), name, null);
    if (last != null) {
      watch.offer(last);
    }
    if (last instanceof LinkEvent.Lost) {
      watch.close();
    } else {
      watches.add(watch);
      watch.onClose(() -> watches.remove(watch));
    }
    return watch;
  }
}
