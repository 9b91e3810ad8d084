package dev.circulate.runtime;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.contract.Forked;
import dev.circulate.contract.Until;
import dev.circulate.service.Answer;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who gets the requests that are put to several nodes as one. */
class PoolTest {
  private final Directory directory = new Directory();
  private final Pool pool = new Pool(directory, "x");
  private final List<Worker> workers = new ArrayList<>();

  /** A node in this process, whose service answers with its name, when it may. */
  static final class Worker implements AutoCloseable {
    private final String name;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final Channel<Void> mayAnswer = Csp.chan();
    private final Server server;

    Worker(String name, int limit) throws IOException {
      this.name = name;
      Root root =
          Root.named(name)
              .add("x", Service.builder(new Commands()).limit(limit).open(), Visibility.PUBLIC);
      this.server = Server.start(URI.create("memory://pool-" + name), root);
    }

    final class Commands {
      @Command
      String name() {
        return name;
      }

      @Command
      String hold() throws InterruptedException {
        begun.incrementAndGet();
        try {
          mayAnswer.take();
        } catch (InterruptedException e) {
          interrupted.incrementAndGet();
          throw e;
        }
        return name;
      }
    }

    @Override
    public void close() {
      mayAnswer.close();
      server.close();
    }
  }

  @AfterEach
  void close() {
    pool.close();
    workers.forEach(Worker::close);
  }

  private Worker worker(String name, int limit) throws IOException {
    Worker worker = new Worker(name, limit);
    workers.add(worker);
    directory.announce(new Discovery.Offer(name, worker.server.uri(), Set.of("x")));
    until("the pool is connected", () -> worker.server.peers().size() == 1);
    return worker;
  }

  private Worker worker(String name) throws IOException, InterruptedException {
    Worker worker = worker(name, Service.DEFAULT_LIMIT);
    until("it is asked", () -> isAsked(name));
    return worker;
  }

  private boolean isAsked(String name) {
    try {
      return ask(pool.inTurn()).equals(name);
    } catch (InterruptedException e) {
      throw new AssertionError("the test was interrupted", e);
    }
  }

  private static String ask(WritePort<Request> service) throws InterruptedException {
    return Request.to(service, "name").as(String.class);
  }

  private Answer<String> hold() throws InterruptedException {
    return Request.to(pool.spread(), "hold").begin(String.class);
  }

  /** As many requests as a node may have, each begun, and held there. */
  private List<Answer<String>> keepBusy(Worker worker) throws InterruptedException {
    List<Answer<String>> held = new ArrayList<>();
    for (int i = 0; i < Pool.MOST_UNDER_WAY; i++) {
      held.add(hold());
    }
    until("all are begun", () -> worker.begun.get() == Pool.MOST_UNDER_WAY);
    return held;
  }

  @Test
  @DisplayName("a slow node gets no more requests than it may have under way, the other the rest")
  void slow() throws Exception {
    Worker slow = worker("slow");
    List<Answer<String>> held = keepBusy(slow);
    worker("quick");
    for (int i = 0; i < 50; i++) {
      assertThat(ask(pool.spread())).isEqualTo("quick");
    }
    slow.mayAnswer.close();
    for (Answer<String> answer : held) {
      assertThat(answer.get()).isEqualTo("slow");
    }
  }

  @Test
  @DisplayName("DI-4 while no node is ready requests wait, and so do those who put them")
  void nobodyReady() throws Exception {
    Worker only = worker("only");
    List<Answer<String>> held = keepBusy(only);
    Answer<String> first = hold();
    Answer<String> second = hold();
    WritePort<Request> spread = pool.spread();
    assertThat(spread.offer(Request.of(Map.of("_cmd", "name")))).isFalse();
    only.mayAnswer.close();
    assertThat(first.get()).isEqualTo("only");
    assertThat(second.get()).isEqualTo("only");
    for (Answer<String> answer : held) {
      assertThat(answer.get()).isEqualTo("only");
    }
  }

  @Test
  @DisplayName("a request that a node refused as overloaded, and has not begun, is another's")
  void overloaded() throws Exception {
    Worker small = worker("small", 1);
    Answer<String> held = hold();
    until("it is begun", () -> small.begun.get() == 1);
    Worker large = worker("large", Service.DEFAULT_LIMIT);
    List<Answer<String>> more = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      more.add(hold());
    }
    until("the other has them all", () -> large.begun.get() == 10);
    large.mayAnswer.close();
    for (Answer<String> answer : more) {
      assertThat(answer.get()).isEqualTo("large");
    }
    small.mayAnswer.close();
    assertThat(held.get()).isEqualTo("small");
  }

  @Test
  @DisplayName("SV-4 a request that every node refuses as overloaded is told so")
  void allOverloaded() throws Exception {
    Worker small = worker("small", 1);
    Answer<String> held = hold();
    until("it is begun", () -> small.begun.get() == 1);
    assertThatThrownBy(() -> ask(pool.spread()))
        .isInstanceOfSatisfying(
            CallException.class,
            e -> assertThat(e.error()).isInstanceOf(CallError.Overloaded.class));
    small.mayAnswer.close();
    assertThat(held.get()).isEqualTo("small");
  }

  @Test
  @DisplayName("SV-6 who gives up stops the method at the node")
  void givesUp() throws Exception {
    Worker only = worker("only");
    Answer<String> held = hold();
    until("it is begun", () -> only.begun.get() == 1);
    held.close();
    until("the method is interrupted", () -> only.interrupted.get() == 1);
  }

  @Test
  @DisplayName("DI-8 a request that may have been begun fails with its node, and others go on")
  void nodeIsLost() throws Exception {
    Worker doomed = worker("doomed");
    Forked<String> held = fork(() -> Request.to(pool.spread(), "hold").as(String.class));
    until("it is begun", () -> doomed.begun.get() == 1);
    worker("other");
    doomed.server.close();
    CallException failure = held.joinFailure(CallException.class);
    assertThat(failure.error()).isInstanceOf(CallError.PeerLost.class);
    for (int i = 0; i < 10; i++) {
      assertThat(ask(pool.spread())).isEqualTo("other");
    }
  }

  @Test
  @DisplayName("a node that leaves the list answers what it has, and gets no more")
  void leaves() throws Exception {
    Worker leaving = worker("leaving");
    Answer<String> held = hold();
    until("it is begun", () -> leaving.begun.get() == 1);
    worker("other");
    directory.leave("leaving");
    until("the other is asked", () -> isAsked("other"));
    leaving.mayAnswer.close();
    assertThat(held.get()).isEqualTo("leaving");
    until("it is left", () -> leaving.server.peers().isEmpty());
  }

  @Test
  @DisplayName(
      "SV-4 a node that cannot be reached is not waited for; one that comes later is found")
  void cannotBeReached() throws Exception {
    directory.announce(
        new Discovery.Offer("ghost", URI.create("memory://pool-ghost"), Set.of("x")));
    assertThatThrownBy(() -> ask(pool.spread()))
        .isInstanceOf(CallException.class)
        .hasMessageContaining("none of 1 nodes that offer service 'x' can be reached");
    try (Worker ghost = new Worker("ghost", 1)) {
      until("it is found", () -> ghost.server.peers().size() == 1);
      until("it is asked", () -> isAskedQuietly("ghost"));
    }
  }

  @Test
  @DisplayName("SV-4 before anything was heard of a node, its service is said to be unknown")
  void nobodyHeardOf() {
    assertThatThrownBy(() -> ask(pool.spread()))
        .isInstanceOf(CallException.class)
        .hasMessageContaining("unknown-service: no node is known that offers service 'x'");
  }

  @Test
  @DisplayName(
      "whoever waits for so many nodes can ask them all then, and one that leaves counts not")
  void awaitsNodes() throws Exception {
    assertThat(pool.awaitNodes(1, Duration.ZERO)).isFalse();
    Forked<Boolean> both = fork(() -> pool.awaitNodes(2, Duration.ofMinutes(1)));
    worker("one");
    assertThat(pool.awaitNodes(1, Duration.ofMinutes(1))).isTrue();
    assertThat(pool.awaitNodes(2, Duration.ofMillis(20))).isFalse();
    worker("two", Service.DEFAULT_LIMIT);
    assertThat(both.join()).isTrue();
    assertThat(List.of(ask(pool.inTurn()), ask(pool.inTurn())))
        .containsExactlyInAnyOrder("one", "two");
    directory.leave("two");
    until("it has left", () -> pool.toString().endsWith("[one]"));
    assertThat(pool.awaitNodes(2, Duration.ZERO)).isFalse();
    Forked<Boolean> more = fork(() -> pool.awaitNodes(3, Duration.ofMinutes(1)));
    pool.close();
    assertThat(more.join()).isFalse();
  }

  private boolean isAskedQuietly(String name) {
    try {
      return isAsked(name);
    } catch (CallException _) {
      return false;
    }
  }

  @Test
  @DisplayName("a key belongs to one node, and moves to another with its node's end only")
  void byKey() throws Exception {
    Worker a = worker("a");
    worker("b");
    worker("c");
    List<String> before = new ArrayList<>();
    for (int key = 0; key < 60; key++) {
      before.add(ask(pool.byKey(key)));
      assertThat(ask(pool.byKey(key))).isEqualTo(before.get(key));
    }
    assertThat(before).contains("a", "b", "c");
    directory.leave("a");
    a.server.close();
    for (int key = 0; key < 60; key++) {
      String now = ask(pool.byKey(key));
      if (before.get(key).equals("a")) {
        assertThat(now).isNotEqualTo("a");
      } else {
        assertThat(now).isEqualTo(before.get(key));
      }
    }
  }

  @Test
  @DisplayName("nodes that have equally few requests get them in turn")
  void equallyBusy() throws Exception {
    worker("a");
    worker("b");
    String first = ask(pool.spread());
    for (int i = 0; i < 10; i++) {
      assertThat(ask(pool.spread())).isEqualTo(i % 2 == 0 ? other(first) : first);
    }
  }

  @Test
  @DisplayName("requests are given in turn")
  void inTurn() throws Exception {
    worker("a");
    worker("b");
    String first = ask(pool.inTurn());
    for (int i = 0; i < 10; i++) {
      assertThat(ask(pool.inTurn())).isEqualTo(i % 2 == 0 ? other(first) : first);
    }
  }

  private static String other(String name) {
    return name.equals("a") ? "b" : "a";
  }

  @Test
  @DisplayName("SV-6 a request that waits for a ready node ends with its deadline")
  void late() throws Exception {
    Worker only = worker("only");
    List<Answer<String>> held = keepBusy(only);
    assertThatThrownBy(
            () -> Request.to(pool.spread(), "name").within(Duration.ofMillis(100)).done())
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.error()).isInstanceOf(CallError.Timeout.class));
    held.forEach(Answer::close);
  }

  private static Request asking(Channel<Object> reply) {
    return Request.of(Map.of(Request.COMMAND, "name", Request.RETURN, reply));
  }

  @Test
  @DisplayName("SV-6 a request whose caller has left waits for a node no longer, nor do others")
  void callerLeaves() throws Exception {
    Worker only = worker("only");
    List<Answer<String>> held = keepBusy(only);
    Channel<Object> reply = Csp.chan(1);
    assertThat(pool.spread().put(asking(reply))).isTrue();
    assertThat(pool.spread().offer(asking(Csp.chan(1)))).as("while that waits").isFalse();
    reply.close();
    assertThat(pool.spread().offer(asking(Csp.chan(1)), Until.PATIENCE)).isTrue();
    held.forEach(Answer::close);
  }

  @Test
  @DisplayName("SV-6 a request whose caller has left before is given to nobody")
  void callerLeftBefore() throws Exception {
    worker("only");
    Channel<Object> reply = Csp.chan(1);
    reply.close();
    AtomicInteger chosen = new AtomicInteger();
    AtomicInteger given = new AtomicInteger();
    Pool.Pick pick =
        reachable -> {
          chosen.incrementAndGet();
          return reachable.getFirst();
        };
    new Errand(pool, asking(reply), pick).run(given::incrementAndGet);
    assertThat(chosen).hasValue(0);
    assertThat(given).as("it is the next request's turn").hasValue(1);
  }

  @Test
  @DisplayName("DI-9 what is no request is dropped, whoever puts it, and those after it go on")
  @SuppressWarnings({"unchecked", "rawtypes"}) // anything can be put
  void noRequests() throws Exception {
    worker("only");
    try (TwoSpaces spaces = new TwoSpaces()) {
      spaces.bRoot.handler("pool", _ -> pool.spread());
      WritePort far = Request.to(spaces.bRootProxy(), "pool").as(WritePort.class);
      WritePort near = pool.spread();
      for (int i = 0; i < 1_000; i++) {
        assertThat(far.put(i)).isTrue();
        assertThat(near.put("no request")).isTrue();
      }
      assertThat(ask(far)).isEqualTo("only");
      assertThat(ask(near)).isEqualTo("only");
      assertThat(spaces.b.lost()).isNull();
    }
  }

  @Test
  @DisplayName("SV-4 a message without a command is answered, as a service does")
  @SuppressWarnings({"unchecked", "rawtypes"}) // anything can be put
  void noCommand() throws Exception {
    worker("only");
    Channel<Object> reply = Csp.chan(1);
    assertThat(((WritePort) pool.spread()).put(Map.of(Request.RETURN, reply))).isTrue();
    assertThat(String.valueOf(reply.poll(Until.PATIENCE))).contains("error=");
  }

  @Test
  @DisplayName("a closed pool takes no more requests")
  void closed() {
    pool.close();
    assertThatThrownBy(() -> ask(pool.spread())).isInstanceOf(CallException.class);
    assertThatThrownBy(() -> ask(pool.byKey(1))).isInstanceOf(CallException.class);
  }
}
