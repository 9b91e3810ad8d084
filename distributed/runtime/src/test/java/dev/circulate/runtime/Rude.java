package dev.circulate.runtime;

import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Packet;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;

/** The other end of a link to a server, which says what the test wants it to say. */
final class Rude implements AutoCloseable {
  static final String HELLO =
      "[\"^ \",\"~:type\",\"~:hello\",\"~:version\",1,\"~:name\",\"rude\",\"~:window\",100000]";

  private final Link link;
  private int said;
  private int calls;

  Rude(Transport network, URI there) throws IOException, InterruptedException {
    this.link = network.connect(there);
  }

  Rude say(String frame) throws InterruptedException {
    link.outgoing().put(new Frame.Text(frame));
    return this;
  }

  /** Says a batch of one message; the answer is whether the link took it. */
  boolean sayMessage(String message) throws InterruptedException {
    said++;
    return link.outgoing()
        .put(
            new Frame.Text(
                "[\"^ \",\"~:type\",\"~:batch\",\"~:number\",%d,\"~:messages\",[%s]]"
                    .formatted(said, message)));
  }

  /** Puts a body to a channel of the server's. */
  boolean forward(String target, String body) throws InterruptedException {
    return sayMessage(
        "[\"^ \",\"~:type\",\"~:forward\",\"~:target\",\"%s\",\"~:body\",%s]"
            .formatted(target, body));
  }

  /** Asks the root, which answers to a channel that is named after how many calls there were. */
  boolean call(String command) throws InterruptedException {
    calls++;
    return forward(
        "root",
        "[\"^ \",\"~:_cmd\",\"%s\",\"~:_return\",[\"~#chan-guid\",[\"r%d\",\"p\",true]]]"
            .formatted(command, calls));
  }

  /** The next frame that is said to it; null when the link is down. */
  String heard() throws InterruptedException {
    return link.incoming().take() instanceof Frame.Text(String text) ? text : "the end";
  }

  /** The next frame with something in it. */
  String heard(String part) throws InterruptedException {
    String heard;
    do {
      heard = heard();
    } while (!heard.contains(part) && !heard.equals("the end"));
    return heard;
  }

  /** The last word that is said to it. */
  Packet.Bye bye() throws InterruptedException {
    String last = heard("\"~:bye\"");
    return (Packet.Bye) Objects.requireNonNull(PacketCodec.read(last, FrameLimits.DEFAULTS));
  }

  @Override
  public void close() {
    link.close();
  }
}
