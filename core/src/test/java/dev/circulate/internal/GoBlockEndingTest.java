package dev.circulate.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Csp;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is told how a go block ends. */
class GoBlockEndingTest {
  private final List<String> told = new CopyOnWriteArrayList<>();

  private void ended(@Nullable Throwable failure) {
    told.add(failure == null ? "well" : failure.getMessage());
  }

  @Test
  @DisplayName("a block that ends well tells so before its result is there")
  void well() throws Exception {
    Channel<Boolean> block = Csp.go(() -> GoBlock.whenEnded(this::ended));
    assertThat(block.take()).isTrue();
    assertThat(told).containsExactly("well");
  }

  @Test
  @DisplayName("a block that throws tells what, to each who asked, once")
  void badly() {
    Channel<Void> block =
        Csp.go(
            () -> {
              boolean _ = GoBlock.whenEnded(this::ended);
              boolean _ = GoBlock.whenEnded(this::ended);
              throw new IllegalStateException("the well is dry");
            });
    assertThatThrownBy(block::take).hasMessageContaining("the well is dry");
    assertThat(told).containsExactly("the well is dry", "the well is dry");
  }

  @Test
  @DisplayName("a block that hands on what it takes has nobody to tell")
  void handsOn() throws Exception {
    Channel<Boolean> block =
        Csp.go(
            () -> {
              GoBlock.handOn();
              return GoBlock.whenEnded(this::ended);
            });
    assertThat(block.take()).isFalse();
    assertThat(told).isEmpty();
  }

  @Test
  @DisplayName("a thread that is no block's has nobody to tell")
  void noBlock() {
    assertThat(GoBlock.whenEnded(this::ended)).isFalse();
  }
}
