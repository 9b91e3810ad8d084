package dev.circulate.websocket;

import static dev.circulate.Csp.go;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.runtime.Limits;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.websocket.FarProcess.Role;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two processes: one is killed, or stopped and let go on, or the connection between them is cut
 * again and again.
 *
 * <p>{@code -Dcirculate.cuts.seconds=60} cuts for a minute.
 */
@Timeout(180)
@Tag("long")
class TwoProcessesTest {
  private static final URI ANY_PORT = URI.create("ws://127.0.0.1:0/csp");
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Pattern SILENCE = Pattern.compile("was silent for (PT[0-9.]+S)");

  /** This process and another, which is a server or a client of it. */
  private record Both(@Nullable Server server, FarProcess far, Peer peer) implements AutoCloseable {
    static Both start(Role far, Limits limits) throws IOException, InterruptedException {
      if (far == Role.SERVER) {
        FarProcess process = FarProcess.start(far, ANY_PORT, limits);
        Peer peer = Peer.to(process.uri).limits(limits).connect();
        return new Both(null, process, peer).met();
      }
      Server server = Server.at(ANY_PORT).root(Root.named("near")).limits(limits).start();
      FarProcess process = FarProcess.start(far, server.uri(), limits);
      return new Both(server, process, server.peers().getFirst()).met();
    }

    private Both met() throws IOException, InterruptedException {
      assertThat(Request.to(peer.root(), "echo").with("id", 1).as(int.class)).isEqualTo(1);
      far.watchPeer();
      return this;
    }

    @Override
    public void close() {
      far.close();
      peer.close();
      if (server != null) {
        server.close();
      }
    }
  }

  private static void awaitEmptyTables(Peer peer, FarProcess far) {
    String nothing = new Peer.Held(0, 0).toString();
    until(
        () -> "empty tables; there are " + peer.held() + " and " + held(far),
        () -> peer.held().toString().equals(nothing) && held(far).equals(nothing));
  }

  private static String held(FarProcess far) {
    try {
      return far.held();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest(name = "DI-8 a {0} that is killed is lost at once, with the calls under way")
  @EnumSource
  void killed(Role far) throws Exception {
    Limits limits = FarProcess.limits(Duration.ofSeconds(5), Duration.ZERO);
    try (Both both = Both.start(far, limits)) {
      Channel<Object> call = go(() -> Request.to(both.peer.root(), "wait").as(Object.class));
      until("a call is under way", () -> both.peer.held().exports() == 1);
      both.far.kill();
      assertThatThrownBy(call::take)
          .isInstanceOf(ChannelFailedException.class)
          .cause()
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.error()).isInstanceOf(CallError.PeerLost.class));
      assertThat(both.peer.lost())
          .as("noticed by the link, and not by silence")
          .hasMessageNotContaining("silent");
      assertThat(both.peer.held()).isEqualTo(new Peer.Held(0, 0));
    }
  }

  @ParameterizedTest(name = "DI-8 a {0} that stands still counts as dead within three heartbeats")
  @EnumSource
  void standsStill(Role far) throws Exception {
    Duration beat = Duration.ofSeconds(1);
    try (Both both = Both.start(far, FarProcess.limits(beat, Duration.ofMillis(1)))) {
      both.far.stop();
      assertThatThrownBy(() -> both.peer.ended().take())
          .isInstanceOfSatisfying(
              ChannelFailedException.class,
              e -> {
                Matcher silence = SILENCE.matcher(String.valueOf(e.getMessage()));
                assertThat(silence.find()).as(e.getMessage()).isTrue();
                assertThat(Duration.parse(silence.group(1)))
                    .isLessThanOrEqualTo(beat.multipliedBy(3));
              });
      assertThat(both.peer.held()).isEqualTo(new Peer.Held(0, 0));
    }
  }

  @ParameterizedTest(
      name =
          "DI-7 a {0} that stood still for longer than it may be silent goes on, nothing is lost")
  @EnumSource
  void goesOnWithinGrace(Role far) throws Exception {
    Duration beat = Duration.ofMillis(100);
    try (Both both = Both.start(far, FarProcess.limits(beat, LONG))) {
      Load load = new Load(List.of(both.peer.root()), 8);
      until("calls pass", () -> load.answered() > 50);
      both.far.stop();
      until("the link counts as broken", () -> !both.peer.isReachable());
      both.far.goOn();
      int before = load.answered();
      until("calls pass again", () -> load.answered() > before + 50);
      load.assertNothingLostOrDoubled();
      awaitEmptyTables(both.peer, both.far);
    }
  }

  @ParameterizedTest(
      name = "DI-8 a {0} that stood still for longer than the grace has lost, and is lost")
  @EnumSource
  void goesOnAfterGrace(Role far) throws Exception {
    Limits limits = FarProcess.limits(Duration.ofMillis(200), Duration.ofMillis(500));
    try (Both both = Both.start(far, limits)) {
      both.far.stop();
      assertThatThrownBy(() -> both.peer.ended().take())
          .hasMessageContaining("no other came within PT0.5S");
      both.far.goOn();
      assertThat(both.far.lost()).contains("PeerLostException");
      assertThat(both.far.held()).isEqualTo(new Peer.Held(0, 0).toString());
    }
  }

  @Test
  @DisplayName("DI-7 64 callers over a connection that is cut every 200 ms lose and double nothing")
  @Timeout(600)
  void cutAgainAndAgain() throws Exception {
    Duration length = Duration.ofSeconds(Long.getLong("circulate.cuts.seconds", 3));
    Limits limits = FarProcess.limits(Duration.ofSeconds(1), LONG);
    try (FarProcess far = FarProcess.start(Role.SERVER, ANY_PORT, limits);
        CuttingProxy proxy = new CuttingProxy(far.uri);
        Peer peer = Peer.to(proxy.uri()).limits(limits).connect()) {
      Request.to(peer.root(), "echo").with("id", 1).done();
      far.watchPeer();
      Load load = new Load(List.of(peer.root()), 64);
      long end = System.nanoTime() + length.toNanos();
      while (System.nanoTime() - end < 0) {
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos()); // the pace of the cuts
        proxy.cut();
      }
      load.assertNothingLostOrDoubled();
      assertThat(proxy.accepted()).as("connections").isGreaterThan(2);
      awaitEmptyTables(peer, far);
      System.out.printf(
          "%d calls through %d connections in %s, none lost or doubled%n",
          load.answered(), proxy.accepted(), length);
    }
  }
}
