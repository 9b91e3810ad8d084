package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.testkit.TestTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-9: what all peers of a server may demand together. */
@SuppressWarnings("NullAway.Init") // each test starts a server of its own
class CrowdTest {
  private static final URI THERE = URI.create("memory://crowded");

  private final Cuttable network = new Cuttable();
  private final Root root =
      Root.named("crowded").handler("echo", request -> request.argument("value"));
  private final List<Peer> connected = new ArrayList<>();
  private Server server;

  private void start(ServerLimits limits) throws IOException {
    server = Server.at(THERE).root(root).crowd(limits).transport(network).start();
  }

  private Peer connect() throws IOException, InterruptedException {
    Peer peer = Peer.to(THERE).transport(network).connect();
    connected.add(peer);
    return peer;
  }

  private static void assertServed(Peer peer) throws InterruptedException {
    assertThat(Request.to(peer.root(), "echo").with("value", 7).as(int.class)).isEqualTo(7);
  }

  @AfterEach
  void stop() {
    connected.forEach(Peer::close);
    server.close();
  }

  @Test
  @DisplayName("DI-9 sessions beyond the limit are refused in words, and there is room again")
  void sessions() throws IOException, InterruptedException {
    start(ServerLimits.DEFAULTS.withSessions(2).withWaiting(1));
    Peer first = connect();
    Peer second = connect();
    assertServed(first);
    assertServed(second);
    try (Rude third = new Rude(network, THERE)) { // let in, since it could be one that comes back
      third.say(Rude.HELLO);
      assertThat(third.bye())
          .isEqualTo(
              new Packet.Bye("overloaded", "this server has 2 sessions, which is its limit", 0));
    }
    first.close();
    Await.until("room", () -> server.peers().size() == 1, server.peers()::toString);
    assertServed(connect());
    assertServed(second);
  }

  @Test
  @DisplayName("DI-9 sessions that end with their link, since there is no grace, are counted, too")
  void withoutGrace() throws IOException, InterruptedException {
    server =
        Server.at(THERE)
            .root(root)
            .limits(Limits.builder().grace(Duration.ZERO).build())
            .crowd(ServerLimits.DEFAULTS.withSessions(1))
            .transport(network)
            .start();
    Peer first = connect();
    assertServed(first);
    try (Rude second = new Rude(network, THERE)) {
      second.say(Rude.HELLO).call("echo");
      String told;
      do {
        told = second.heard();
      } while (!told.contains("~:bye") && !told.contains("answer"));
      assertThat(told).contains("overloaded", "this server has 1 sessions, which is its limit");
    }
    assertServed(first);
    first.close();
    Await.until("room", () -> server.peers().isEmpty(), server.peers()::toString);
    assertServed(connect());
  }

  @Test
  @DisplayName("DI-9 links beyond the sessions and those that may come back cost no session")
  void links() throws IOException, InterruptedException {
    start(ServerLimits.DEFAULTS.withSessions(1).withWaiting(1));
    Peer first = connect();
    assertServed(first);
    try (Rude second = new Rude(network, THERE);
        Rude third = new Rude(network, THERE)) {
      // one is let in, since it could come back, and the other not; neither gets a session
      for (Rude rude : List.of(second, third)) {
        assertThat(rude.say(Rude.HELLO).heard()).contains("~:bye", "overloaded");
      }
      assertThat(server.peers()).hasSize(1);
    }
    assertServed(first);
  }

  @Test
  @DisplayName("DI-9 DI-7 a server that is full lets its own peers come back")
  void fullAndBack() throws IOException, InterruptedException {
    start(ServerLimits.DEFAULTS.withSessions(2));
    Peer first = connect();
    Peer second = connect();
    assertServed(first);
    assertServed(second);
    network.cut();
    assertServed(first);
    assertServed(second);
    assertThat(network.made()).isGreaterThanOrEqualTo(4);
  }

  @Test
  @DisplayName("DI-9 more hellos in a second are refused in words, and the sessions go on")
  void rate() throws IOException, InterruptedException {
    start(ServerLimits.DEFAULTS.withNewSessions(1));
    Peer first = connect();
    assertServed(first);
    List<Throwable> refusals = new ArrayList<>();
    for (int i = 0; i < 20 && refusals.isEmpty(); i++) {
      try {
        assertServed(connect());
      } catch (IOException e) {
        refusals.add(e);
      } catch (CallException e) { // it had said hello before it knew
        refusals.add(e);
      }
    }
    assertThat(refusals)
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("1 sessions a second"));
    assertServed(first);
  }

  private static final String RESUMABLE = Rude.HELLO.replace("]", ",\"~:session\",\"\"]");

  @Test
  @DisplayName("DI-9 DI-7 who comes back to a session does not count among those of a second")
  void backBeyondRate() throws IOException, InterruptedException {
    start(ServerLimits.DEFAULTS.withNewSessions(1));
    String name;
    try (Rude first = new Rude(network, THERE)) {
      String hello = first.say(RESUMABLE).heard();
      name = hello.replaceAll(".*~:session\",\"([0-9a-f]{32}).*", "$1");
      assertThat(name).hasSize(32);
    }
    try (Rude again = new Rude(network, THERE)) {
      again.say(PacketCodec.write(new Packet.Resume(name, 0)));
      assertThat(again.heard()).contains("~:resumed");
    }
  }

  @Test
  @DisplayName("DI-9 who is refused since too many came in a second takes no seat")
  void rateTakesNoSeat() throws IOException, InterruptedException {
    try (TestTime time = TestTime.install()) {
      start(ServerLimits.DEFAULTS.withSessions(2).withNewSessions(1));
      Peer first = connect();
      for (int i = 0; i < 3; i++) {
        try (Rude tooMany = new Rude(network, THERE)) {
          assertThat(tooMany.say(Rude.HELLO).bye().sentence()).contains("1 sessions a second");
        }
      }
      time.advance(Duration.ofSeconds(1));
      assertServed(connect());
      assertServed(first);
    }
  }

  @Test
  @DisplayName("DI-9 sessions that wait for their peers are bounded in number")
  void waiting() throws IOException, InterruptedException {
    start(ServerLimits.DEFAULTS.withWaiting(1));
    List<Peer> both = List.of(connect(), connect());
    for (Peer peer : both) {
      assertServed(peer);
    }
    network.down();
    Await.until("one that ends", () -> server.peers().size() == 1, server.peers()::toString);
    network.up();
    Await.until(
        "one that is told",
        () -> both.stream().filter(peer -> peer.lost() == null).count() == 1,
        both::toString);
    for (Peer peer : both) {
      if (peer.lost() == null) {
        assertServed(peer);
      } else {
        assertThatThrownBy(() -> peer.ended().take())
            .hasMessageContaining("did not resume the session");
      }
    }
  }

  @Test
  @DisplayName("DI-9 what sessions that wait keep is bounded, too")
  void waitingSize() throws IOException, InterruptedException {
    start(ServerLimits.DEFAULTS.withWaitingSize(1_000));
    try (Rude hoarder = new Rude(network, THERE)) {
      hoarder.say(
          "[\"^ \",\"~:type\",\"~:hello\",\"~:version\",1,\"~:name\",\"rude\",\"~:session\",\"\"]");
      root.handler("text", _ -> "x".repeat(2_000));
      hoarder.call("text");
      hoarder.heard("xxx"); // and does not confirm it
    }
    Await.until("its end", () -> server.peers().isEmpty(), server.peers()::toString);
    Peer modest = connect();
    assertServed(modest);
    network.cut();
    assertServed(modest);
  }

  @Test
  @DisplayName("DI-9 limits that cannot be kept are refused by name")
  void refused() throws IOException {
    start(ServerLimits.DEFAULTS);
    assertThatThrownBy(() -> ServerLimits.DEFAULTS.withSessions(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sessions=0");
    assertThatThrownBy(() -> ServerLimits.DEFAULTS.withWaiting(-1))
        .hasMessageContaining("waiting=-1");
    assertThatThrownBy(() -> Limits.builder().unacked(1000).build())
        .hasMessage("unacked is at least 131072, not 1000");
    assertThatThrownBy(() -> Limits.builder().window(0).build())
        .hasMessage("window is at least 1, not 0");
    assertThatThrownBy(
            () ->
                Limits.builder()
                    .beat(Duration.ofSeconds(20))
                    .silence(Duration.ofSeconds(16))
                    .build())
        .hasMessageContaining("silence must be longer than beat");
    assertThatThrownBy(() -> Limits.builder().depth(1_000).build())
        .hasMessageContaining("depth=1000");
  }
}
