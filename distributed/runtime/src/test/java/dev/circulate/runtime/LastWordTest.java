package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.contract.Forked;
import dev.circulate.contract.Until;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DI-9: whoever loses its session is told why, whatever stands in the way. */
class LastWordTest {
  private static final Packet HELLO = new Packet.Hello(1, "x", List.of(), null, 0, 64, null);

  private static final String LONG = "y".repeat(900_000);

  private static Packet.Batch call(long number) {
    Reference reply = new Reference("reply " + number, Rights.PUT, true);
    Map<String, Object> body = Map.of(Request.COMMAND, "text", Request.RETURN, reply);
    return new Packet.Batch(number, 0, List.of(new Message.Forward("root", body, true, -1, 0)));
  }

  @Test
  @DisplayName(
      "DI-9 a peer that has confirmed too little to be told more is told what it did wrong")
  void withoutRoom() throws InterruptedException {
    String text = "x".repeat(200_000);
    Root root = Root.named("root").handler("text", _ -> text);
    ScriptedLink link = new ScriptedLink();
    Limits limits = Limits.builder().unacked(128 << 10).build();
    try (Peer peer = Peer.over(link).root(root).limits(limits).begin()) {
      link.heard();
      link.say(HELLO);
      link.say(call(1));
      assertThat(link.heard()).isInstanceOf(Packet.Batch.class);
      link.say(call(2));
      link.say(new Packet.Beat(2, 0)); // the call has been dealt with
      Await.until(
          "an answer that has to wait", () -> peer.held().imports() == 0, peer.held()::toString);
      link.say(call(99));
      assertThat(link.heard())
          .isInstanceOfSatisfying(
              Packet.Bye.class,
              bye -> assertThat(bye.sentence()).contains("batch 99 came where batch 3"));
    }
  }

  @Test
  @DisplayName("DI-8b DI-10 a last word is one, also if nobody here knows its code")
  void laterCode() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    try (Peer peer = Peer.over(link).begin()) {
      link.heard();
      link.say(HELLO);
      link.say(new Packet.Bye("moved", "look elsewhere", 0));
      assertThat(link.heard()).isInstanceOf(Packet.Bye.class);
      assertThatThrownBy(() -> peer.ended().poll(Until.PATIENCE))
          .hasMessageContaining("ended the session: look elsewhere");
    }
  }

  @Test
  @DisplayName("DI-9 a last word that is long is not repeated at its length")
  void longWord() throws InterruptedException {
    ScriptedLink link = new ScriptedLink();
    try (Peer peer = Peer.over(link).begin()) {
      link.heard();
      link.say(HELLO);
      link.say(new Packet.Bye("moved", LONG, 0));
      assertThat(link.heard()).isInstanceOf(Packet.Bye.class);
      assertThatThrownBy(() -> peer.ended().poll(Until.PATIENCE))
          .message()
          .contains("ended the session: yyy")
          .hasSizeLessThan(1_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x"})
  @DisplayName("DI-9 a peer is told what it did wrong wherever its own words are cut off in that")
  void cutInAPair(String before) throws InterruptedException {
    Channel<String> from = chan(16);
    Channel<String> to = chan(16);
    try (Peer peer = Peer.over(new StringLink(from, to)).begin()) {
      assertThat(to.take()).contains("~:hello");
      from.put("[\"^ \",\"~:type\",\"~:" + before + "\ud83d\ude00".repeat(400) + "\"]");
      String word = Objects.requireNonNull(to.take());
      assertThat(PacketCodec.read(word, FrameLimits.DEFAULTS))
          .isInstanceOfSatisfying(
              Packet.Bye.class,
              bye -> assertThat(bye.sentence()).startsWith("no frame is of type '" + before));
      assertThatThrownBy(() -> peer.ended().poll(Until.PATIENCE))
          .hasMessageContaining("broke the protocol");
    }
  }

  @Test
  @DisplayName("DI-9 a peer to which something cannot be said at all is told so")
  void cannotBeSaid() {
    MemoryLink.Pair pair = MemoryLink.pair("a", "b");
    Root verbose = Root.named("b".repeat(5_000));
    Limits narrow = Limits.builder().frame(1_024).build();
    try (Peer b = Peer.over(pair.near()).begin();
        Peer a = Peer.over(pair.far()).root(verbose).limits(narrow).begin()) {
      assertThatThrownBy(() -> a.ended().take()).hasMessageContaining("cannot be sent");
      assertThatThrownBy(() -> b.ended().take())
          .hasMessageContaining("ended the session")
          .hasMessageContaining("cannot be sent");
    }
  }

  @Test
  @DisplayName("DI-9 DI-11 who waits too long for an authenticator is told, and not called silent")
  void lateAuthenticator() throws InterruptedException {
    Channel<String> from = chan(16);
    Channel<String> to = chan(16);
    Channel<String> verdict = chan();
    from.put(PacketCodec.write(HELLO));
    try (Peer peer =
        Peer.over(new StringLink(from, to))
            .limits(Limits.builder().hello(Duration.ofMillis(100)).build())
            .authenticator(_ -> verdict.take())
            .begin()) {
      assertThatThrownBy(() -> peer.ended().take())
          .hasMessageContaining("found out in time")
          .hasMessageNotContaining("said nothing");
      assertThat(to.stream().toList())
          .singleElement()
          .asString()
          .contains("~:bye", "internal", "found out in time");
    } finally {
      verdict.close();
    }
  }

  /** A peer whose first link has lost something. */
  private static Peer cut(Switchboard network, ScriptedLink first) throws InterruptedException {
    Forked<Peer> connecting =
        fork(() -> Peer.to(URI.create("scripted://there")).transport(network).connect());
    assertThat(first.heard()).isInstanceOf(Packet.Hello.class);
    first.say(new Packet.Hello(1, "server", List.of(), "a secret", 0, 64, null));
    Peer peer = connecting.join();
    first.say(new Packet.Batch(5, 0, List.of()));
    return peer;
  }

  @Test
  @DisplayName("DI-9 nor is the long word of one that does not resume the session")
  void longAnswer() throws InterruptedException {
    Switchboard network = new Switchboard();
    ScriptedLink first = network.next();
    ScriptedLink second = network.next();
    try (Peer peer = cut(network, first)) {
      assertThat(second.heard()).isEqualTo(new Packet.Resume("a secret", 0));
      second.say(new Packet.Bye(Packet.Bye.UNKNOWN_SESSION, LONG, 0));
      assertThatThrownBy(() -> peer.ended().take())
          .message()
          .contains("did not resume the session: yyy")
          .hasSizeLessThan(1_000);
    }
  }

  @Test
  @DisplayName("DI-9 who answers a resume with what is no answer is told so, over the same link")
  void wrongAnswer() throws InterruptedException {
    Switchboard network = new Switchboard();
    ScriptedLink first = network.next();
    ScriptedLink second = network.next();
    try (Peer peer = cut(network, first)) {
      assertThat(second.heard()).isEqualTo(new Packet.Resume("a secret", 0));
      second.say(new Packet.Beat(0, 0));
      assertThatThrownBy(() -> peer.ended().take()).hasMessageContaining("is not answered by");
      assertThat(second.heard())
          .isInstanceOfSatisfying(
              Packet.Bye.class,
              bye -> {
                assertThat(bye.code()).isEqualTo(Packet.Bye.VIOLATION);
                assertThat(bye.sentence()).contains("is not answered by");
              });
    }
  }

  @Test
  @DisplayName("DI-9 who resumes with more than was said is told so, over the same link")
  void resumesWithTooMuch() throws Exception {
    Doorbell network = new Doorbell();
    URI here = URI.create("scripted://last-word");
    try (Server server = Server.at(here).root(Root.named("server")).transport(network).start()) {
      ScriptedLink first = network.ring();
      first.say(new Packet.Hello(1, "client", List.of(), "", 0, 64, null));
      Packet.Hello hello = (Packet.Hello) first.heard();
      Peer peer = server.peers().getFirst();
      ScriptedLink second = network.ring();
      second.say(new Packet.Resume(String.valueOf(hello.session()), 99));
      String why = "batch 99 was confirmed where 0 were said";
      assertThat(second.heard()).isEqualTo(new Packet.Bye(Packet.Bye.VIOLATION, why, 0));
      assertThatThrownBy(() -> peer.ended().take())
          .hasMessageContaining("broke the protocol: " + why);
    }
  }

  @Test
  @DisplayName("DI-9 of several reasons for an end the first is told")
  void firstReason() {
    Parting parting = new Parting("peer");
    parting.because(Packet.Bye.LEAVING, "closed by us");
    parting.because(Packet.Bye.VIOLATION, "a name that was just forgotten");
    assertThat(parting.words()).isEqualTo(new Parting.Words(Packet.Bye.LEAVING, "closed by us"));
  }
}
