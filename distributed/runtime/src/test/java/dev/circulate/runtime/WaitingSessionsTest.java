package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-9: sessions that wait for their peers to come back are counted, with all that they keep. */
class WaitingSessionsTest {
  private static final URI THERE = URI.create("memory://waiting");

  /** One that is not over before the test. */
  private static final Limits LIMITS = Limits.builder().grace(Duration.ofMinutes(5)).build();

  private final Root root = Root.named("server");

  @Test
  @DisplayName("DI-9 what a session that waits has still to say counts, also what it says later")
  void saidLater() throws IOException, InterruptedException {
    Channel<String> answers = chan();
    root.handler("later", _ -> answers.take());
    Cuttable network = new Cuttable();
    try (Server server =
        Server.at(THERE)
            .root(root)
            .limits(LIMITS)
            .crowd(ServerLimits.DEFAULTS.withWaitingSize(1_000))
            .transport(network)
            .start()) {
      try (Rude hoarder = new Rude(network, THERE)) {
        hoarder.say(
            "[\"^ \",\"~:type\",\"~:hello\",\"~:version\",1,\"~:name\",\"x\",\"~:session\",\"\"]");
        hoarder.call("later");
        Await.until("a call", () -> answers.waitingTakers() == 1, answers::toString);
      }
      Peer peer = server.peers().getFirst();
      Await.until("a broken link", () -> !peer.isReachable(), peer::toString);
      assertThat(peer.lost()).isNull();
      answers.put("x".repeat(2_000));
      Await.until("its end", () -> peer.lost() != null, peer::toString);
    }
  }

  private Engine started(Link link, Comeback comeback) {
    Engine engine =
        new Engine(link, new Terms(root.port(), LIMITS, Codec.JSON, _ -> {}, null, null), comeback);
    engine.start();
    return engine;
  }

  /** A session with a link, which its peer can come back to. */
  private Engine engine(Comeback comeback) throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    Engine engine = started(link, comeback);
    link.say(new Packet.Hello(1, "client", List.of(), "", 0, 64, null));
    assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
    Await.until("a session", engine::isResumable, engine::peer);
    return engine;
  }

  @Test
  @DisplayName("DI-9 DI-7 a peer that is back before its link is known to be broken takes no seat")
  void backBefore() throws InterruptedException {
    Sessions sessions = new Sessions(ServerLimits.DEFAULTS.withWaiting(1));
    Comeback comeback = sessions.forNewcomer(Limits.DEFAULTS.grace());
    Engine back = engine(comeback);
    assertThat(comeback.begin(back, "its name")).isTrue(); // of the link before
    Engine gone = engine(sessions.forNewcomer(Limits.DEFAULTS.grace()));
    gone.broke(Objects.requireNonNull(gone.line()), "was cut");
    assertThat(gone.isOver()).isFalse();
    assertThat(comeback.begin(back, "its name")).as("whoever waits").isTrue();
    back.end("that was all");
    gone.end("that was all");
  }

  private static void cut(Engine engine) {
    engine.broke(Objects.requireNonNull(engine.line()), "was cut");
  }

  @Test
  @DisplayName("DI-9 DI-7 who is back over another link makes room for another that waits")
  void backMakesRoom() throws InterruptedException {
    Sessions sessions = new Sessions(ServerLimits.DEFAULTS.withWaiting(1));
    Comeback comeback = sessions.forNewcomer(Limits.DEFAULTS.grace());
    Engine back = engine(comeback);
    cut(back);
    assertThat(back.isOver()).isFalse();
    Comeback next = sessions.forNewcomer(Limits.DEFAULTS.grace());
    Engine newcomer = started(new ScriptedLink(), next);
    Packet.Resume resume = new Packet.Resume(Objects.requireNonNull(comeback.offer()), 0);
    next.resume(newcomer, Objects.requireNonNull(newcomer.line()), resume);
    assertThat(back.line()).isNotNull();
    Engine gone = engine(sessions.forNewcomer(Limits.DEFAULTS.grace()));
    cut(gone);
    assertThat(gone.isOver()).isFalse();
    back.end("that was all");
    gone.end("that was all");
  }

  /** So much is to be said to a peer that is gone. */
  private static void say(Engine engine, int size) {
    Map<String, Object> message = Map.of(Request.COMMAND, "x", "text", "x".repeat(size));
    assertThat(engine.remoteRoot().offer(Request.of(message))).isTrue();
  }

  @Test
  @DisplayName("DI-9 what a session that waits keeps counts once, however often it grows")
  void growsAgain() throws InterruptedException {
    Sessions sessions = new Sessions(ServerLimits.DEFAULTS.withWaitingSize(12_000));
    Engine growing = engine(sessions.forNewcomer(Limits.DEFAULTS.grace()));
    cut(growing);
    for (int i = 0; i < 5; i++) {
      say(growing, 1_000);
    }
    Engine gone = engine(sessions.forNewcomer(Limits.DEFAULTS.grace()));
    say(gone, 5_000);
    cut(gone);
    assertThat(gone.isOver()).isFalse();
    growing.end("that was all");
    gone.end("that was all");
  }

  @Test
  @DisplayName("DI-9 what a session that is over has kept makes room for what others keep")
  void overKeepsNothing() throws InterruptedException {
    Sessions sessions = new Sessions(ServerLimits.DEFAULTS.withWaitingSize(10_000));
    for (int i = 0; i < 3; i++) {
      Engine gone = engine(sessions.forNewcomer(Limits.DEFAULTS.grace()));
      say(gone, 6_000);
      cut(gone);
      assertThat(gone.isOver()).isFalse();
      gone.end("that was all");
    }
  }

  @Test
  @DisplayName("DI-9 a session that is over makes room for another that waits")
  void overMakesRoom() throws InterruptedException {
    Sessions sessions = new Sessions(ServerLimits.DEFAULTS.withWaiting(1));
    Engine over = engine(sessions.forNewcomer(Limits.DEFAULTS.grace()));
    cut(over);
    assertThat(over.isOver()).isFalse();
    over.end("that was all");
    Engine gone = engine(sessions.forNewcomer(Limits.DEFAULTS.grace()));
    cut(gone);
    assertThat(gone.isOver()).isFalse();
    gone.end("that was all");
  }
}
