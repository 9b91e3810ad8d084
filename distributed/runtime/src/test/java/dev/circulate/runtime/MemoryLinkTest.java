package dev.circulate.runtime;

import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.contract.Forked;
import dev.circulate.internal.LocalChannel;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    pair.far().outgoing().put(new Frame.Text("lost as well"));
    pair.near().cut();
    assertThatThrownBy(() -> pair.far().incoming().take())
        .isInstanceOf(ChannelFailedException.class)
        .hasMessageContaining("cut");
    for (MemoryLink end : List.of(pair.near(), pair.far())) {
      assertThat(end.outgoing().put(new Frame.Text("late"))).isFalse();
      assertThatThrownBy(() -> end.incoming().take()).hasMessageContaining("cut");
    }
  }

  // ---- the transport

  private static final URI HERE = URI.create("memory://memory-link-test");

  private final Transport memory = new MemoryTransport();

  @Test
  @DisplayName("DI-10 one listens at a name, and who comes second is told so")
  void nameTaken() throws Exception {
    Channel<Link> accepted = Csp.chan(2);
    try (Transport.Listener _ = memory.listen(HERE, accepted::offer)) {
      assertThatThrownBy(() -> memory.listen(HERE, _ -> {}))
          .isInstanceOf(IOException.class)
          .hasMessage("somebody listens at '" + HERE + "' already");
      Link near = memory.connect(HERE);
      assertThat(near.outgoing().put(new Frame.Text("hello"))).isTrue();
      Link far = Objects.requireNonNull(accepted.take());
      assertThat(far.incoming().take()).isEqualTo(new Frame.Text("hello"));
    }
    memory.listen(HERE, _ -> {}).close();
  }

  @ParameterizedTest(name = "DI-10 nobody is at {0}: {1}")
  @CsvSource({
    "memory://nobody, nobody listens at 'memory://nobody'",
    "memory:/nowhere, is not like memory://name"
  })
  void nobodyThere(URI there, String words) {
    assertThatThrownBy(() -> memory.connect(there))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(words);
  }

  @Test
  @DisplayName("DI-10 a listener that is closed once more leaves the next one at its name alone")
  void closedAgain() throws Exception {
    Consumer<Link> accept = _ -> {};
    Transport.Listener first = memory.listen(HERE, accept);
    first.close();
    try (Transport.Listener _ = memory.listen(HERE, accept)) {
      first.close();
      memory.connect(HERE).close();
    }
  }

  @Test
  @DisplayName("DI-10 a listener that is closed closes its links, and nobody comes any more")
  void listenerCloses() throws Exception {
    Transport.Listener listener = memory.listen(HERE, _ -> {});
    Link near = memory.connect(HERE);
    listener.close();
    assertThat(near.incoming().isClosed()).isTrue();
    assertThat(near.outgoing().isClosed()).isTrue();
    assertThatThrownBy(() -> memory.connect(HERE)).hasMessageContaining("nobody listens");
  }

  @Test
  @DisplayName("DI-6 DI-10 a listener keeps no link that is closed")
  void closedIsNotKept() throws Exception {
    Channel<Link> accepted = Csp.chan(1);
    try (Transport.Listener _ = memory.listen(HERE, accepted::offer)) {
      Await.collected(closedLink(accepted));
    }
  }

  /** The listener's end of a link that whoever made it has closed. */
  private WeakReference<Link> closedLink(Channel<Link> accepted) throws Exception {
    try (Link _ = memory.connect(HERE)) {
      return new WeakReference<>(Objects.requireNonNull(accepted.take()));
    }
  }
}
