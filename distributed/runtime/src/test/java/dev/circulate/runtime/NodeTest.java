package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Nodes in one process. */
class NodeTest extends NodeContract {
  @Override
  protected URI uri(String node) {
    return URI.create("memory://node-" + node);
  }

  @Test
  @DisplayName("where nodes do not find each other by themselves is told, with where they do")
  void noRegistry() {
    assertThatThrownBy(() -> Node.join(URI.create("ws://localhost:0/csp"), Root.named("r")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("do not find each other")
        .hasMessageContaining("memory");
  }
}
