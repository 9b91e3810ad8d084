package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.testkit.TestTime;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-8b: a server that stops waits for all its peers together, not for one after the other. */
@SuppressWarnings("NullAway.Init") // each test starts a server of its own
class StopTest {
  private static final URI HERE = URI.create("scripted://here");
  private static final int PEERS = 7;

  private final TestTime time = TestTime.install();
  private final Doorbell network = new Doorbell();
  private final List<ScriptedLink> links = new ArrayList<>();
  private Server server;

  /** Peers that hear what is said to them, and answer no bye. */
  @BeforeEach
  void connect() throws Exception {
    server =
        Server.at(HERE)
            .root(Root.named("server").handler("wait", _ -> chan().take()))
            .transport(network)
            .start();
    for (int i = 0; i < PEERS; i++) {
      ScriptedLink link = network.ring();
      link.say(new Packet.Hello(1, "client", List.of(), null, 0, 64, null));
      assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
      links.add(link);
    }
  }

  @AfterEach
  void close() {
    time.close(); // first, so that nothing waits for it
    server.close();
  }

  private void assertTogether(Callable<Boolean> stop) throws InterruptedException {
    Channel<Boolean> stopped = go("stopping", stop);
    time.runUntilEveryBlockWaits();
    for (ScriptedLink link : links) {
      assertThat(link.heard()).isInstanceOf(Packet.Bye.class); // before any time has passed
    }
    time.runUntilEveryBlockWaits();
    assertThat(stopped.poll()).isNull();
    time.advance(Writer.PATIENCE);
    assertThat(stopped.poll()).isTrue();
  }

  @Test
  @DisplayName("DI-8b a server that stops waits once for all who do not answer its bye")
  void stop() throws InterruptedException {
    assertTogether(() -> server.stop(Duration.ofMinutes(1)));
  }

  @Test
  @DisplayName("DI-8b a server whose stop is interrupted is closed at once")
  void interrupted() throws InterruptedException {
    Reference reply = new Reference("reply", Rights.PUT, true);
    Map<String, Object> call = Map.of(Request.COMMAND, "wait", Request.RETURN, reply);
    links
        .getFirst()
        .say(new Packet.Batch(1, 0, List.of(new Message.Forward("root", call, true, -1, 0))));
    AtomicReference<Thread> stopping = new AtomicReference<>();
    Channel<Boolean> stopped =
        go(
            "stopping",
            () -> {
              stopping.set(Thread.currentThread());
              return server.stop(Duration.ofHours(1));
            });
    time.runUntilEveryBlockWaits();
    assertThat(server.peers()).allMatch(Peer::isLeaving);
    stopping.get().interrupt();
    for (ScriptedLink link : links) {
      assertThat(link.heard()).isInstanceOf(Packet.Bye.class);
    }
    time.runUntilEveryBlockWaits();
    time.advance(Writer.PATIENCE);
    assertThatThrownBy(stopped::take).hasCauseInstanceOf(InterruptedException.class);
    server.awaitStop();
  }

  @Test
  @DisplayName("DI-8b a server that is closed waits once for all who do not answer its bye")
  void closed() throws InterruptedException {
    assertTogether(
        () -> {
          server.close();
          return true;
        });
  }
}
