package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Blocks;
import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * DI-8: a link that takes no frames any more holds nobody up who leaves; each test waits for as
 * long as a session's patience.
 */
@Tag("long")
class StuckLinkTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  /** Nobody ever takes what is put into it; closing it keeps what waits, as with any channel. */
  private static final class Stuck implements Link {
    private final Channel<Frame> incoming = chan(16);
    private final Channel<Frame> outgoing = chan();

    @Override
    public ReadPort<Frame> incoming() {
      return incoming;
    }

    @Override
    public WritePort<Frame> outgoing() {
      return outgoing;
    }

    @Override
    public String peer() {
      return "the deaf";
    }

    @Override
    public void close() {
      outgoing.close();
    }
  }

  private final Channel<Object> kept = chan(1);
  private final Channel<Object> undelivered = chan(16);
  private final Root root =
      Root.named("root")
          .handler(
              "keep", request -> kept.offer(Objects.requireNonNull(request.argument("channel"))));

  private static String hello() {
    return PacketCodec.write(new Packet.Hello(1, "deaf", List.of(), null, 0, 64, null));
  }

  /** The peer gives a channel to whoever keeps it. */
  private static String keep() {
    Map<String, Object> body =
        Map.of(Request.COMMAND, "keep", "channel", new Reference("theirs", Rights.ALL, false));
    return PacketCodec.write(
        new Packet.Batch(1, 0, List.of(new Message.Forward("root", body, true, -1, 0))));
  }

  @SuppressWarnings("unchecked")
  private void putTo(Object proxy, int values) throws InterruptedException {
    for (int i = 0; i < values; i++) {
      assertThat(((Channel<Object>) proxy).put(i)).isTrue();
    }
  }

  private void assertTold(int values) throws InterruptedException {
    for (int i = 0; i < values; i++) {
      assertThat(undelivered.poll(LONG)).isEqualTo(i);
    }
  }

  private static boolean isAtWork(String block) {
    return Blocks.waiting().stream().anyMatch(waiting -> waiting.name().equals(block));
  }

  @Test
  @DisplayName(
      "DI-8 CH-13 who leaves over a link that is stuck tells what did not arrive, and goes")
  void leaves() throws InterruptedException {
    Stuck link = new Stuck();
    Peer peer = Peer.over(link).root(root).onUndelivered(undelivered::offer).begin();
    link.incoming.put(new Frame.Text(hello()));
    link.incoming.put(new Frame.Text(keep()));
    putTo(Objects.requireNonNull(kept.poll(LONG)), 3);
    Await.until(
        "a writer", () -> isAtWork("writer to the deaf"), () -> Blocks.waiting().toString());
    peer.close();
    assertTold(3);
    Await.until(
        "no writer", () -> !isAtWork("writer to the deaf"), () -> Blocks.waiting().toString());
  }

  @Test
  @DisplayName("DI-8 CH-13 the same over a pair of string channels of which nobody takes one")
  void strings() throws InterruptedException {
    Channel<String> source = chan(16);
    Channel<String> sink = chan();
    Peer peer =
        Peer.over(new StringLink(source, sink))
            .root(root)
            .onUndelivered(undelivered::offer)
            .begin();
    source.put(hello());
    source.put(keep());
    putTo(Objects.requireNonNull(kept.poll(LONG)), 3);
    peer.close();
    assertTold(3);
    Await.until("a sink that is closed", sink::isClosed, sink::toString);
  }

  @Test
  @DisplayName("DI-7 a session goes on over another link at once when the former is stuck")
  void resumes() throws Exception {
    Doorbell network = new Doorbell();
    URI here = URI.create("scripted://here");
    try (Server _ = Server.at(here).root(root).transport(network).start()) {
      ScriptedLink former = network.ring();
      former.say(new Packet.Hello(1, "client", List.of(), "", 0, 64, null));
      Packet.Hello hello = (Packet.Hello) former.heard();
      Map<String, Object> call =
          Map.of(Request.COMMAND, "name", Request.RETURN, new Reference("r", Rights.PUT, true));
      former.say(new Packet.Batch(1, 0, List.of(new Message.Forward("root", call, true, -1, 0))));
      Await.until("an answer that nobody takes", () -> former.waitingFrames() == 1, () -> "none");
      ScriptedLink present = network.ring();
      present.say(new Packet.Resume(String.valueOf(hello.session()), 0));
      Channel<Packet> answers = go(present::heard);
      assertThat(answers.poll(LONG)).isEqualTo(new Packet.Resumed(1));
      assertThat(present.heard()).isInstanceOf(Packet.Batch.class);
    }
  }
}
