package dev.circulate.runtime;

import static dev.circulate.Csp.chan;

import dev.circulate.Channel;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.service.TypeOf;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-6: of a session that has ended nothing is kept, whatever the program has told it to do. */
class EndedSessionTest {
  private final MemoryLink.Pair pair = MemoryLink.pair("a", "b");
  private final Channel<Object> far = chan();

  private static void awaitNothing(WeakReference<?> kept) {
    Await.until(
        "nothing",
        () -> {
          System.gc();
          return kept.get() == null;
        },
        () -> String.valueOf(kept.get()));
  }

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
      awaitNothing(lost());
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
      awaitNothing(programOfLost());
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
      awaitNothing(programOfLeft());
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
    awaitNothing(forgotten());
  }

  private static WeakReference<Conversation> forgotten() {
    OneSide side = new OneSide(Limits.DEFAULTS, Root.named("root").port(), _ -> {});
    return new WeakReference<>(side.conversation());
  }
}
