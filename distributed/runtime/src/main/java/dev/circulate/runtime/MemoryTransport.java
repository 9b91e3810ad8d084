package dev.circulate.runtime;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Makes links within one process: {@code memory://name} leads to whoever listens at that name.
 *
 * <p>What crosses is encoded and decoded as on any link, so that a program for two address spaces
 * can be tried, and tested, in one.
 */
public final class MemoryTransport implements Transport {
  private static final Set<String> SCHEMES = Set.of("memory");

  private static final Map<String, Door> DOORS = new ConcurrentHashMap<>();

  /** For the service loader; all of them lead to the same places. */
  public MemoryTransport() {}

  /** Compared by identity: one that is closed is no other at the same name. */
  private static final class Door implements Listener {
    private final URI uri;
    private final Consumer<? super Link> accept;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    Door(URI uri, Consumer<? super Link> accept) {
      this.uri = uri;
      this.accept = accept;
    }

    @Override
    public URI uri() {
      return uri;
    }

    @Override
    public void close() {
      DOORS.remove(uri.getHost(), this);
      links.forEach(Link::close);
    }
  }

  @Override
  public Set<String> schemes() {
    return SCHEMES;
  }

  @Override
  public Link connect(URI uri) throws IOException {
    Door door = DOORS.get(nameIn(uri));
    if (door == null) {
      throw new IOException("nobody listens at '" + uri + "'");
    }
    MemoryLink.Pair pair = MemoryLink.pair("a client of " + uri, uri.toString());
    Link far = pair.far();
    door.links.add(far);
    pair.near().whenClosed(() -> door.links.remove(far));
    Thread.ofVirtual().name("accepts at " + uri).start(() -> door.accept.accept(far));
    return pair.near();
  }

  @Override
  public Listener listen(URI uri, Consumer<? super Link> accept) throws IOException {
    Door door = new Door(uri, accept);
    if (DOORS.putIfAbsent(nameIn(uri), door) != null) {
      throw new IOException("somebody listens at '" + uri + "' already");
    }
    return door;
  }

  private static String nameIn(URI uri) throws IOException {
    if (uri.getHost() == null) {
      throw new IOException("'" + uri + "' is not like memory://name");
    }
    return uri.getHost();
  }
}
