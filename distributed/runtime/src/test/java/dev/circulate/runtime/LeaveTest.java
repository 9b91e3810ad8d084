package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Blocks;
import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.contract.Forked;
import dev.circulate.contract.Until;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-8b: who leaves in order finishes what is under way. */
class LeaveTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Channel<Boolean> begun = chan(1);
  private final Channel<String> outcome = chan(1);

  private void serveWaiting(Root root) {
    root.handler(
        "wait",
        _ -> {
          begun.put(true);
          return outcome.take();
        });
  }

  private static void assertRefused(Peer peer) {
    assertThatThrownBy(() -> Request.to(peer.root(), "wait").done())
        .isInstanceOfSatisfying(
            CallException.class,
            e ->
                assertThat(e.error())
                    .isInstanceOfSatisfying(
                        CallError.Refused.class,
                        refused -> assertThat(refused.message()).contains("leaving")));
  }

  @Test
  @DisplayName("DI-8b a peer that leaves refuses new requests, finishes those under way, and goes")
  void leaves() throws InterruptedException {
    try (TwoSpaces spaces = new TwoSpaces()) {
      serveWaiting(spaces.bRoot);
      Channel<String> call =
          go(() -> Request.to(spaces.bRootProxy(), "wait").within(LONG).as(String.class));
      begun.take();
      Forked<Boolean> leaving = fork(() -> spaces.a.leave(LONG));
      Await.until("a peer that leaves", spaces.a::isLeaving, () -> "not");
      assertRefused(spaces.b);
      assertThat(spaces.a.lost()).isNull();
      outcome.put("finished");
      assertThat(call.take()).isEqualTo("finished");
      assertThat(leaving.join()).isTrue();
      assertThatThrownBy(() -> spaces.b.ended().take()).hasMessageContaining("has left");
    }
  }

  @Test
  @DisplayName("DI-8b who leaves refuses new requests, and takes every other value")
  @SuppressWarnings({"unchecked", "rawtypes"}) // a peer may put anything
  void takesValues() {
    Channel<Object> taken = chan(1);
    OneSide side = new OneSide(Limits.DEFAULTS, (WritePort) taken, _ -> {});
    side.conversation().refuseRequests("leaving");
    side.hear(new Message.Forward("root", "a value", false, -1, 0));
    assertThat(taken.poll()).isEqualTo("a value");
  }

  @Test
  @DisplayName("DI-8b a peer has not left before the link has the last answers")
  void lastAnswers() throws InterruptedException {
    Root root = Root.named("root");
    serveWaiting(root);
    ScriptedLink link = new ScriptedLink();
    try (Peer peer = Peer.over(link).root(root).begin()) {
      assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
      link.say(new Packet.Hello(1, "caller", List.of(), null, 0, 64, null));
      Reference reply = new Reference("reply", Rights.PUT, true);
      Map<String, Object> call = Map.of(Request.COMMAND, "wait", Request.RETURN, reply);
      link.say(new Packet.Batch(1, 0, List.of(new Message.Forward("root", call, true, -1, 0))));
      begun.take();
      Channel<Boolean> left = go("leaving", () -> peer.leave(LONG));
      outcome.put("finished");
      Await.until("a peer that is lost", () -> peer.lost() != null, peer::toString);
      Await.until(
          "one who leaves and waits, or has left",
          () -> left.buffered() > 0 || waitsForFarewell(),
          () -> Blocks.waiting().toString());
      assertThat(left.buffered()).isZero(); // nobody has heard the answer
      assertThat(link.heard().toString()).contains("finished");
      assertThat(link.heard()).isInstanceOf(Packet.Bye.class);
      link.say(new Packet.Bye(Packet.Bye.LEAVING, "so be it", 1));
      assertThat(left.take()).isTrue();
    }
  }

  private static boolean waitsForFarewell() {
    return Blocks.waiting().stream()
        .anyMatch(block -> block.name().equals("leaving") && block.toString().contains("farewell"));
  }

  @Test
  @DisplayName("DI-8b a call that does not end keeps nobody longer than its patience")
  void impatient() throws InterruptedException {
    try (TwoSpaces spaces = new TwoSpaces()) {
      serveWaiting(spaces.bRoot);
      Channel<String> call =
          go(() -> Request.to(spaces.bRootProxy(), "wait").within(LONG).as(String.class));
      begun.take();
      assertThat(spaces.a.leave(Duration.ofMillis(50))).isFalse();
      assertThatThrownBy(call::take).rootCause().hasMessageContaining("has left");
    }
  }

  @Test
  @DisplayName("DI-8b a server that stops lets every peer's calls end, and accepts nobody new")
  void server() throws Exception {
    Root root = Root.named("server");
    serveWaiting(root);
    try (Server server = Server.start(URI.create("memory://leave-test"), root);
        Peer peer = Peer.connect(server.uri())) {
      Channel<String> call =
          go(() -> Request.to(peer.root(), "wait").within(LONG).as(String.class));
      begun.take();
      Forked<Boolean> stopping = fork(() -> server.stop(LONG));
      Await.until(
          "a server that leaves its peers",
          () -> server.peers().stream().allMatch(Peer::isLeaving),
          () -> "not");
      assertRefused(peer);
      assertThatThrownBy(() -> Peer.connect(server.uri())).hasMessageContaining("leaving");
      outcome.put("finished");
      assertThat(call.take()).isEqualTo("finished");
      assertThat(stopping.join()).isTrue();
      server.awaitStop();
    }
  }

  /** A link of which somebody hears as soon as a server looks at it. */
  private record Noticed(Link link, Runnable notice) implements Link {
    @Override
    public String peer() {
      notice.run();
      return link.peer();
    }

    @Override
    public ReadPort<Frame> incoming() {
      return link.incoming();
    }

    @Override
    public WritePort<Frame> outgoing() {
      return link.outgoing();
    }

    @Override
    public void close() {
      link.close();
    }
  }

  @Test
  @DisplayName("DI-8b who is accepted while a server begins to stop is told that it leaves")
  void acceptedMeanwhile() throws Exception {
    Root root = Root.named("server");
    serveWaiting(root);
    Doorbell network = new Doorbell();
    MemoryLink.Pair there = MemoryLink.pair("caller", "server");
    MemoryLink.Pair late = MemoryLink.pair("newcomer", "server");
    try (Server server =
            Server.at(URI.create("scripted://leave")).root(root).transport(network).start();
        Peer caller = Peer.over(there.near()).begin()) {
      network.ring(there.far());
      Channel<String> call =
          go(() -> Request.to(caller.root(), "wait").within(LONG).as(String.class));
      begun.take();
      List<Forked<Boolean>> stopping = new ArrayList<>();
      network.ring(
          new Noticed(
              late.far(),
              () -> {
                stopping.add(fork(() -> server.stop(LONG)));
                Await.until(
                    "a server that leaves its peers",
                    () -> server.peers().stream().allMatch(Peer::isLeaving),
                    () -> "not");
              }));
      assertThat(late.near().incoming().poll(Until.PATIENCE))
          .isInstanceOfSatisfying(
              Frame.Text.class, frame -> assertThat(frame.text()).contains("~:bye", "leaving"));
      outcome.put("finished");
      assertThat(call.take()).isEqualTo("finished");
      assertThat(stopping.getFirst().join()).isTrue();
    }
  }

  @Test
  @DisplayName("DI-8b who hears a bye answers with one")
  void answersBye() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    try (Peer _ = Peer.over(link).begin()) {
      assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
      link.say(new Packet.Hello(1, "caller", List.of(), null, 0, 64, null));
      link.say(new Packet.Bye(Packet.Bye.LEAVING, "so long", 0));
      assertThat(link.heard())
          .isInstanceOfSatisfying(
              Packet.Bye.class, bye -> assertThat(bye.code()).isEqualTo(Packet.Bye.LEAVING));
    }
  }

  @Test
  @DisplayName("DI-8b who hears a bye before any hello answers with one, too")
  void answersFirstWord() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    try (Peer peer = Peer.over(link).begin()) {
      assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
      link.say(new Packet.Bye(Packet.Bye.OVERLOADED, "come again", 0));
      assertThat(link.heard())
          .isInstanceOfSatisfying(
              Packet.Bye.class, bye -> assertThat(bye.code()).isEqualTo(Packet.Bye.LEAVING));
      assertThat(peer.lost()).hasMessageContaining("ended the session: come again");
    }
  }

  @Test
  @DisplayName("DI-8b a peer that leaves waits for its own calls, too")
  void ownCalls() throws InterruptedException {
    try (TwoSpaces spaces = new TwoSpaces()) {
      serveWaiting(spaces.bRoot);
      Channel<String> call =
          go(() -> Request.to(spaces.bRootProxy(), "wait").within(LONG).as(String.class));
      begun.take();
      Forked<Boolean> leaving = fork(() -> spaces.b.leave(LONG));
      Await.until("a peer that leaves", spaces.b::isLeaving, () -> "not");
      outcome.put("finished");
      assertThat(call.take()).isEqualTo("finished");
      assertThat(leaving.join()).isTrue();
    }
  }

  @Test
  @DisplayName("DI-8b what was said before a peer is closed is heard before its last word")
  void saidBefore() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    Peer peer = Peer.over(link).begin();
    assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
    link.say(new Packet.Hello(1, "called", List.of(), null, 0, 64, null));
    assertThat(peer.root().put(Request.of(Map.of(Request.COMMAND, "first")))).isTrue();
    Await.until("a frame", () -> link.waitingFrames() == 1, () -> "none");
    assertThat(peer.root().put(Request.of(Map.of(Request.COMMAND, "second")))).isTrue();
    peer.close();
    assertThat(link.heard().toString()).contains("first");
    assertThat(link.heard().toString()).contains("second");
    assertThat(link.heard()).isInstanceOf(Packet.Bye.class);
  }
}
