package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.UncaughtHandler;
import dev.circulate.service.Root;
import dev.circulate.service.Visibility;
import dev.circulate.testkit.TestTime;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a node whose registry, a program's own, fails. */
class NodeFailureTest {
  private static final URI MOODY = URI.create("moody://node-moody");

  private final Root root = Root.named("moody");

  @ParameterizedTest(name = "{displayName}: {0}")
  @MethodSource("dev.circulate.runtime.Moody#moods")
  @DisplayName("what a node offers is told though the registry could not take it once")
  void announced(Throwable failure) throws Exception {
    Channel<Throwable> reported = Csp.chan(Csp.sliding(1));
    UncaughtHandler before = Csp.setUncaughtHandler((_, thrown) -> reported.offer(thrown));
    try (TestTime time = TestTime.install();
        Node node = Node.join(MOODY, root)) {
      Moody.FAILURE.set(failure);
      Moody.MOODS.set(1);
      root.add("x", Csp.chan(), Visibility.PUBLIC);
      time.advance(Duration.ofSeconds(1));
      assertThat(reported.take()).isSameAs(failure);
      assertThat(node.offering("x")).isEmpty();
      time.advance(Duration.ofSeconds(1));
      assertThat(node.offering("x")).hasSize(1);
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  @Test
  @DisplayName("DI-6 a node is closed though its registry fails at that, which is told")
  void closed() throws Exception {
    Node node = Node.join(MOODY, root);
    Pool pool = node.discover("x");
    Moody.FAILURE.set(new IllegalStateException("in no mood"));
    Moody.MOODS.set(1);
    assertThatThrownBy(node::close).hasMessage("in no mood");
    assertThat(pool.isClosed()).isTrue();
    Node.join(MOODY, root).close();
  }

  @Test
  @DisplayName("DI-6 so is one that could not join, for a registry that failed twice")
  void notJoined() throws Exception {
    Moody.FAILURE.set(new IllegalStateException("in no mood"));
    Moody.MOODS.set(2);
    assertThatThrownBy(() -> Node.join(MOODY, root)).hasMessage("in no mood");
    Node.join(MOODY, root).close();
  }
}
