package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.TypeOf;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-6: of a session that has ended nothing is kept, whatever the program has told it to do. */
class EndedSessionTest {
  private final MemoryLink.Pair pair = MemoryLink.pair("a", "b");
  private final Channel<Object> far = chan();

  private Peer far() {
    return Peer.over(pair.far()).root(Root.named("far").handler("channel", _ -> far)).begin();
  }

  private static Channel<Object> proxy(Peer peer) throws InterruptedException {
    return Request.to(peer.root(), "channel").as(TypeOf.channelOf(Object.class));
  }

  @Test
  @DisplayName("DI-6 DI-8 a lost peer is not kept")
  void lostPeer() {
    try (Peer _ = far()) {
      Await.collected(lost());
    }
  }

  private WeakReference<Peer> lost() {
    Peer peer = Peer.over(pair.near()).begin();
    peer.root();
    pair.near().cut();
    return new WeakReference<>(peer);
  }

  @Test
  @DisplayName("DI-6 DI-8 an undelivered hook may know a proxy of the peer that is lost")
  void hookKnowsProxy() throws InterruptedException {
    try (Peer _ = far()) {
      Await.collected(programOfLost());
    }
  }

  private WeakReference<List<Object>> programOfLost() throws InterruptedException {
    List<Object> known = new ArrayList<>();
    Peer peer = Peer.over(pair.near()).onUndelivered(known::add).begin();
    known.add(proxy(peer));
    pair.near().cut();
    return new WeakReference<>(known);
  }

  @Test
  @DisplayName("DI-6 DI-8b an undelivered hook may know a proxy of a peer that was left")
  void hookKnowsProxyOfLeft() throws InterruptedException {
    try (Peer _ = far()) {
      Await.collected(programOfLeft());
    }
  }

  private WeakReference<List<Object>> programOfLeft() throws InterruptedException {
    List<Object> known = new ArrayList<>();
    try (Peer peer = Peer.over(pair.near()).onUndelivered(known::add).begin()) {
      known.add(proxy(peer));
    }
    return new WeakReference<>(known);
  }

  @Test
  @DisplayName("DI-6 the peer's root keeps no session that nobody refers to")
  void forgottenSession() {
    Await.collected(forgotten());
  }

  private static WeakReference<Conversation> forgotten() {
    OneSide side = new OneSide(Limits.DEFAULTS, Root.named("root").port(), _ -> {});
    return new WeakReference<>(side.conversation());
  }

  @Test
  @DisplayName("DI-6 DI-8 a session that ended while it waited for another link is not kept")
  void endedWithoutLink() throws Exception {
    Await.collected(cutAndClosed(false));
  }

  @Test
  @DisplayName("DI-6 DI-7 a session that went on with another link, and then ended, is not kept")
  void endedAfterAnother() throws Exception {
    Await.collected(cutAndClosed(true));
  }

  private static WeakReference<List<Object>> cutAndClosed(boolean resumed) throws Exception {
    List<Object> known = new ArrayList<>();
    URI there = URI.create("memory://ended-session-test");
    Cuttable network = new Cuttable();
    Limits limits = Limits.builder().grace(Duration.ofHours(1)).build();
    try (Server _ =
            Server.at(there).root(Root.named("far")).limits(limits).transport(network).start();
        Peer peer =
            Peer.to(there).limits(limits).onUndelivered(known::add).transport(network).connect()) {
      network.down();
      Await.until("no link", () -> !peer.isReachable(), peer::toString);
      if (resumed) {
        network.up();
        Await.until("a link", peer::isReachable, peer::toString);
      }
    }
    return new WeakReference<>(known);
  }

  @Test
  @DisplayName(
      "DI-6 DI-8 a value that still waits for a taker does not keep the session it came by")
  void waitingValue() throws Exception {
    Await.collected(programOfPutter());
    assertThat(far.poll(Duration.ofSeconds(30))).isEqualTo("waits");
  }

  @Test
  @DisplayName("DI-6 DI-8 nor does one whose proxy was let go of before the session ended")
  void waitingValueOfForgotten() throws Exception {
    Await.collected(programOfForgotten());
    assertThat(far.poll(Duration.ofSeconds(30))).isEqualTo("waits");
  }

  private WeakReference<List<Object>> programOfForgotten() throws InterruptedException {
    List<Object> known = new ArrayList<>();
    Root root = Root.named("far").handler("channel", _ -> far);
    try (Peer owner = Peer.over(pair.far()).root(root).onUndelivered(known::add).begin();
        Peer putter = Peer.over(pair.near()).begin()) {
      putAndForget(putter);
      Await.until(
          "a forgotten channel",
          () -> {
            System.gc();
            return far.waitingPutters() == 1 && owner.held().exports() == 0;
          },
          () -> String.valueOf(owner.held()));
    }
    return new WeakReference<>(known);
  }

  private static void putAndForget(Peer putter) throws InterruptedException {
    assertThat(proxy(putter).put("waits")).isTrue();
  }

  /** The side whose channel it is: it has ended, and its channel lives on. */
  private WeakReference<List<Object>> programOfPutter() throws InterruptedException {
    List<Object> known = new ArrayList<>();
    Root root = Root.named("far").handler("channel", _ -> far);
    try (Peer owner = Peer.over(pair.far()).root(root).onUndelivered(known::add).begin();
        Peer putter = Peer.over(pair.near()).begin()) {
      assertThat(proxy(putter).put("waits")).isTrue();
      Await.until("a value", () -> far.waitingPutters() == 1, far::toString);
      assertThat(owner.lost()).isNull();
    }
    return new WeakReference<>(known);
  }

  @Test
  @DisplayName("DI-6 a server keeps nothing of a session that is over")
  void overOfServer() throws Exception {
    Doorbell network = new Doorbell();
    try (Server _ = Server.at(URI.create("scripted://ended")).transport(network).start()) {
      Await.collected(linkOfOver(network));
    }
  }

  private static WeakReference<Link> linkOfOver(Doorbell network) throws InterruptedException {
    MemoryLink.Pair pair = MemoryLink.pair("client", "server");
    network.ring(pair.far());
    try (Link near = pair.near()) {
      for (Packet packet :
          List.of(
              new Packet.Hello(1, "client", List.of(), "", 0, 64, null),
              new Packet.Bye(Packet.Bye.LEAVING, "so long", 0))) {
        near.outgoing().put(new Frame.Text(PacketCodec.write(packet)));
        assertThat(near.incoming().take()).isNotNull();
      }
    }
    return new WeakReference<>(pair.far());
  }
}
