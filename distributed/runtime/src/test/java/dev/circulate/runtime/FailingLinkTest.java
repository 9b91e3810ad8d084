package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Checked;
import dev.circulate.ReadPort;
import dev.circulate.UncaughtHandler;
import dev.circulate.WritePort;
import dev.circulate.contract.Forked;
import dev.circulate.internal.Uncaught;
import dev.circulate.runtime.codec.Reference;
import dev.circulate.runtime.codec.Rights;
import dev.circulate.runtime.session.Message;
import dev.circulate.runtime.session.Packet;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-8: a link of somebody else's making, that throws where it should say that it is down. */
@SuppressWarnings("NullAway.Init") // each test begins by listening
class FailingLinkTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  /** Throws when it is closed, and when it is given a frame from some moment on. */
  private static final class Failing implements Link, WritePort<Frame> {
    private final ScriptedLink link = new ScriptedLink();
    private volatile boolean broken;

    private void look() {
      if (broken) {
        Checked.thrown(new IOException("it is broken"));
      }
    }

    @Override
    public ReadPort<Frame> incoming() {
      look();
      return link.incoming();
    }

    @Override
    public WritePort<Frame> outgoing() {
      return this;
    }

    @Override
    public boolean put(Frame frame) throws InterruptedException {
      look();
      return link.outgoing().put(frame);
    }

    @Override
    public boolean offer(Frame frame) {
      look();
      return link.outgoing().offer(frame);
    }

    @Override
    public boolean offer(Frame frame, Duration patience) throws InterruptedException {
      look();
      return link.outgoing().offer(frame, patience);
    }

    @Override
    public boolean isClosed() {
      return link.outgoing().isClosed();
    }

    @Override
    public boolean carriesBytes() {
      return false;
    }

    @Override
    public String peer() {
      return "the fragile";
    }

    @Override
    public void close() {
      link.close();
      throw new IllegalStateException("it cannot be closed");
    }
  }

  private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private UncaughtHandler before;

  @BeforeEach
  void listen() {
    before = Uncaught.install((_, failure) -> uncaught.add(failure));
  }

  @AfterEach
  void stop() {
    Uncaught.install(before);
  }

  @Test
  @DisplayName(
      "DI-8 CH-13 what did not arrive over a link that throws is told, and the peer is lost")
  void toldAsLost() throws InterruptedException {
    Channel<Object> kept = chan(1);
    Channel<Object> undelivered = chan(16);
    Root root =
        Root.named("root")
            .handler("keep", r -> kept.offer(Objects.requireNonNull(r.argument("channel"))));
    Failing link = new Failing();
    Peer peer = Peer.over(link).root(root).onUndelivered(undelivered::offer).begin();
    link.link.heard();
    link.link.say(new Packet.Hello(1, "fragile", List.of(), null, 0, 64, null));
    Map<String, Object> body =
        Map.of(Request.COMMAND, "keep", "channel", new Reference("theirs", Rights.ALL, false));
    link.link.say(new Packet.Batch(1, 0, List.of(new Message.Forward("root", body, true, -1, 0))));
    @SuppressWarnings("unchecked")
    Channel<Object> proxy = (Channel<Object>) Objects.requireNonNull(kept.poll(LONG));
    link.broken = true;
    assertThat(proxy.put("a value")).isTrue();
    assertThat(undelivered.poll(LONG)).isEqualTo("a value");
    assertThat(peer.lost()).isNotNull();
    assertThat(uncaught).anySatisfy(e -> assertThat(e).hasMessage("it is broken"));
  }

  @Test
  @DisplayName("DI-8 a link that throws where it should be heard loses the peer at once")
  void cannotBeHeard() {
    Failing link = new Failing();
    link.broken = true;
    Peer peer = Peer.over(link).begin();
    assertThatThrownBy(() -> peer.ended().take())
        .hasMessageContaining("failed here")
        .hasMessageContaining("it is broken");
  }

  @Test
  @DisplayName("DI-7 DI-8 a session goes on though the link that broke cannot be closed")
  void goesOn() throws InterruptedException {
    Switchboard network = new Switchboard();
    Failing first = new Failing();
    network.next(first);
    ScriptedLink second = network.next();
    Forked<Peer> connecting =
        fork(() -> Peer.to(URI.create("scripted://there")).transport(network).connect());
    assertThat(first.link.heard()).isInstanceOf(Packet.Hello.class);
    first.link.say(new Packet.Hello(1, "server", List.of(), "a secret", 0, 64, null));
    Peer peer = connecting.join();
    first.link.say(new Packet.Batch(5, 0, List.of())); // the link has lost four
    assertThat(second.heard()).isEqualTo(new Packet.Resume("a secret", 0));
    second.say(new Packet.Resumed(0));
    Await.until("a link", peer::isReachable, peer::toString);
    peer.close();
    assertThat(uncaught).anySatisfy(e -> assertThat(e).hasMessage("it cannot be closed"));
  }
}
