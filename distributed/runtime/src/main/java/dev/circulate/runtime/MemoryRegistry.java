package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.internal.LocalChannel;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The registry of the nodes at {@code memory} addresses: of all in this process. */
final class MemoryRegistry implements Registry {
  private static final Directory ALL = new Directory();

  private final Watches<Event> watches = new Watches<>();

  /** This and all below guarded by this. */
  private final Set<String> announced = new HashSet<>();

  private boolean closed;

  /** Opens one; all of them show the same nodes. */
  public static final class Provider implements RegistryProvider {
    /** For the service loader. */
    public Provider() {}

    @Override
    public Set<String> schemes() {
      return Set.of("memory");
    }

    @Override
    public String node(URI uri) {
      return uri.getHost();
    }

    @Override
    public Registry open(URI uri) {
      return new MemoryRegistry();
    }
  }

  @Override
  public synchronized void announce(Offer offer) {
    if (closed) {
      return;
    }
    announced.add(offer.node());
    ALL.announce(offer);
  }

  @Override
  public synchronized void leave(String node) {
    if (announced.remove(node)) {
      ALL.leave(node);
    }
  }

  @Override
  public List<Offer> offering(String service) {
    return ALL.offering(service);
  }

  @Override
  public synchronized Channel<Event> events() {
    LocalChannel<Event> watch = ALL.watch();
    if (closed) {
      watch.cancel();
      return watch;
    }
    watches.add(watch);
    return watch;
  }

  @Override
  public synchronized void close() {
    closed = true;
    List.copyOf(announced).forEach(this::leave);
    watches.close();
  }
}
