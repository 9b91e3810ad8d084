package dev.circulate.runtime;

import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.ChannelFailedException;
import dev.circulate.contract.Forked;
import dev.circulate.internal.LocalChannel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-10: a link in memory ends as any link does. */
class MemoryLinkTest {
  private final MemoryLink.Pair pair = MemoryLink.pair("near", "far");

  @Test
  @DisplayName("DI-10 what was put before a close arrives, and then the end")
  void close() throws InterruptedException {
    pair.near().outgoing().put(new Frame.Text("last"));
    pair.near().close();
    assertThat(pair.far().incoming().take()).isEqualTo(new Frame.Text("last"));
    assertThat(pair.far().incoming().take()).isNull();
    assertThat(pair.far().outgoing().put(new Frame.Text("late"))).isFalse();
  }

  @Test
  @DisplayName("DI-10 whoever waits to put does not wait for an end that was closed")
  void closedWhilePutting() throws InterruptedException {
    int put = 0;
    while (pair.near().outgoing().offer(new Frame.Text("frame"))) {
      put++;
    }
    assertThat(put).as("frames that it holds").isPositive();
    Forked<Boolean> waiting = fork(() -> pair.near().outgoing().put(new Frame.Text("more")));
    LocalChannel<?> frames = (LocalChannel<?>) pair.near().outgoing();
    Await.until("a waiting put", () -> frames.waitingPutters() == 1, frames::toString);
    pair.far().close();
    assertThat(waiting.join()).isFalse();
  }

  @Test
  @DisplayName("DI-10 a cut loses what is on the way, and is told with its cause")
  void cut() throws InterruptedException {
    pair.near().outgoing().put(new Frame.Text("lost"));
    pair.near().cut();
    assertThatThrownBy(() -> pair.far().incoming().take())
        .isInstanceOf(ChannelFailedException.class)
        .hasMessageContaining("cut");
    assertThat(pair.near().outgoing().put(new Frame.Text("late"))).isFalse();
  }
}
