package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.runtime.Discovery.Event;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every discovery keeps. A subclass says how nodes come and leave. */
public abstract class DiscoveryContract {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A node that was started. */
  public interface Node {
    /** Its name as the discovery has it. */
    String name();

    /** It leaves in order. */
    void leave();
  }

  /** The one that is tested, which knows nobody yet. */
  protected abstract Discovery discovery() throws Exception;

  /** Starts a node that offers services. */
  protected abstract Node start(String name, Set<String> services) throws Exception;

  static Event next(Channel<Event> events) throws InterruptedException {
    return Objects.requireNonNull(events.poll(PATIENCE), "no event came");
  }

  private static List<String> names(List<Discovery.Offer> offers) {
    return offers.stream().map(Discovery.Offer::node).toList();
  }

  @Test
  @DisplayName("nodes come and leave, and are found by what they offer meanwhile")
  void comeAndLeave() throws Exception {
    try (Discovery discovery = discovery()) {
      Channel<Event> events = discovery.events();
      Node a = start("a", Set.of("x", "y"));
      Event came = next(events);
      assertThat(came.kind()).isEqualTo(Event.Kind.CAME);
      assertThat(came.offer().node()).isEqualTo(a.name());
      assertThat(came.offer().uri()).isInstanceOf(URI.class);
      assertThat(came.offer().services()).containsExactlyInAnyOrder("x", "y");
      Node b = start("b", Set.of("x"));
      assertThat(next(events).offer().node()).isEqualTo(b.name());
      assertThat(names(discovery.offering("x"))).containsExactlyInAnyOrder(a.name(), b.name());
      assertThat(names(discovery.offering("y"))).containsExactly(a.name());
      assertThat(discovery.offering("z")).isEmpty();
      a.leave();
      Event left = next(events);
      assertThat(left.kind()).isEqualTo(Event.Kind.LEFT);
      assertThat(left.offer().node()).isEqualTo(a.name());
      assertThat(names(discovery.offering("x"))).containsExactly(b.name());
      b.leave();
      assertThat(next(events).kind()).isEqualTo(Event.Kind.LEFT);
    }
  }

  @Test
  @DisplayName("who watches later hears of those that are there; closing ends the watches")
  void watchesLater() throws Exception {
    Discovery discovery = discovery();
    Channel<Event> first = discovery.events();
    Node a = start("a", Set.of("x"));
    assertThat(next(first).kind()).isEqualTo(Event.Kind.CAME);
    Channel<Event> second = discovery.events();
    assertThat(next(second).offer().node()).isEqualTo(a.name());
    discovery.close();
    assertThat(second.take()).isNull();
    assertThat(discovery.offering("x")).isEmpty();
    a.leave();
  }

  @Test
  @DisplayName("CH-12 a watch that was closed is not kept, though no node comes or leaves")
  void closedWatch() throws Exception {
    try (Discovery discovery = discovery()) {
      WeakReference<Object> closed = new WeakReference<>(closedWatch(discovery));
      Await.collected(closed);
      assertThat(discovery.offering("x")).isEmpty();
    }
  }

  private static Object closedWatch(Discovery discovery) {
    Channel<Event> watch = discovery.events();
    watch.close();
    return watch;
  }
}
