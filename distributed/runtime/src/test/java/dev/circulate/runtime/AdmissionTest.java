package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.testkit.TestTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-11: who is let in by a server that demands proof, and has few seats. */
@SuppressWarnings("NullAway.Init") // JUnit starts the server
class AdmissionTest {
  private static final URI THERE = URI.create("memory://admission");

  private final AtomicInteger asked = new AtomicInteger();
  private final Authenticator tokens =
      Authenticator.bearer(
          token -> {
            asked.incrementAndGet();
            return token.equals("secret") ? "alice" : null;
          });
  private final Transport network = new MemoryTransport();
  private final PeerBuilder alice =
      Peer.to(THERE).credentials(Credentials.bearer("secret")).transport(network);
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server =
        Server.at(THERE)
            .root(Root.named("guarded"))
            .authenticator(tokens)
            .crowd(ServerLimits.DEFAULTS.withSessions(1))
            .transport(network)
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  @DisplayName("DI-11 DI-9 who is refused takes no seat from those who prove who they are")
  void refusedTakesNoSeat() throws IOException, InterruptedException {
    PeerBuilder stranger = Peer.to(THERE).transport(network);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(stranger::connect).hasMessageContaining("nothing was shown");
    }
    try (Peer peer = alice.connect()) {
      assertThat(Request.to(peer.root(), "name").as(String.class)).isEqualTo("guarded");
    }
  }

  @Test
  @DisplayName("DI-11 DI-9 nobody is asked about those that are too many")
  void notAskedAboutTooMany() throws IOException, InterruptedException {
    try (Peer _ = alice.connect()) {
      assertThatThrownBy(alice::connect).hasMessageContaining("1 sessions, which is its limit");
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  @DisplayName("DI-11 who has proven nothing yet is no peer of a server's")
  void notYetProven() throws Exception {
    Doorbell door = new Doorbell();
    Channel<String> verdict = chan();
    try (Server waiting =
        Server.at(URI.create("scripted://admission"))
            .root(Root.named("guarded"))
            .authenticator(_ -> verdict.take())
            .transport(door)
            .start()) {
      ScriptedLink link = door.ring();
      assertThat(waiting.peers()).isEmpty();
      link.say(new Packet.Hello(1, "stranger", List.of(), null, 0, 64, "Bearer secret"));
      Await.until("a question", () -> verdict.waitingTakers() == 1, verdict::toString);
      assertThat(waiting.peers()).isEmpty();
      verdict.put("bob");
      assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
      assertThat(waiting.peers()).singleElement().extracting(Peer::identity).isEqualTo("bob");
      link.say(new Packet.Bye(Packet.Bye.LEAVING, "so long", 0));
      assertThat(link.heard()).isInstanceOf(Packet.Bye.class);
    }
  }

  @Test
  @DisplayName("DI-11 DI-8 a peer is not silent while it is being found out who it is")
  void notSilentMeanwhile() throws InterruptedException {
    Channel<String> verdict = chan();
    ScriptedLink link = new ScriptedLink();
    Limits patient = Limits.builder().hello(Duration.ofMinutes(1)).build();
    try (TestTime time = TestTime.install();
        Peer peer = Peer.over(link).limits(patient).authenticator(_ -> verdict.take()).begin()) {
      link.say(new Packet.Hello(1, "alice", List.of(), null, 0, 64, "Bearer secret"));
      time.advance(patient.silence().multipliedBy(3));
      verdict.put("alice");
      time.runUntilEveryBlockWaits();
      assertThat(peer.lost()).isNull();
      assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
      time.advance(patient.beat());
      assertThat(peer.lost()).isNull();
      link.say(new Packet.Bye(Packet.Bye.LEAVING, "so long", 0));
      assertThat(link.heard()).isNotNull();
    }
  }

  @Test
  @DisplayName("DI-11 where a caller comes from is what its link says, not what it says itself")
  void whereFrom() throws InterruptedException {
    Channel<String> asked = chan(1);
    ScriptedLink link = new ScriptedLink();
    try (Peer _ =
        Peer.over(link)
            .authenticator(
                caller -> {
                  asked.put(caller.peer());
                  return null;
                })
            .begin()) {
      link.say(new Packet.Hello(1, "localhost", List.of(), null, 0, 64, "Bearer secret"));
      assertThat(asked.take()).isEqualTo("a test");
      assertThat(link.heard()).isInstanceOf(Packet.Bye.class);
    }
  }
}
