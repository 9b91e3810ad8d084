package dev.circulate.runtime;

import dev.circulate.Csp;
import dev.circulate.service.Root;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Discovery from a list, of nodes in this process. */
class StaticDiscoveryTest extends WatchfulDiscoveryContract {
  private static URI uri(String name) {
    return URI.create("memory://static-" + name);
  }

  @Override
  protected Discovery discovery() {
    return new StaticDiscovery(List.of(uri("a"), uri("b")), Duration.ofMillis(20));
  }

  @Override
  protected Mortal start(String name, Set<String> services) throws IOException {
    Root root = Root.named(name);
    services.forEach(service -> root.add(service, Csp.chan(), Visibility.PUBLIC));
    Queue<MemoryLink> links = new ConcurrentLinkedQueue<>();
    Queue<Peer> peers = new ConcurrentLinkedQueue<>();
    Transport.Listener listener =
        new MemoryTransport()
            .listen(
                uri(name),
                link -> {
                  links.add((MemoryLink) link);
                  peers.add(Peer.over(link).root(root).begin());
                });
    return new Mortal() {
      @Override
      public String name() {
        return uri(name).toString();
      }

      @Override
      public void leave() {
        peers.forEach(Peer::close);
        listener.close();
      }

      @Override
      public void die() {
        links.forEach(MemoryLink::cut);
        listener.close();
      }
    };
  }
}
