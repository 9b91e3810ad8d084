package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Blocks;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a call costs on the wire. */
class FramesPerCallTest {
  private final List<String> crossed = new CopyOnWriteArrayList<>();

  @Test
  @DisplayName(
      "DI-6 a call costs a frame each way; beside that only a credit for each half window of calls")
  void twoFrames() throws InterruptedException {
    int calls = 100;
    Channel<String> toFar = chan();
    Channel<String> toNear = chan();
    Root root = Root.named("far").handler("inc", _ -> 1);
    try (Peer far = Peer.buildTransport(root.port(), noted(toFar), toNear);
        Peer near = Peer.buildTransport(Root.named("near").port(), noted(toNear), toFar)) {
      for (int i = 0; i < calls; i++) {
        assertThat(Request.to(near.root(), "inc").as(int.class)).isEqualTo(1);
        assertThat(near.held()).isEqualTo(new Peer.Held(0, 0));
      }
      long forwards = count("~:forward");
      long credits = count("~:credit");
      assertThat(forwards).isEqualTo(2L * calls);
      assertThat(credits).isEqualTo(calls / (Limits.DEFAULTS.window() / 2));
      assertThat(crossed).hasSize((int) (2 + forwards + credits)); // and two hellos
      Peer.Held nothing = new Peer.Held(0, 0); // it forgets the last when it has sent the answer
      Await.until("empty table", () -> far.held().equals(nothing), () -> far.held().toString());
    }
  }

  @Test
  @DisplayName("DI-6 what is said while a frame leaves shares the next one, and waits for no more")
  void sharedFrames() throws InterruptedException {
    int calls = 10;
    ScriptedLink link = new ScriptedLink();
    try (Peer near = Peer.over(link).root(Root.named("near")).begin()) {
      assertThat(link.heard()).isInstanceOf(Packet.Hello.class);
      link.say(new Packet.Hello(1, "far", List.of(), null, 0, 64, null));
      for (int i = 0; i < calls; i++) {
        go("caller", () -> Request.to(near.root(), "inc").as(int.class));
      }
      Await.until(
          "callers who wait for their answers",
          () -> callersWhoWait() == calls,
          () -> Blocks.waiting().toString());
      int first = messagesHeard(link);
      assertThat(first + messagesHeard(link)).isEqualTo(calls);
    }
  }

  private static long callersWhoWait() {
    return Blocks.waiting().stream().filter(block -> block.name().equals("caller")).count();
  }

  private static int messagesHeard(ScriptedLink link) throws InterruptedException {
    return ((Packet.Batch) link.heard()).messages().size();
  }

  private long count(String type) {
    return crossed.stream().filter(frame -> frame.contains(type)).count();
  }

  private Channel<String> noted(Channel<String> from) {
    Channel<String> to = Csp.chan();
    go(
        () -> {
          for (String frame : from) {
            crossed.add(frame);
            to.put(frame);
          }
          to.close();
        });
    return to;
  }
}
