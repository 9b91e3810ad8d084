package dev.circulate.rabbitmq;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.contract.Forked;
import dev.circulate.rabbitmq.testkit.PrivateBroker;
import dev.circulate.runtime.Limits;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that dies and comes back, under peers that stay. */
@Timeout(180) // a broker is started again in each test
@Tag("long")
class BrokerRestartTest {
  private final PrivateBroker broker = OwnBroker.restartable();

  private Server serve(Root root, Duration grace) throws IOException {
    return Server.at(URI.create(broker.uri() + "?node=b")).root(root).limits(within(grace)).start();
  }

  private static Limits within(Duration grace) {
    return Limits.builder().grace(grace).build();
  }

  private static Peer connect(Server server, Duration grace)
      throws IOException, InterruptedException {
    return Peer.to(server.uri()).limits(within(grace)).connect();
  }

  @Test
  @DisplayName("DI-7 a broker that restarts under load: no call is lost or served twice")
  void underLoad() throws Exception {
    int callers = 16;
    Map<Integer, Integer> served = new ConcurrentHashMap<>();
    Root root =
        Root.named("b-root")
            .handler(
                "serve",
                request -> {
                  int number = ((Number) requireNonNull(request.argument("number"))).intValue();
                  served.merge(number, 1, Integer::sum);
                  return number;
                });
    Duration grace = Duration.ofMinutes(2);
    Map<Integer, Integer> answered = new ConcurrentHashMap<>();
    Channel<Boolean> enough = Channel.<Boolean>builder().name("enough").open();
    try (Server server = serve(root, grace);
        Peer peer = connect(server, grace)) {
      List<Forked<Boolean>> forked = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        int first = caller * 1_000_000;
        forked.add(
            fork(
                () -> {
                  for (int number = first; !enough.isClosed(); number++) {
                    int answer =
                        Request.to(peer.root(), "serve")
                            .with("number", number)
                            .within(grace)
                            .as(int.class);
                    answered.merge(answer, 1, Integer::sum);
                  }
                  return true;
                }));
      }
      for (int restart = 0; restart < 2; restart++) {
        int before = answered.size();
        until("there is load", () -> answered.size() > before + 500);
        broker.kill();
        broker.up();
        int then = answered.size();
        until("calls go on", () -> answered.size() > then + 500);
      }
      enough.close();
      for (Forked<Boolean> caller : forked) {
        caller.join();
      }
      assertThat(peer.lost()).isNull();
      assertThat(served).isEqualTo(answered);
      assertThat(answered.values()).containsOnly(1);
      Peer.Held nothing = new Peer.Held(0, 0);
      until("the tables are empty", () -> peer.held().equals(nothing));
      until("theirs, too", () -> server.peers().getFirst().held().equals(nothing));
    }
  }

  @Test
  @DisplayName("DI-8 when the broker is not back within the grace, calls fail and the node is back")
  void beyondGrace() throws Exception {
    Channel<Boolean> begun = Channel.<Boolean>builder().name("begun").open();
    Root root =
        Root.named("b-root")
            .handler(
                "wait",
                _ -> {
                  begun.put(true);
                  return Channel.builder().open().take();
                });
    Duration grace = Duration.ofMillis(200);
    try (Server server = serve(root, grace)) {
      Peer peer = connect(server, grace);
      Forked<Boolean> call =
          fork(
              () -> {
                Request.to(peer.root(), "wait").done();
                return true;
              });
      begun.take();
      broker.kill();
      CallException failure = call.joinFailure(CallException.class);
      assertThat(failure.error()).isInstanceOf(CallError.PeerLost.class);
      assertThat(failure.error().message()).contains("no other came within PT0.2S");
      assertThatThrownBy(() -> peer.ended().take()).hasMessageContaining("is lost");
      broker.up();
      until("the node answers again", () -> answers(server.uri()));
    }
  }

  /** The node opens its inbox again a little after the broker is up. */
  private static boolean answers(URI uri) {
    try (Peer peer = Peer.connect(uri)) {
      return Request.to(peer.root(), "name").as(String.class).equals("b-root");
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError("the test was interrupted", e);
    }
  }
}
