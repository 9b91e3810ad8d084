package dev.circulate.internal;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GO-3: groups of blocks inside one another. */
class BlockGroupTest {
  @Test
  @DisplayName("GO-3 CH-12 a group keeps nothing of one inside it that has ended")
  void endedIsForgotten() {
    BlockGroup outer = BlockGroup.open("outer");
    WeakReference<BlockGroup> inner = Context.NONE.in(outer).call(BlockGroupTest::openAndEnd);
    until(
        "it is collected",
        () -> {
          System.gc();
          return inner.get() == null;
        });
    assertThat(outer.end()).isFalse();
  }

  private static WeakReference<BlockGroup> openAndEnd() {
    BlockGroup inner = BlockGroup.open("inner");
    assertThat(inner.end()).isFalse();
    return new WeakReference<>(inner);
  }
}
