package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Session;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A root is a channel, and may be closed while its session goes on: a proxy's peer may be lost. */
class ClosedRootTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  @DisplayName("SV-4 DI-8 each request to a root that is closed is answered, also beyond a window")
  void answered() throws InterruptedException {
    Channel<Request> root = chan();
    root.close();
    Limits limits = Limits.builder().window(Session.UNTOLD_WINDOW).build();
    MemoryLink.Pair pair = MemoryLink.pair("a", "b");
    try (Peer b = Peer.over(pair.near()).limits(limits).begin();
        Peer _ = Peer.over(pair.far()).root(root.writePort()).limits(limits).begin()) {
      for (int i = 0; i < 3 * Session.UNTOLD_WINDOW; i++) {
        assertThat(errorOf(b)).as("request %d", i).isInstanceOf(CallError.UnknownService.class);
      }
    }
  }

  @Test
  @DisplayName("DI-6 a root is never released, also if its owner says that it is closed")
  void neverReleased() {
    OneSide side = new OneSide(Limits.DEFAULTS, Root.named("root").port(), _ -> {});
    side.hear(new Message.Closed("root", null, true));
    assertThat(side.said()).isEmpty();
    Request request = Request.of(Map.of(Request.COMMAND, "x"));
    assertThat(side.conversation().remoteRoot().offer(request)).isFalse();
  }

  private static CallError errorOf(Peer peer) throws InterruptedException {
    try {
      Request.to(peer.root(), "x").within(LONG).done();
    } catch (CallException e) {
      return e.error();
    }
    throw new AssertionError("it was served");
  }
}
