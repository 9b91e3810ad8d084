package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.Encoding;
import dev.circulate.runtime.session.Packet;
import dev.circulate.runtime.session.Session;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * DI-9: a peer of the original puts to what it was given until it hears that it is closed. What it
 * says is read, and a close said, by two threads: whatever comes first, it has done nothing wrong.
 */
class OriginalCrossingTest {
  private final FrameCodec frames = new FrameCodec(Encoding.JSON, Limits.DEFAULTS.frame());
  private final Conversation conversation =
      new Conversation(
          new Session(Limits.DEFAULTS.session(), null, 1),
          "the original",
          new Terms(Root.named("ours").port(), Limits.DEFAULTS, Codec.JSON, _ -> {}, null, null),
          () -> {},
          Secrets::next,
          Runnable::run);

  OriginalCrossingTest() {
    done(read("[\"^ \",\"~:type\",\"~:hello\",\"~:guid\",\"S0\"]"));
  }

  private List<Packet> read(String frame) {
    return frames.read(new Frame.Text(frame), _ -> {});
  }

  private void done(List<Packet> packets) {
    packets.forEach(packet -> conversation.hear(packet, 50, 1));
  }

  /** Says what there is to say, as the writer does: all its frames. */
  private String said() {
    List<String> said = new ArrayList<>();
    while (conversation.next(1) instanceof Packet.Batch batch) {
      frames.writeNew(batch).forEach(frame -> said.add(((Frame.Text) frame).text()));
      conversation.sized(50);
      conversation.forgetClosed(frames.takeClosed());
    }
    return String.join("\n", said);
  }

  private static String forward(String target, String name) {
    return "[\"^ \",\"~:type\",\"~:forward\",\"~:target\",\"%s\",\"~:guid\",\"%s\",\"~:body\",\"[\\\"^ \\\",\\\"~:answer\\\",1]\"]"
        .formatted(target, name);
  }

  /** The name of the channel in what is said. */
  private static String given(String said) {
    return said.replaceAll("(?s).*chan-guid\\W+([0-9a-f]{32}).*", "$1");
  }

  @Test
  @DisplayName("DI-9 GF-5 an answer that was read before its caller gave up is no violation")
  void answer() throws InterruptedException {
    Channel<Object> reply = chan(1);
    conversation
        .remoteRoot()
        .put(Request.of(Map.of(Request.COMMAND, "late", Request.RETURN, reply)));
    List<Packet> answer = read(forward(given(said()), "S1"));
    reply.cancel();
    said();
    done(answer);
    assertThat(conversation.tables().held()).isEqualTo(new Peer.Held(0, 0));
  }

  @Test
  @DisplayName("DI-9 DI-5 a put that was read before its channel was closed is no violation")
  void value() throws InterruptedException {
    Channel<Object> given = chan(1);
    conversation.remoteRoot().put(Request.of(Map.of(Request.COMMAND, "take", "this", given)));
    List<Packet> put = read(forward(given(said()), "S1"));
    given.close();
    assertThat(said()).contains("~:close");
    done(put);
    assertThat(read(forward("root", "S2"))).as("the peer is heard").hasSize(1);
    assertThat(conversation.tables().held()).isEqualTo(new Peer.Held(0, 0));
  }
}
