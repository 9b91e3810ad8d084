package dev.circulate.runtime;

import dev.circulate.Channel;
import dev.circulate.Checked;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** A registry for the nodes at {@code moody://name}, which fails as {@link Moody} does. */
final class MoodyRegistry implements Registry {
  private final Directory directory = new Directory();

  /** For the service loader. */
  public static final class Provider implements RegistryProvider {
    /** For the service loader. */
    public Provider() {}

    @Override
    public Set<String> schemes() {
      return Set.of("moody");
    }

    @Override
    public String node(URI uri) {
      return uri.getHost();
    }

    @Override
    public Registry open(URI uri) {
      return new MoodyRegistry();
    }
  }

  private static void failIfMoody() {
    if (Moody.MOODS.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      Object _ = Checked.thrown(Moody.FAILURE.get());
    }
  }

  @Override
  public void announce(Offer offer) {
    failIfMoody();
    directory.announce(offer);
  }

  @Override
  public void leave(String node) {
    directory.leave(node);
  }

  @Override
  public List<Offer> offering(String service) {
    return directory.offering(service);
  }

  @Override
  public Channel<Event> events() {
    return directory.events();
  }

  @Override
  public void close() {
    failIfMoody();
    directory.close();
  }
}
