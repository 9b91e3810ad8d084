package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of the registry of this process when one of those who look into it closes. */
class MemoryRegistryTest {
  private static final Discovery.Offer OFFER =
      new Discovery.Offer("late", URI.create("memory://late"), Set.of("registered late"));

  @Test
  @DisplayName("who has closed announces nothing any more, and hears of nothing")
  void closed() throws InterruptedException {
    try (Registry other = new MemoryRegistry()) {
      Registry closed = new MemoryRegistry();
      closed.announce(OFFER);
      assertThat(other.offering("registered late")).containsExactly(OFFER);
      closed.close();
      closed.announce(OFFER);
      assertThat(other.offering("registered late")).isEmpty();
      assertThat(closed.events().take()).isNull();
    }
  }

  @Test
  @DisplayName("CH-12 a watch that was closed is not kept, though no node comes or leaves")
  void closedWatch() {
    try (Registry registry = new MemoryRegistry()) {
      WeakReference<Object> closed = new WeakReference<>(closedWatch(registry));
      Await.collected(closed);
      assertThat(registry.offering("registered late")).isEmpty();
    }
  }

  private static Object closedWatch(Registry registry) {
    Channel<Discovery.Event> watch = registry.events();
    watch.close();
    return watch;
  }
}
