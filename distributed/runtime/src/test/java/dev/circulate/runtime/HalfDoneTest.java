package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.WritePort;
import dev.circulate.contract.Forked;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.runtime.codec.Tagged;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import java.lang.Thread.State;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of a batch in whose midst something ends; a type's handler holds the test there. */
class HalfDoneTest {
  private static final URI HERE = URI.create("scripted://half-done");
  private static final Duration LONG = Duration.ofSeconds(20);

  private record Slow() {}

  private final CompletableFuture<Boolean> reached = new CompletableFuture<>();
  private final CompletableFuture<Boolean> goOn = new CompletableFuture<>();
  private final Channel<Object> given = chan(16);
  private final Codec codec =
      Codec.JSON.with(
          Handlers.none()
              .with(
                  "slow",
                  Slow.class,
                  _ -> "slow",
                  _ -> {
                    reached.complete(true);
                    goOn.join();
                    return new Slow();
                  }));

  @AfterEach
  void goOn() {
    goOn.complete(true);
  }

  /** It takes whatever comes. */
  @SuppressWarnings("unchecked")
  private <B extends SessionBuilder<B>> B with(B builder) {
    WritePort<Request> root = (WritePort<Request>) (WritePort<?>) given.writePort();
    return builder.root(root).codec(codec);
  }

  private static Message put(Object value) {
    return new Message.Forward("root", value, false, -1, 0);
  }

  private static Packet hello(String session) {
    return new Packet.Hello(1, "a test", List.of(), session, 0, 64, null);
  }

  private static Packet.Bye lastWord(ScriptedLink link) throws InterruptedException {
    Packet packet = link.heard();
    while (!(packet instanceof Packet.Bye)) {
      packet = link.heard();
    }
    return (Packet.Bye) packet;
  }

  @Test
  @DisplayName("CH-13 DI-8 what a side that leaves has not done yet is not confirmed")
  void leaves() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    Peer peer = with(Peer.over(link)).begin();
    link.heard();
    link.say(hello(""));
    link.say(new Packet.Batch(1, 0, List.of(put("first"))));
    link.say(
        new Packet.Batch(
            2, 0, List.of(put("second"), put(new Tagged("slow", "x")), put("never done"))));
    reached.join();
    peer.close();
    assertThat(lastWord(link).received()).isEqualTo(1);
    goOn.complete(true);
    assertThat(given.drain(16)).startsWith("first", "second").doesNotContain("never done");
  }

  @Test
  @DisplayName("CH-5 DI-8 who leaves while a batch is being done leaves after it")
  void doneFirst() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    Peer peer = with(Peer.over(link)).begin();
    link.heard();
    link.say(hello(""));
    link.say(
        new Packet.Batch(1, 0, List.of(put(new Tagged("slow", "x")), put("also"), put("all"))));
    reached.join();
    Thread leaving = Thread.ofPlatform().start(peer::close);
    Await.until(
        "one who leaves, or has left",
        () -> leaving.getState() == State.TIMED_WAITING || leaving.getState() == State.TERMINATED,
        leaving::toString);
    goOn.complete(true);
    assertThat(lastWord(link).received()).isEqualTo(1);
    assertThat(given.drain(16)).endsWith("also", "all");
  }

  @Test
  @DisplayName("DI-8b CH-13 a batch that cannot be done since this side has left is no violation")
  void heardAfterwards() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    Channel<Object> undelivered = chan(16);
    Peer peer = with(Peer.over(link)).onUndelivered(undelivered::offer).begin();
    link.heard();
    link.say(hello(""));
    peer.root().put(Request.of(Map.of(Request.COMMAND, "without an answer")));
    assertThat(link.heard()).isInstanceOf(Packet.Batch.class);
    link.say(new Packet.Batch(1, 0, List.of(put(new Tagged("slow", "x")), put("never done"))));
    reached.join();
    peer.close();
    goOn.complete(true);
    lastWord(link);
    Forked<Boolean> answered =
        fork(
            () -> {
              link.say(new Packet.Bye(Packet.Bye.LEAVING, "so be it", 1));
              return true;
            });
    Await.until("a last word that is heard", answered::isDone, peer::toString);
    assertThat(peer.leave(LONG)).isTrue();
    assertThat(undelivered.buffered()).isZero();
  }

  @Test
  @DisplayName("CH-13 DI-8 what was done when a side leaves is confirmed, and what comes then not")
  void leavesInBetween() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    Peer peer = with(Peer.over(link)).begin();
    link.heard();
    link.say(hello(""));
    link.say(new Packet.Batch(1, 0, List.of(put("first"))));
    assertThat(given.poll(LONG)).isEqualTo("first");
    link.say(new Packet.Beat(1, 0)); // the batch has been dealt with
    peer.close();
    assertThat(lastWord(link).received()).isEqualTo(1);
  }

  @Test
  @DisplayName("DI-9 CH-5 what must not come ends the session, also when its link broke meanwhile")
  void linkBreaks() throws Exception {
    Doorbell network = new Doorbell();
    Limits limits =
        Limits.builder().beat(Duration.ofMillis(20)).silence(Duration.ofMillis(200)).build();
    try (Server server = with(Server.at(HERE)).limits(limits).transport(network).start()) {
      ScriptedLink link = network.ring();
      link.say(hello(""));
      link.heard();
      Peer peer = server.peers().getFirst();
      Channel<LinkEvent> events = peer.linkEvents();
      link.say(
          new Packet.Batch(
              1,
              0,
              List.of(
                  put(new Tagged("slow", "x")), new Message.Take("nobody's", 1), put("never"))));
      reached.join();
      LinkEvent event = events.poll(LONG);
      while (event instanceof LinkEvent.Connected) {
        event = events.poll(LONG);
      }
      assertThat(event).as("the peer is silent").isInstanceOf(LinkEvent.Cut.class);
      goOn.complete(true);
      event = events.poll(LONG);
      assertThat(event)
          .isInstanceOfSatisfying(
              LinkEvent.Lost.class,
              lost -> assertThat(lost.cause()).hasMessageContaining("broke the protocol"));
    }
  }
}
