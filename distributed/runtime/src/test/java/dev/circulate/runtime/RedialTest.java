package dev.circulate.runtime;

import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.UncaughtHandler;
import dev.circulate.WritePort;
import dev.circulate.contract.Forked;
import dev.circulate.internal.Time;
import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.codec.PacketCodec;
import dev.circulate.runtime.session.Packet;
import dev.circulate.testkit.TestTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** DI-7: how whoever made a link that broke makes another. */
class RedialTest {
  private static final URI THERE = URI.create("scripted://there");
  private static final Packet.Hello HELLO =
      new Packet.Hello(1, "server", List.of(), "a secret", 0, 64, null);
  private static final Packet RESUME = new Packet.Resume("a secret", 0);
  private static final Packet LOSS = new Packet.Batch(5, 0, List.of());
  private static final Limits LIMITS = Limits.builder().hello(Duration.ofSeconds(2)).build();

  private final TestTime time = TestTime.install();
  private final Switchboard network = new Switchboard();

  @AfterEach
  void close() {
    time.close();
  }

  /** A peer whose first link has lost something. */
  private static Peer cut(Transport network, ScriptedLink first) throws InterruptedException {
    Forked<Peer> connecting =
        fork(() -> Peer.to(THERE).limits(LIMITS).transport(network).connect());
    assertThat(first.heard()).isInstanceOf(Packet.Hello.class);
    first.say(HELLO);
    Peer peer = connecting.join();
    first.say(LOSS);
    return peer;
  }

  @Test
  @DisplayName("DI-7 a link on which a resume is not answered is closed, and another made")
  void unanswered() throws InterruptedException {
    ScriptedLink first = network.next();
    ScriptedLink mute = network.next();
    ScriptedLink next = network.next();
    try (Peer peer = cut(network, first)) {
      assertThat(mute.heard()).isEqualTo(RESUME);
      assertThat(mute.outgoing().isClosed()).isFalse();
      time.advance(LIMITS.hello());
      time.advance(LIMITS.hello());
      assertThat(mute.outgoing().isClosed()).isTrue();
      assertThat(next.heard()).isEqualTo(RESUME);
      next.say(new Packet.Resumed(0));
      time.runUntilEveryBlockWaits();
      assertThat(peer.isReachable()).isTrue();
    }
  }

  static Stream<Packet> noResumes() {
    return Stream.of(
        new Packet.Bye(Packet.Bye.UNKNOWN_SESSION, "it is over", 0),
        new Packet.Bye(Packet.Bye.OVERLOADED, "later", 0),
        new Packet.Beat(0, 0),
        new Packet.Resumed(99));
  }

  @ParameterizedTest(name = "DI-6 DI-7 a link is closed on which a resume is answered by: {0}")
  @MethodSource("noResumes")
  void notResumed(Packet answer) throws InterruptedException {
    ScriptedLink first = network.next();
    ScriptedLink second = network.next();
    try (Peer _ = cut(network, first)) {
      assertThat(second.heard()).isEqualTo(RESUME);
      second.say(answer);
      time.advance(Writer.PATIENCE); // for the word that nobody hears
      assertThat(second.outgoing().isClosed()).isTrue();
      ScriptedLink _ = network.next(); // for who tries again
    }
  }

  @Test
  @DisplayName("DI-7 a hello that comes before the answer to a resume is ignored")
  void helloFirst() throws InterruptedException {
    ScriptedLink first = network.next();
    ScriptedLink second = network.next();
    try (Peer peer = cut(network, first)) {
      assertThat(second.heard()).isEqualTo(RESUME);
      second.say(HELLO);
      second.say(new Packet.Resumed(0));
      time.runUntilEveryBlockWaits();
      assertThat(peer.isReachable()).isTrue();
    }
  }

  /** A link that throws when it is to say something. */
  private static final class Mute implements Link {
    private final ScriptedLink link = new ScriptedLink();

    @Override
    public ReadPort<Frame> incoming() {
      return link.incoming();
    }

    @Override
    public WritePort<Frame> outgoing() {
      throw new IllegalStateException("it says nothing");
    }

    @Override
    public String peer() {
      return "the mute";
    }

    @Override
    public void close() {
      link.close();
    }
  }

  /** Throws, the second time, what no transport should. */
  private record Fickle(Switchboard network, AtomicInteger tries) implements Transport {
    @Override
    public Set<String> schemes() {
      return Set.of("scripted");
    }

    @Override
    public Link connect(URI uri) throws InterruptedException {
      if (tries.incrementAndGet() == 2) {
        throw new IllegalStateException("in no mood");
      }
      return network.connect(uri);
    }

    @Override
    public Listener listen(URI uri, Consumer<? super Link> accept) {
      throw new UnsupportedOperationException("nobody listens");
    }
  }

  @Test
  @DisplayName("DI-7 another is tried, too, when a link or the transport throws, which is told")
  void throwing() throws InterruptedException {
    ScriptedLink first = network.next();
    Mute mute = new Mute();
    network.next(mute);
    ScriptedLink next = network.next();
    Queue<String> uncaught = new ConcurrentLinkedQueue<>();
    UncaughtHandler before =
        Uncaught.install((_, failure) -> uncaught.add(String.valueOf(failure.getMessage())));
    try (Peer peer = cut(new Fickle(network, new AtomicInteger()), first)) {
      time.advance(Duration.ofSeconds(1));
      assertThat(next.heard()).isEqualTo(RESUME);
      next.say(new Packet.Resumed(0));
      time.runUntilEveryBlockWaits();
      assertThat(peer.isReachable()).isTrue();
    } finally {
      Uncaught.install(before);
    }
    assertThat(uncaught).containsExactly("in no mood", "it says nothing");
    assertThat(mute.link.outgoing().isClosed()).isTrue();
  }

  /** One link, and no other. */
  private static final class OneLink implements Transport {
    final ScriptedLink first = new ScriptedLink();
    final List<Long> tries = Collections.synchronizedList(new ArrayList<>());

    @Override
    public Set<String> schemes() {
      return Set.of("scripted");
    }

    @Override
    public Link connect(URI uri) throws IOException {
      tries.add(Duration.ofNanos(Time.current().nanoTime()).toMillis());
      if (tries.size() > 1) {
        throw new IOException("nobody answers");
      }
      return first;
    }

    @Override
    public Listener listen(URI uri, Consumer<? super Link> accept) {
      throw new UnsupportedOperationException("nobody listens");
    }
  }

  @Test
  @DisplayName("DI-7 another link is tried at once, then ever more slowly, until the grace is over")
  void slower() throws InterruptedException {
    OneLink broken = new OneLink();
    try (Peer peer = cut(broken, broken.first)) {
      time.advance(LIMITS.grace());
      assertThatThrownBy(() -> peer.ended().take()).hasMessageContaining("no other came within");
      assertThat(pauses(broken)).isSorted().startsWith(0L, 20L, 40L, 80L).endsWith(1_000L, 1_000L);
    }
  }

  private static List<Long> pauses(OneLink broken) {
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < broken.tries.size(); i++) {
      pauses.add(broken.tries.get(i) - broken.tries.get(i - 1));
    }
    return pauses;
  }

  /** Resumes the session on each link, which breaks at once. */
  private static final class Brief implements Transport {
    /** More than there are in ten seconds, unless nothing waits. */
    private static final int ENOUGH = 1_000;

    private final OneLink tries = new OneLink();
    private final IntFunction<List<Packet>> words;

    /**
     * Such a network.
     *
     * @param words what each link brings before it breaks, by how many there were
     */
    Brief(IntFunction<List<Packet>> words) {
      this.words = words;
    }

    @Override
    public Set<String> schemes() {
      return tries.schemes();
    }

    @Override
    public Link connect(URI uri) throws IOException {
      if (tries.tries.size() >= ENOUGH) {
        throw new IOException("enough");
      }
      try {
        return tries.connect(uri);
      } catch (IOException _) {
        MemoryLink.Pair pair = MemoryLink.pair("near", "far");
        for (Packet word : words.apply(tries.tries.size() - 1)) {
          boolean _ = pair.far().outgoing().offer(new Frame.Text(PacketCodec.write(word)));
        }
        ((Channel<Frame>) pair.far().outgoing()).close();
        return pair.near();
      }
    }

    @Override
    public Listener listen(URI uri, Consumer<? super Link> accept) {
      throw new UnsupportedOperationException("nobody listens");
    }
  }

  @Test
  @DisplayName("DI-7 links that break as soon as they are there are made ever more slowly, too")
  void brief() throws InterruptedException {
    Brief broken = new Brief(_ -> List.of(new Packet.Resumed(0)));
    try (Peer peer = cut(broken, broken.tries.first)) {
      time.advance(Duration.ofSeconds(10));
      assertThat(peer.lost()).isNull();
      assertThat(pauses(broken.tries))
          .isSorted()
          .startsWith(0L, 20L, 40L, 80L)
          .endsWith(1_000L, 1_000L);
    }
  }

  @Test
  @DisplayName(
      "DI-7 links that break soon are followed at once as long as something came over each")
  void briefAndOfUse() throws InterruptedException {
    Brief broken =
        new Brief(link -> List.of(new Packet.Resumed(0), new Packet.Batch(link, 0, List.of())));
    try (Peer peer = cut(broken, broken.tries.first)) {
      time.runUntilEveryBlockWaits();
      assertThat(broken.tries.tries).hasSize(Brief.ENOUGH);
      assertThat(peer.lost()).isNull();
    }
  }

  @Test
  @DisplayName(
      "DI-6 DI-8b a link that comes when the session is over resumes nothing, and is closed")
  void comesTooLate() throws InterruptedException {
    ScriptedLink first = network.next();
    Peer peer = cut(network, first);
    time.runUntilEveryBlockWaits();
    peer.close();
    ScriptedLink late = network.next();
    time.runUntilEveryBlockWaits();
    assertThat(late.waitingFrames()).isZero();
    assertThat(late.outgoing().isClosed()).isTrue();
  }

  @Test
  @DisplayName("DI-6 DI-8b a link on which a resume is not answered is closed with the session")
  void endsUnanswered() throws InterruptedException {
    ScriptedLink first = network.next();
    ScriptedLink mute = network.next();
    Peer peer = cut(network, first);
    assertThat(mute.heard()).isEqualTo(RESUME);
    peer.close();
    assertThat(mute.outgoing().isClosed()).isTrue();
  }

  @Test
  @DisplayName("DI-6 DI-8b a session that is over tries for no other link")
  void over() throws InterruptedException {
    OneLink broken = new OneLink();
    Peer peer = cut(broken, broken.first);
    time.advance(Duration.ofSeconds(1));
    assertThat(broken.tries).hasSizeGreaterThan(1);
    peer.close();
    time.advance(Duration.ofSeconds(1));
    int tried = broken.tries.size();
    time.advance(LIMITS.grace());
    assertThat(broken.tries).hasSize(tried);
  }
}
