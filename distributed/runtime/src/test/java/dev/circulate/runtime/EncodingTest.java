package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which encoding two peers speak, and that a program's own types cross between them. */
class EncodingTest {
  record Point(int x, int y) {}

  private static final String HELLO =
      "[\"^ \",\"~:type\",\"~:hello\",\"~:version\",1,\"~:name\",\"x\",\"~:encodings\",[\"msgpack\"]]";

  @Test
  @DisplayName("DI-10 MessagePack is spoken when both sides offer it")
  void agreed() throws InterruptedException {
    assertThat(framesOf(Codec.MESSAGE_PACK, HELLO)).last().isInstanceOf(Frame.Binary.class);
    String later = HELLO.replace("[\"msgpack\"]", "[7,null,\"cbor\",\"msgpack\"]");
    assertThat(framesOf(Codec.MESSAGE_PACK, later)).last().isInstanceOf(Frame.Binary.class);
  }

  @Test
  @DisplayName("DI-10 JSON is spoken when one side does not offer MessagePack")
  void notAgreed() throws InterruptedException {
    String plain = HELLO.replace("msgpack", "cbor");
    assertThat(framesOf(Codec.MESSAGE_PACK, plain)).last().isInstanceOf(Frame.Text.class);
    assertThat(framesOf(Codec.JSON, HELLO)).last().isInstanceOf(Frame.Text.class);
  }

  @Test
  @DisplayName("DI-10 the hello of whoever accepts a link is text, whatever the first one offered")
  void acceptingHello() throws Exception {
    URI there = URI.create("memory://encoding-test");
    MemoryTransport network = new MemoryTransport();
    Server server = Server.at(there).transport(network).codec(Codec.MESSAGE_PACK).start();
    Link link = network.connect(there);
    try {
      link.outgoing().put(new Frame.Text(HELLO.replace("]]", "],\"~:session\",\"\"]")));
      assertThat(link.incoming().take())
          .isInstanceOfSatisfying(
              Frame.Text.class, frame -> assertThat(frame.text()).contains("~:hello", "msgpack"));
    } finally {
      link.close();
      server.close();
    }
  }

  /** What is said to a peer that says this hello: a hello and a bye. */
  private static List<Frame> framesOf(Codec codec, String hello) throws InterruptedException {
    MemoryLink.Pair pair = MemoryLink.pair("scripted", "ours");
    try (Peer peer = Peer.over(pair.far()).codec(codec).begin()) {
      pair.near().outgoing().put(new Frame.Text(hello));
      Frame first = Objects.requireNonNull(pair.near().incoming().take());
      pair.near().outgoing().put(new Frame.Text("nonsense"));
      assertThat(peer.root()).isNotNull();
      return List.of(first, Objects.requireNonNull(pair.near().incoming().take()));
    }
  }

  @Test
  @DisplayName("DI-9 a binary frame that was not agreed ends the session")
  void uninvited() throws InterruptedException {
    MemoryLink.Pair pair = MemoryLink.pair("scripted", "ours");
    try (Peer peer = Peer.over(pair.far()).begin()) {
      pair.near().outgoing().put(new Frame.Binary(new byte[] {1}));
      assertThatThrownBy(() -> peer.ended().take()).hasMessageContaining("not agreed");
    }
  }

  @Test
  @DisplayName("DI-10 a link of strings carries JSON, whatever is offered")
  void strings() throws InterruptedException {
    Channel<String> there = chan(8);
    Channel<String> back = chan(8);
    try (Peer peer = Peer.over(new StringLink(there, back)).codec(Codec.MESSAGE_PACK).begin()) {
      assertThat(Objects.requireNonNull(back.take())).doesNotContain("msgpack");
      assertThat(peer.lost()).isNull();
    }
  }

  @Test
  @DisplayName("DI-1 records of a program's own are records on the other side, in MessagePack")
  void records() throws InterruptedException {
    Codec codec = Codec.MESSAGE_PACK.with(Handlers.none().withRecord("point", Point.class));
    try (TwoSpaces spaces = new TwoSpaces(Limits.DEFAULTS, codec, codec)) {
      Channel<Point> points = chan(1);
      spaces.bRoot.handler("points", _ -> points);
      points.put(new Point(1, 2));
      Channel<?> far = (Channel<?>) Request.to(spaces.bRootProxy(), "points").as(Channel.class);
      assertThat(far.take()).isEqualTo(new Point(1, 2));
    }
  }

  @Test
  @DisplayName("DI-7 DI-10 a session that speaks MessagePack goes on over another link")
  void resumed() throws Exception {
    URI there = URI.create("memory://encoding-resumed");
    Cuttable network = new Cuttable();
    try (Server _ =
            Server.at(there)
                .root(Root.named("far"))
                .codec(Codec.MESSAGE_PACK)
                .transport(network)
                .start();
        Peer peer = Peer.to(there).codec(Codec.MESSAGE_PACK).transport(network).connect()) {
      assertThat(Request.to(peer.root(), "name").as(String.class)).isEqualTo("far");
      network.cut();
      assertThat(Request.to(peer.root(), "name").as(String.class)).isEqualTo("far");
    }
  }
}
