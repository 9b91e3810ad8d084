package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.runtime.Discovery.Event;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a discovery keeps besides that hears from its nodes, and does not only keep a list. */
public abstract class WatchfulDiscoveryContract extends DiscoveryContract {
  /** A node that can die. */
  public interface Mortal extends Node {
    /** It is gone without a word. */
    void die();
  }

  @Override
  protected abstract Mortal start(String name, Set<String> services) throws Exception;

  @Test
  @DisplayName("DI-8 a node that dies without a word is noticed")
  void dies() throws Exception {
    try (Discovery discovery = discovery()) {
      Channel<Event> events = discovery.events();
      Mortal a = start("a", Set.of("x"));
      assertThat(next(events).kind()).isEqualTo(Event.Kind.CAME);
      a.die();
      assertThat(next(events).kind()).isEqualTo(Event.Kind.LEFT);
      assertThat(discovery.offering("x")).isEmpty();
    }
  }
}
