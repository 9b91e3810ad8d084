package dev.circulate.runtime;

import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Root;
import dev.circulate.testkit.TestTime;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-8b: who has left waits for the peer's last word, and for nothing else. */
class LateHelloTest {
  private static final Packet HELLO = new Packet.Hello(1, "late", List.of(), null, 0, 64, null);
  private static final Packet SO_BE_IT = new Packet.Bye(Packet.Bye.LEAVING, "so be it", 0);

  private final TestTime time = TestTime.install();

  @AfterEach
  void close() {
    time.close();
  }

  /** That the other side has gone when it has heard this, before any time has passed. */
  private void assertGone(Channel<Boolean> gone, ScriptedLink link, Packet... said)
      throws InterruptedException {
    assertThat(link.heard()).isInstanceOf(Packet.Bye.class);
    go(
        "the peer",
        () -> {
          for (Packet packet : said) {
            link.say(packet);
          }
        });
    time.runUntilEveryBlockWaits();
    assertThat(gone.poll()).isTrue();
  }

  private static Channel<Boolean> leave(Peer peer) {
    return go("leaving", () -> peer.leave(Duration.ofMinutes(1)));
  }

  @Test
  @DisplayName("DI-8b a hello that crosses the bye of a peer that leaves does not hold it up")
  void peer() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    Peer peer = Peer.over(link).begin();
    assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
    assertGone(leave(peer), link, HELLO, SO_BE_IT);
  }

  @Test
  @DisplayName("DI-8b a hello that crosses the bye of a server that closes does not hold it up")
  void server() throws Exception {
    Doorbell network = new Doorbell();
    Server server =
        Server.at(URI.create("scripted://late"))
            .root(Root.named("server"))
            .transport(network)
            .start();
    ScriptedLink link = network.ring();
    Channel<Boolean> closed =
        go(
            "closing",
            () -> {
              server.close();
              return true;
            });
    assertGone(closed, link, HELLO, SO_BE_IT);
  }

  @Test
  @DisplayName("DI-8b DI-9 who breaks the protocol after this side left is waited for no longer")
  void violation() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    Peer peer = Peer.over(link).begin();
    assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
    link.say(HELLO);
    assertGone(leave(peer), link, new Packet.Beat(0, 99));
  }

  @Test
  @DisplayName("DI-8b who leaves a peer whose link breaks waits for it no longer")
  void linkBreaks() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    Peer peer = Peer.over(link).begin();
    assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
    link.say(HELLO);
    Channel<Boolean> gone = leave(peer);
    assertThat(link.heard()).isInstanceOf(Packet.Bye.class);
    link.breaks();
    time.runUntilEveryBlockWaits();
    assertThat(gone.poll()).isTrue();
  }

  @Test
  @DisplayName("DI-8b DI-9 a peer that broke the protocol is told so, and not waited for")
  void notAwaited() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    Peer _ = Peer.over(link).begin();
    assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
    link.say(HELLO);
    link.say(new Packet.Beat(0, 99));
    assertThat(link.heard())
        .isInstanceOfSatisfying(
            Packet.Bye.class, bye -> assertThat(bye.code()).isEqualTo(Packet.Bye.VIOLATION));
    time.runUntilEveryBlockWaits();
    assertThat(link.outgoing().isClosed()).isTrue();
  }
}
