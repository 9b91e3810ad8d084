package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Discovery from a list, of nodes in this process. */
class StaticDiscoveryTest extends WatchfulDiscoveryContract {
  private static URI uri(String name) {
    return URI.create("memory://static-" + name);
  }

  @Override
  protected Discovery discovery() {
    return new StaticDiscovery(List.of(uri("a"), uri("b")), Duration.ofMillis(20));
  }

  @Test
  @DisplayName("what a node offers is asked again: it leaves, and comes with what it has then")
  void offersMore() throws Exception {
    Root root = Root.named("a").add("x", Csp.chan(), Visibility.PUBLIC);
    try (Server _ = Server.start(uri("a"), root);
        Discovery discovery = discovery()) {
      Channel<Discovery.Event> events = discovery.events();
      assertThat(next(events).offer().services()).containsExactly("x");
      root.add("y", Csp.chan(), Visibility.PUBLIC);
      assertThat(next(events).kind()).isEqualTo(Discovery.Event.Kind.LEFT);
      assertThat(next(events).offer().services()).containsExactlyInAnyOrder("x", "y");
    }
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
