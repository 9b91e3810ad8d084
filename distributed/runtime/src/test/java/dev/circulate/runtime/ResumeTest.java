package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.contract.Forked;
import dev.circulate.runtime.codec.FrameLimits;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-7: a link that breaks and comes back within the grace period loses nothing. */
class ResumeTest {
  private static final URI THERE = URI.create("memory://resume-test");

  private final Cuttable network = new Cuttable();
  private final Root root = Root.named("server");
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong moved = new AtomicLong();
  private Server server;
  private Peer peer;

  @BeforeEach
  void connect() throws IOException, InterruptedException {
    root.handler(
        "echo",
        request -> {
          calls.incrementAndGet();
          moved.incrementAndGet();
          return request.argument("value");
        });
    server = Server.at(THERE).root(root).transport(network).start();
    peer = connect(Limits.DEFAULTS);
  }

  private Peer connect(Limits limits) throws IOException, InterruptedException {
    return Peer.to(THERE).limits(limits).transport(network).connect();
  }

  @AfterEach
  void close() {
    peer.close();
    server.close();
  }

  private Peer serversPeer() {
    return server.peers().getFirst();
  }

  private void awaitEmptyTables() {
    Peer.Held nothing = new Peer.Held(0, 0);
    Await.until(
        "empty tables",
        () -> peer.held().equals(nothing) && serversPeer().held().equals(nothing),
        () -> peer.held() + " and " + serversPeer().held());
  }

  @Test
  @DisplayName("DI-7 a call made while there is no link is answered when there is one, once")
  void callWithoutLink() throws InterruptedException {
    network.down();
    Await.until("a broken link", () -> !peer.isReachable(), peer::toString);
    Channel<Integer> answer =
        go(() -> Request.to(peer.root(), "echo").with("value", 7).as(int.class));
    Await.until("a call under way", () -> peer.held().exports() == 1, () -> peer.held().toString());
    assertThat(calls).hasValue(0);
    network.up();
    assertThat(answer.take()).isEqualTo(7);
    assertThat(calls).hasValue(1);
    awaitEmptyTables();
  }

  @Test
  @DisplayName(
      "DI-7 callers through a link that is cut again and again get one answer each, theirs")
  void callsThroughCuts() throws InterruptedException {
    int callers = 8;
    int each = 300;
    Channel<Integer> done = chan(callers);
    List<Forked<Boolean>> forked = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      int first = caller * each;
      forked.add(
          fork(
              () -> {
                for (int i = first; i < first + each; i++) {
                  assertThat(Request.to(peer.root(), "echo").with("value", i).as(int.class))
                      .isEqualTo(i);
                }
                return done.put(first);
              }));
    }
    cutUntil(() -> done.buffered() == callers);
    for (Forked<Boolean> caller : forked) {
      caller.join();
    }
    assertThat(calls).hasValue(callers * each);
    assertThat(network.made()).isGreaterThan(2);
    awaitEmptyTables();
  }

  @Test
  @DisplayName("DI-7 CH-4 CH-5 streams both ways through cuts lose, double and reorder nothing")
  void streamsThroughCuts() throws InterruptedException {
    int values = 3_000;
    Channel<Integer> there = chan(16);
    Channel<Integer> back = chan(16);
    root.handler("numbers", _ -> there);
    root.handler(
        "give",
        request -> {
          Channel<?> given = Objects.requireNonNull((Channel<?>) request.argument("channel"));
          go(() -> copy(given, there));
          return true;
        });
    Request.to(peer.root(), "give").with("channel", back).done();
    @SuppressWarnings("unchecked")
    Channel<Number> far = (Channel<Number>) Request.to(peer.root(), "numbers").as(Channel.class);
    Forked<Boolean> putting =
        fork(
            () -> {
              for (int i = 0; i < values; i++) {
                back.put(i);
              }
              back.close();
              return true;
            });
    Forked<List<Integer>> taking =
        fork(
            () -> {
              List<Integer> taken = new ArrayList<>();
              for (Number number : far) {
                taken.add(number.intValue());
              }
              return taken;
            });
    cutUntil(taking::isDone);
    putting.join();
    List<Integer> taken = taking.join();
    assertThat(taken).hasSize(values).isSorted().doesNotHaveDuplicates();
    awaitEmptyTables();
  }

  private @Nullable Void copy(Channel<?> from, Channel<Integer> to) throws InterruptedException {
    for (Object number : from) {
      to.put(((Number) number).intValue());
      moved.incrementAndGet();
    }
    to.close();
    return null;
  }

  /** Cuts each link when something has passed over it, until it is enough. */
  private void cutUntil(BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      long before = moved.get();
      Await.until(
          "progress over link " + network.made(),
          () -> enough.getAsBoolean() || moved.get() > before,
          () -> "none");
      network.cut();
    }
  }

  @Test
  @DisplayName("DI-7 while there is no link a proxy is as it was: neither closed nor forgotten")
  void proxiesStay() throws InterruptedException {
    Channel<Object> far = chan(1);
    root.handler("give", _ -> far);
    @SuppressWarnings("unchecked")
    Channel<Object> proxy = (Channel<Object>) Request.to(peer.root(), "give").as(Channel.class);
    network.down();
    Await.until("a broken link", () -> !peer.isReachable(), peer::toString);
    assertThat(proxy.isClosed()).isFalse();
    assertThat(proxy.put("on its way")).isTrue();
    network.up();
    assertThat(far.take()).isEqualTo("on its way");
    Object again = Request.to(peer.root(), "give").as(Channel.class);
    assertThat(again).isSameAs(proxy);
  }

  @Test
  @DisplayName("DI-8 when no link comes within the grace the peer is lost, on both sides")
  void graceIsOver() throws IOException, InterruptedException {
    peer.close();
    server.close();
    Limits brief = Limits.builder().grace(Duration.ofMillis(50)).build();
    server = Server.at(THERE).root(root).limits(brief).transport(network).start();
    peer = connect(brief);
    Peer other = serversPeer();
    network.down();
    for (Peer lost : List.of(peer, other)) {
      assertThatThrownBy(() -> lost.ended().take())
          .isInstanceOf(ChannelFailedException.class)
          .hasMessageContaining("no other came within PT0.05S");
    }
    assertThatThrownBy(() -> Request.to(peer.root(), "echo").done())
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.error()).isInstanceOf(CallError.PeerLost.class));
  }

  @Test
  @DisplayName("DI-8 CH-13 what was put and may not have arrived goes to the hook, in order, once")
  void undeliveredPuts() throws IOException, InterruptedException {
    peer.close();
    Channel<Object> undelivered = chan(16);
    Limits brief = Limits.builder().grace(Duration.ofMillis(200)).build();
    peer =
        Peer.to(THERE).limits(brief).transport(network).onUndelivered(undelivered::offer).connect();
    Channel<Object> far = chan(16);
    root.handler("give", _ -> far);
    @SuppressWarnings("unchecked")
    Channel<Object> proxy = (Channel<Object>) Request.to(peer.root(), "give").as(Channel.class);
    proxy.put("arrives");
    assertThat(far.take()).isEqualTo("arrives");
    Request.to(peer.root(), "echo").done(); // whose answer confirms what was said before
    network.down();
    Await.until("a broken link", () -> !peer.isReachable(), peer::toString);
    for (int i = 0; i < 5; i++) {
      assertThat(proxy.put(i)).isTrue();
    }
    assertThatThrownBy(() -> peer.ended().take()).isInstanceOf(ChannelFailedException.class);
    List<Object> told = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      told.add(Objects.requireNonNull(undelivered.poll(Duration.ofSeconds(20))));
    }
    assertThat(told).containsExactly(0, 1, 2, 3, 4);
    assertThat(proxy.put("late")).isFalse();
    assertThat(undelivered.buffered()).isZero();
  }

  @Test
  @DisplayName("DI-8 CH-13 what left for a taker that is gone goes to the channel's own hook")
  void undeliveredTakes() throws IOException, InterruptedException {
    peer.close();
    server.close();
    Limits brief = Limits.builder().grace(Duration.ofMillis(200)).build();
    server = Server.at(THERE).root(root).transport(network).limits(brief).start();
    peer = connect(brief);
    Channel<Object> undelivered = chan(16);
    Channel<Object> far = Channel.builder().onUndelivered(undelivered::offer).open();
    root.handler("give", _ -> far);
    @SuppressWarnings("unchecked")
    Channel<Object> proxy = (Channel<Object>) Request.to(peer.root(), "give").as(Channel.class);
    go(proxy::take);
    Await.until("a taker from afar", () -> far.waitingTakers() == 1, far::toString);
    network.down();
    Await.until("a broken link", () -> !serversPeer().isReachable(), peer::toString);
    assertThat(far.put("on its way")).isTrue();
    assertThat(undelivered.poll(Duration.ofSeconds(20))).isEqualTo("on its way");
    assertThat(undelivered.buffered()).isZero();
  }

  @Test
  @DisplayName("DI-8 a server that was started anew does not know the session, and says so")
  void restarted() throws IOException, InterruptedException {
    network.down();
    server.close();
    server = Server.at(THERE).root(root).transport(network).start();
    network.up();
    assertThatThrownBy(() -> peer.ended().take())
        .hasMessageContaining("did not resume the session")
        .hasMessageContaining("over, or was never one of this server's");
  }

  @Test
  @DisplayName("DI-7 who waits for no other link does not offer to resume")
  void withoutGrace() throws IOException, InterruptedException {
    peer.close();
    server.close();
    Limits none = Limits.builder().grace(Duration.ZERO).build();
    server = Server.at(THERE).root(root).limits(none).transport(network).start();
    try (Link link = network.connect(THERE)) {
      say(link, new Packet.Hello(1, "scripted", List.of(), "", 0, 64, null));
      assertThat(((Packet.Hello) packet(link)).session()).isNull();
    }
  }

  @Test
  @DisplayName("DI-9 nobody resumes a session without its name, and the session goes on")
  void guessedName() throws IOException, InterruptedException {
    try (Link thief = network.connect(THERE)) {
      thief.outgoing().put(new Frame.Text(PacketCodec.write(new Packet.Resume("0badc0de", 0))));
      assertThat(packet(thief))
          .isInstanceOfSatisfying(
              Packet.Bye.class, bye -> assertThat(bye.code()).isEqualTo("unknown-session"));
      assertThat(thief.incoming().take()).isNull();
    }
    assertThat(Request.to(peer.root(), "echo").with("value", 1).as(int.class)).isEqualTo(1);
  }

  private static Packet packet(Link link) throws InterruptedException {
    Frame.Text frame = Objects.requireNonNull((Frame.Text) link.incoming().take());
    return PacketCodec.read(frame.text(), FrameLimits.DEFAULTS);
  }

  private static void say(Link link, Packet packet) throws InterruptedException {
    assertThat(link.outgoing().put(new Frame.Text(PacketCodec.write(packet)))).isTrue();
  }

  private static Packet ask(long number) {
    Reference reply = new Reference("reply " + number, Rights.PUT, true);
    Map<String, Object> call = Map.of(Request.COMMAND, "name", Request.RETURN, reply);
    return new Packet.Batch(number, 0, List.of(new Message.Forward("root", call, true, -1, 0)));
  }

  @Test
  @DisplayName("DI-7 who comes back is told how far it was heard, and hears the rest")
  void toldHowFar() throws IOException, InterruptedException {
    String name;
    try (Link first = network.connect(THERE)) {
      say(first, new Packet.Hello(1, "scripted", List.of(), "", 0, 64, null));
      name = ((Packet.Hello) packet(first)).session();
      say(first, ask(1));
      assertThat(packet(first)).isInstanceOf(Packet.Batch.class);
    }
    try (Link second = network.connect(THERE)) {
      say(second, new Packet.Resume(Objects.requireNonNull(name), 0));
      assertThat(packet(second)).isEqualTo(new Packet.Resumed(1));
      assertThat(packet(second))
          .isInstanceOfSatisfying(Packet.Batch.class, batch -> assertThat(batch.number()).isOne());
    }
  }

  @Test
  @DisplayName("DI-7 who comes back tells how far it heard, and tries again where all is busy")
  void tellsHowFar() throws Exception {
    URI scripted = URI.create("memory://resume-scripted");
    Channel<Link> links = chan(8);
    try (Transport.Listener _ = network.listen(scripted, links::offer)) {
      Forked<Peer> connecting = fork(() -> Peer.to(scripted).transport(network).connect());
      Link first = Objects.requireNonNull(links.take());
      assertThat(packet(first)).isInstanceOf(Packet.Hello.class);
      say(first, new Packet.Hello(1, "scripted", List.of(), "its name", 0, 64, null));
      try (Peer _ = connecting.join()) {
        say(first, ask(1));
        assertThat(packet(first)).isInstanceOf(Packet.Batch.class);
        network.cut();
        Link busy = Objects.requireNonNull(links.take());
        assertThat(packet(busy)).isEqualTo(new Packet.Resume("its name", 1));
        say(busy, new Packet.Bye(Packet.Bye.OVERLOADED, "later", 0));
        Link second = Objects.requireNonNull(links.take());
        assertThat(packet(second)).isEqualTo(new Packet.Resume("its name", 1));
        say(second, new Packet.Resumed(1));
        say(second, ask(2));
        assertThat(packet(second))
            .isInstanceOfSatisfying(
                Packet.Batch.class, batch -> assertThat(batch.number()).isEqualTo(2));
      }
    }
  }
}
