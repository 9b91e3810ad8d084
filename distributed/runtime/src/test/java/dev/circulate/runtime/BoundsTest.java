package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.contract.Forked;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * DI-9: each bound ends the session of whoever goes beyond it, in words, while the calls of another
 * peer of the same server go on.
 */
@SuppressWarnings("NullAway.Init") // each test starts a server of its own
class BoundsTest {
  private static final URI THERE = URI.create("memory://bounds");

  private final Transport network = new MemoryTransport();
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicBoolean enough = new AtomicBoolean();
  private final Channel<Object> neverTaken = chan();
  private final Root root =
      Root.named("bounded")
          .handler("count", _ -> served.incrementAndGet())
          .handler("wait", _ -> chan().take())
          .handler("give", _ -> chan())
          .handler("same", _ -> neverTaken);
  private Server server;
  private Peer honest;
  private Forked<Integer> calls;

  private void start(Limits.Builder limits) throws IOException, InterruptedException {
    server = Server.at(THERE).root(root).limits(limits.build()).transport(network).start();
    honest = Peer.to(THERE).transport(network).connect();
    calls =
        fork(
            () -> {
              int answered = 0;
              while (!enough.get()) {
                Request.to(honest.root(), "count").as(int.class);
                answered++;
              }
              return answered;
            });
  }

  private Rude rude() throws IOException, InterruptedException {
    return new Rude(network, THERE);
  }

  /** The honest peer's calls were answered all the time, and still are. */
  private void assertOthersGoOn() throws InterruptedException {
    int before = served.get();
    Await.until("more calls", () -> served.get() > before + 10, () -> served + " as before");
    enough.set(true);
    assertThat(calls.join()).isPositive();
    assertThat(honest.lost()).isNull();
  }

  @AfterEach
  void stop() {
    enough.set(true);
    honest.close();
    server.close();
  }

  private static String times(int count, String part) {
    return String.join(",", Collections.nCopies(count, part));
  }

  private void assertViolation(String body, String sentence)
      throws IOException, InterruptedException {
    try (Rude rude = rude()) {
      rude.say(Rude.HELLO).forward("root", body);
      Packet.Bye bye = rude.bye();
      assertThat(bye.code()).isEqualTo("protocol-violation");
      assertThat(bye.sentence()).contains(sentence);
    }
    assertOthersGoOn();
  }

  @Test
  @DisplayName("DI-9 a frame that is too long")
  void frame() throws IOException, InterruptedException {
    start(Limits.builder().frame(2_048).string(2_048));
    assertViolation("\"" + "x".repeat(3_000) + "\"", "; the limit is 2048");
  }

  @Test
  @DisplayName("DI-9 a value that is nested too deep")
  void depth() throws IOException, InterruptedException {
    start(Limits.builder().depth(10));
    assertViolation("[".repeat(40) + "]".repeat(40), "the limit is 10");
  }

  @Test
  @DisplayName("DI-9 a string that is too long")
  void string() throws IOException, InterruptedException {
    start(Limits.builder().string(256));
    assertViolation("\"" + "x".repeat(257) + "\"", "a string of 257; the limit is 256");
  }

  @Test
  @DisplayName("DI-9 a collection that is too large")
  void collection() throws IOException, InterruptedException {
    start(Limits.builder().collection(64));
    assertViolation("[" + times(65, "1") + "]", "a collection of 65; the limit is 64");
  }

  @Test
  @DisplayName("DI-9 more channels of the peer's than may be held")
  void imports() throws IOException, InterruptedException {
    start(Limits.builder().imports(100));
    StringBuilder channels = new StringBuilder("[\"first\"");
    for (int i = 0; i < 100; i++) {
      channels.append(",[\"~#chan-guid\",[\"c").append(i).append("\",\"p\",false]]");
    }
    assertViolation(channels.append("]").toString(), "more than 100 channels held at once");
  }

  @Test
  @DisplayName("DI-9 a call holds a channel of the peer's while it is under way")
  void importsOfCalls() throws IOException, InterruptedException {
    start(Limits.builder().imports(5));
    try (Rude rude = rude()) {
      rude.say(Rude.HELLO);
      for (int i = 1; i <= 5; i++) { // the root is one, too
        rude.call("wait");
      }
      assertThat(rude.bye().sentence()).contains("more than 5 channels held at once");
    }
    assertOthersGoOn();
  }

  @Test
  @DisplayName("DI-9 a call holds a channel of the caller's: no more are under way than it gives")
  void exportsOfCalls() throws IOException, InterruptedException {
    start(Limits.builder());
    Limits three = Limits.builder().exports(3).build();
    try (Peer caller = Peer.to(THERE).limits(three).transport(network).connect()) {
      for (int i = 0; i < 2; i++) { // the root is one, too
        caller
            .root()
            .put(Request.of(Map.of(Request.COMMAND, "wait", Request.RETURN, chan().writePort())));
      }
      Await.until("two calls", () -> caller.held().exports() == 2, caller.held()::toString);
      assertThatThrownBy(() -> Request.to(caller.root(), "count").done())
          .hasMessageContaining("the peer holds 3 channels already");
      assertThat(caller.lost()).isNull();
    }
    assertOthersGoOn();
  }

  @Test
  @DisplayName("DI-9 a name that was given in another session is worth nothing in this one")
  void namesOfOthers() throws IOException, InterruptedException {
    start(Limits.builder());
    try (Rude friend = rude()) {
      friend.say(Rude.HELLO).call("same");
      String answer = friend.heard("chan-guid");
      String guid = answer.replaceAll(".*chan-guid\",\\[\"([0-9a-f]{32}).*", "$1");
      assertThat(guid).hasSize(32);
      try (Rude thief = rude()) {
        thief.say(Rude.HELLO).forward(guid, "1");
        Packet.Bye bye = thief.bye();
        assertThat(bye.code()).isEqualTo("protocol-violation");
        assertThat(bye.sentence()).contains("no channel was ever given the name");
      }
      friend.forward(guid, "1");
      Await.until("the put", () -> neverTaken.waitingPutters() == 1, neverTaken::toString);
    }
    assertOthersGoOn();
  }

  @Test
  @DisplayName("DI-9 more requests under way are answered as overloaded, and the session goes on")
  void requests() throws IOException, InterruptedException {
    start(Limits.builder().requests(5));
    try (Rude rude = rude()) {
      rude.say(Rude.HELLO);
      for (int i = 0; i < 5; i++) {
        rude.call("wait");
      }
      rude.call("count");
      assertThat(rude.heard("r6")).contains("overloaded").contains("5 requests under way");
      rude.sayMessage("[\"^ \",\"~:type\",\"~:closed\",\"~:target\",\"r1\",\"~:drained\",true]");
      String answer;
      do { // until the request that was given up has ended
        rude.call("count");
        answer = rude.heard("\"~:forward\"");
      } while (answer.contains("overloaded"));
      assertThat(answer).contains("answer");
    }
    assertOthersGoOn();
  }

  @Test
  @DisplayName("DI-9 a peer that asks and does not read the answers")
  void backlog() throws IOException, InterruptedException {
    start(Limits.builder().window(10_000).backlog(10_000));
    Peer before = server.peers().getFirst();
    try (Rude rude = rude()) {
      rude.say(Rude.HELLO);
      Await.until("it", () -> server.peers().size() == 2, server.peers()::toString);
      Peer seen = server.peers().stream().filter(peer -> peer != before).findFirst().orElseThrow();
      int asked = 0;
      while (seen.lost() == null && asked < 100_000 && rude.call("count")) {
        asked++;
      }
      assertThatThrownBy(() -> seen.ended().take())
          .hasMessageContaining("more than 10000 messages wait to be read");
      assertThat(rude.bye().code()).isEqualTo("overloaded");
    }
    assertOthersGoOn();
  }

  @Test
  @DisplayName("DI-9 a peer that hoards channels is given no more, and is told so")
  void exports() throws IOException, InterruptedException {
    start(Limits.builder().exports(10));
    try (Rude rude = rude()) {
      rude.say(Rude.HELLO);
      for (int i = 1; i <= 9; i++) { // the root is one, too
        rude.call("give");
        assertThat(rude.heard("\"r" + i + "\"")).contains("chan-guid");
      }
      rude.call("give");
      assertThat(rude.heard("\"r10\"")).contains("the peer holds 10 channels already");
      rude.call("count");
      assertThat(rude.heard("\"r11\"")).contains("answer");
    }
    assertOthersGoOn();
  }

  @Test
  @DisplayName("DI-9 what a peer does not confirm is bounded, and the rest waits")
  void unacked() throws IOException, InterruptedException {
    start(Limits.builder().window(1_000).unacked(128 << 10).beat(Duration.ofMillis(500)));
    root.handler("text", _ -> "x".repeat(1_000));
    try (Rude rude = rude()) {
      rude.say(Rude.HELLO);
      for (int i = 0; i < 600; i++) {
        rude.call("text");
      }
      int bound = 128 << 10;
      int heard = 0;
      String last = "";
      String frame = rude.heard("xxx");
      // a beat confirms calls as well, while answers are still on their way
      while (heard < bound || !frame.contains("~:beat")) {
        if (frame.contains("xxx")) {
          heard += frame.length();
          last = frame.replaceAll(".*~:number\",([0-9]+).*", "$1");
        }
        frame = rude.heard();
        assertThat(frame).doesNotContain("the end").doesNotContain("~:bye");
      }
      assertThat(heard).isLessThanOrEqualTo(bound + 256 * 1_200);
      rude.say("[\"^ \",\"~:type\",\"~:beat\",\"~:received\"," + last + "]");
      assertThat(rude.heard("xxx")).as("when it confirms, more comes").contains("xxx");
    }
    assertOthersGoOn();
  }

  @Test
  @DisplayName("DI-9 a link on which nothing is said")
  void silentLink() throws IOException, InterruptedException {
    start(Limits.builder().hello(Duration.ofSeconds(2)));
    try (Rude rude = rude()) {
      assertThat(rude.heard()).isEqualTo("the end");
    }
    assertOthersGoOn();
  }

  @Test
  @DisplayName("DI-9 a frame that is nonsense does not come back whole in the last word")
  void sentence() throws IOException, InterruptedException {
    start(Limits.builder());
    try (Rude rude = rude()) {
      rude.say("[" + times(90_000, "1234567890") + "]");
      assertThat(rude.bye().sentence()).hasSizeLessThan(600).contains("a frame is a map, not");
    }
    assertOthersGoOn();
  }
}
