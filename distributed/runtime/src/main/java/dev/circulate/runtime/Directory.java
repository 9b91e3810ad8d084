package dev.circulate.runtime;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.internal.LocalChannel;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Discovery within one process: who offers something says so here. Others keep what they have heard
 * in one of these.
 *
 * <p><b>Threads.</b> Every method may be called by any thread; none blocks.
 */
public final class Directory implements Registry {
  /** Guarded by this. */
  private final Map<String, Offer> offers = new TreeMap<>();

  private final Watches<Event> watches = new Watches<>();

  /** Guarded by this. */
  private boolean closed;

  /** An empty one. */
  public Directory() {}

  @Override
  public synchronized void announce(Offer offer) {
    Offer before = offers.get(offer.node());
    if (closed || offer.equals(before)) {
      return;
    }
    leave(offer.node());
    offers.put(offer.node(), offer);
    tell(new Event(Event.Kind.CAME, offer));
  }

  @Override
  public synchronized void leave(String node) {
    Offer left = offers.remove(Objects.requireNonNull(node, "node"));
    if (left != null) {
      tell(new Event(Event.Kind.LEFT, left));
    }
  }

  private void tell(Event event) {
    watches.tell(event);
  }

  @Override
  public synchronized List<Offer> offering(String service) {
    return offers.values().stream().filter(offer -> offer.services().contains(service)).toList();
  }

  @Override
  public Channel<Event> events() {
    return watch();
  }

  synchronized LocalChannel<Event> watch() {
    LocalChannel<Event> watch = LocalChannel.open(new Buffer.Unbounded(), "events of nodes", null);
    if (closed) {
      watch.close();
      return watch;
    }
    offers.values().forEach(offer -> watch.offer(new Event(Event.Kind.CAME, offer)));
    watches.add(watch);
    return watch;
  }

  @Override
  public synchronized void close() {
    closed = true;
    offers.clear();
    watches.close();
  }
}
