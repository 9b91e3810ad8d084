package dev.circulate.runtime;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static dev.circulate.service.TypeOf.channelOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.contract.Forked;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Command;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.Service;
import dev.circulate.service.Visibility;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a pool makes of nodes that go on, and are not what they were. */
@SuppressWarnings("NullAway.Init") // each test starts a server of its own
class PoolChangesTest {
  private static final URI URI_OF_NODE = URI.create("memory://pool-changing");
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Directory directory = new Directory();
  private final Pool pool = new Pool(directory, "x");
  private final Root root = Root.named("changing");
  private final Channel<Integer> ticks = Csp.chan();
  private Server server;

  final class Commands {
    private final String name;

    Commands(String name) {
      this.name = name;
    }

    @Command
    String name() {
      return name;
    }

    @Command
    Channel<Integer> ticks() {
      return ticks;
    }
  }

  @AfterEach
  void close() {
    pool.close();
    server.close();
  }

  private void serve(String name) throws IOException {
    root.add("x", Service.of(new Commands(name)), Visibility.PUBLIC);
    server = Server.start(URI_OF_NODE, root);
  }

  private void announce(String... services) {
    directory.announce(new Discovery.Offer("changing", URI_OF_NODE, Set.of(services)));
  }

  /** Until the pool has followed all that was announced before. */
  private void untilFollowed() {
    URI nowhere = URI.create("memory://pool-nowhere");
    directory.announce(new Discovery.Offer("last", nowhere, Set.of("x")));
    until("all was followed", () -> pool.toString().contains("last"));
  }

  private String ask() throws InterruptedException {
    return Request.to(pool.spread(), "name").within(LIMIT).as(String.class);
  }

  private boolean isAnswered(String name) {
    try {
      return ask().equals(name);
    } catch (CallException _) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError("the test was interrupted", e);
    }
  }

  @Test
  @DisplayName("DI-2 a node that offers more, or less, keeps its connection, and what came over it")
  void offersMore() throws Exception {
    serve("node");
    announce("x");
    assertThat(pool.awaitNodes(1, PATIENCE)).isTrue();
    Channel<Integer> far = Request.to(pool.spread(), "ticks").as(channelOf(Integer.class));
    List<Peer> before = server.peers();
    announce("x", "y");
    announce("x");
    untilFollowed();
    assertThat(ask()).isEqualTo("node");
    assertThat(server.peers()).isEqualTo(before);
    Forked<Boolean> put = fork(() -> ticks.put(1));
    assertThat(far.poll(PATIENCE)).isEqualTo(1);
    assertThat(put.join()).isTrue();
  }

  /** A service that closes when the test says so, once the pool has it. */
  private Channel<Request> served() throws Exception {
    Channel<Request> service = Csp.chan();
    root.add("x", service, Visibility.PUBLIC);
    server = Server.start(URI_OF_NODE, root);
    announce("x");
    assertThat(pool.awaitNodes(1, PATIENCE)).isTrue();
    return service;
  }

  @Test
  @DisplayName("RT-4 a service that closes, and is replaced, is found again at its node")
  void replaced() throws Exception {
    Channel<Request> first = served();
    first.close();
    root.add("x", Service.of(new Commands("second")), Visibility.PUBLIC);
    until("it is found", () -> isAnswered("second"));
  }

  @Test
  @DisplayName("RT-4 a service that was replaced, and has not closed, is asked for again, too")
  void replacedOpen() throws Exception {
    Channel<Request> first = served();
    root.add("x", Service.of(new Commands("second")), Visibility.PUBLIC);
    announce("x", "y"); // something new is said of the node
    untilFollowed();
    until("the second is asked", () -> isAnswered("second"));
    assertThat(first.isClosed()).isFalse();
  }

  @Test
  @DisplayName("SV-4 where a service has closed it is unknown, at once, and found when it is back")
  void closed() throws Exception {
    Channel<Request> first = served();
    List<Peer> before = server.peers();
    first.close();
    assertThatThrownBy(this::ask)
        .isInstanceOfSatisfying(
            CallException.class,
            e -> assertThat(e.error()).isInstanceOf(CallError.UnknownService.class));
    root.add("x", Service.of(new Commands("second")), Visibility.PUBLIC);
    assertThat(pool.awaitNodes(1, PATIENCE)).isTrue();
    assertThat(ask()).isEqualTo("second");
    assertThat(server.peers()).isEqualTo(before);
  }

  @Test
  @DisplayName(
      "DI-8 a node that is another at the same address is the other, when that is heard of")
  void another() throws Exception {
    serve("first");
    announce("x");
    assertThat(pool.awaitNodes(1, PATIENCE)).isTrue();
    assertThat(ask()).isEqualTo("first");
    server.close();
    serve("second");
    directory.leave("changing");
    announce("x");
    untilFollowed();
    assertThat(pool.awaitNodes(1, PATIENCE)).isTrue();
    assertThat(ask()).isEqualTo("second");
  }
}
