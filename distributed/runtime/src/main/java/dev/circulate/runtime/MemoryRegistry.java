package dev.circulate.runtime;

import dev.circulate.Channel;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The registry of the nodes at {@code memory} addresses: of all in this process. */
final class MemoryRegistry implements Registry {
  private static final Directory ALL = new Directory();

  private final Set<String> announced = ConcurrentHashMap.newKeySet();
  private final Set<Channel<Event>> watches = ConcurrentHashMap.newKeySet();

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
  public void announce(Offer offer) {
    announced.add(offer.node());
    ALL.announce(offer);
  }

  @Override
  public void leave(String node) {
    if (announced.remove(node)) {
      ALL.leave(node);
    }
  }

  @Override
  public List<Offer> offering(String service) {
    return ALL.offering(service);
  }

  @Override
  public Channel<Event> events() {
    watches.removeIf(Channel::isClosed);
    Channel<Event> watch = ALL.events();
    watches.add(watch);
    return watch;
  }

  @Override
  public void close() {
    announced.forEach(this::leave);
    watches.forEach(Channel::close);
  }
}
