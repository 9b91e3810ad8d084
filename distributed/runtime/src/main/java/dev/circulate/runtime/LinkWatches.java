package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.internal.LocalChannel;
import org.jspecify.annotations.Nullable;

/**
 * Those who watch what becomes of the link to one peer. Whoever changes the link holds this lock
 * while it does and tells, so that all are told in the order in which it happened.
 */
final class LinkWatches {
  /** How many events wait for one who does not look. */
  private static final int KEPT = 16;

  private final Watches<LinkEvent> watches = new Watches<>();

  private @Nullable LinkEvent last;

  /** Tells all, unless the last was told. */
  synchronized void tell(LinkEvent event) {
    if (last instanceof LinkEvent.Lost) {
      return;
    }
    last = event;
    watches.tell(event);
    if (event instanceof LinkEvent.Lost) {
      watches.close();
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
    }
    return watch;
  }
}
