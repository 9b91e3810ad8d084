package dev.circulate.rabbitmq;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.contract.Forked;
import dev.circulate.contract.Until;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.FrameTooLongException;
import dev.circulate.runtime.Link;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import dev.circulate.runtime.Transport;
import dev.circulate.service.Call;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What crosses a link over a broker, both ways, and how it ends. */
abstract class LinkContract {
  private static final int LIMIT = 200_000;
  private static final int WINDOW = 8;

  private final AmqpTransport transport =
      new AmqpTransport(AmqpOptions.DEFAULTS.withFrameBytes(LIMIT).withWindow(WINDOW));
  private final Channel<Link> accepted = Csp.chan(Csp.unbounded());
  private Transport.Listener listener;
  private Link client;
  private Link server;

  /** The broker, without a node. */
  abstract URI broker();

  @BeforeEach
  void open() throws Exception {
    listener = transport.listen(broker(), accepted::offer);
    client = transport.connect(listener.uri());
    server = requireNonNull(accepted.poll(Until.PATIENCE), "no link was accepted");
  }

  @AfterEach
  void close() {
    client.close();
    listener.close();
  }

  private static Frame take(Link link) throws InterruptedException {
    return requireNonNull(link.incoming().poll(Until.PATIENCE), "nothing arrived");
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  @DisplayName("DI-10 text and bytes of every size arrive as they were sent, in order")
  void sizes() throws Exception {
    List<Frame> frames = new ArrayList<>();
    for (int size : new int[] {0, 1, 4_095, 4_096, 131_064, 131_065, LIMIT}) {
      frames.add(new Frame.Text("x".repeat(size)));
      frames.add(new Frame.Binary(bytes(size)));
    }
    frames.add(new Frame.Text("a€𝄞\0\uFFFF\r\n\uFEFF".repeat(5_000)));
    Csp.go(
        () -> {
          for (Frame frame : frames) {
            client.outgoing().put(frame);
          }
        });
    for (Frame sent : frames) {
      Frame came = take(server);
      if (sent instanceof Frame.Binary(byte[] expected)) {
        assertThat(((Frame.Binary) came).bytes()).isEqualTo(expected);
      } else {
        assertThat(came).isEqualTo(sent);
      }
    }
  }

  @Test
  @DisplayName("DI-10 both directions at once, each in order")
  void bothWays() throws Exception {
    int number = 2_000;
    for (Link sender : List.of(client, server)) {
      Csp.go(
          () -> {
            for (int i = 0; i < number; i++) {
              sender.outgoing().put(new Frame.Text("frame " + i));
            }
          });
    }
    for (Link receiver : List.of(client, server)) {
      for (int i = 0; i < number; i++) {
        assertThat(take(receiver)).isEqualTo(new Frame.Text("frame " + i));
      }
    }
  }

  @Test
  @DisplayName("DI-4 who does not take stops the sender after a window, and nothing is lost")
  void backpressure() throws Exception {
    int number = 200;
    AtomicInteger sent = new AtomicInteger();
    Channel<Void> sending =
        Csp.go(
            () -> {
              for (int i = 0; i < number; i++) {
                client.outgoing().put(new Frame.Text("frame " + i));
                sent.incrementAndGet();
              }
            });
    // a window on its way, one with the writer, and what the link's own channel holds
    int most = WINDOW + 1 + 8;
    until(
        () -> "the sender is stopped by the window, having sent " + sent, () -> sent.get() == most);
    for (int i = 0; i < number; i++) {
      assertThat(take(server)).isEqualTo(new Frame.Text("frame " + i));
      assertThat(sent.get()).isLessThanOrEqualTo(i + 1 + most);
    }
    assertThat(sending.take()).isNull();
  }

  @Test
  @DisplayName("a link that is closed sends what was put before, and ends in order on both sides")
  void closedInOrder() throws Exception {
    for (int i = 0; i < 5; i++) {
      client.outgoing().put(new Frame.Text("frame " + i));
    }
    client.close();
    for (int i = 0; i < 5; i++) {
      assertThat(take(server)).isEqualTo(new Frame.Text("frame " + i));
    }
    assertThat(server.incoming().take()).isNull();
    until("nothing can be sent any more", server.outgoing()::isClosed);
    assertThat(client.incoming().take()).isNull();
  }

  @Test
  @DisplayName("DI-9 a frame that is longer than the limit ends the link on both sides, in words")
  void tooLong() throws Exception {
    client.outgoing().put(new Frame.Text("before"));
    client.outgoing().put(new Frame.Binary(new byte[LIMIT + 1]));
    assertThat(take(server)).isEqualTo(new Frame.Text("before"));
    for (Link link : List.of(client, server)) {
      assertThatThrownBy(() -> link.incoming().take())
          .isInstanceOf(ChannelFailedException.class)
          .cause()
          .isInstanceOf(FrameTooLongException.class)
          .hasMessageContaining("a frame of 200001 bytes is longer than 200000");
    }
  }

  /** Whose limit is too low. */
  enum Narrow {
    SENDER,
    RECEIVER
  }

  @ParameterizedTest(name = "DI-9 what is too long for the {0} ends the session on both sides")
  @EnumSource
  void tooLongForTheSession(Narrow narrow) throws Exception {
    AmqpTransport wide = new AmqpTransport();
    boolean toReceiver = narrow == Narrow.RECEIVER;
    try (Server other =
            Server.at(broker())
                .root(Root.named("r").handler("ping", _ -> "here"))
                .transport(toReceiver ? transport : wide)
                .start();
        Peer peer = Peer.to(other.uri()).transport(toReceiver ? wide : transport).connect()) {
      Request.to(peer.root(), "ping").done();
      Peer seen = other.peers().getFirst();
      Call tooLong = Request.to(peer.root(), "ping").with("text", "x".repeat(LIMIT + 1));
      assertThatThrownBy(tooLong::done)
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.error()).isInstanceOf(CallError.PeerLost.class));
      for (Peer each : List.of(seen, peer)) {
        assertThatThrownBy(() -> each.ended().take()).hasMessageContaining("would do: ");
      }
    }
  }

  @Test
  @DisplayName("DI-10 half a surrogate pair, which would arrive as something else, ends the link")
  void halfAPair() throws Exception {
    client.outgoing().put(new Frame.Text("𝄞 half: \uD834"));
    for (Link link : List.of(client, server)) {
      assertThatThrownBy(() -> link.incoming().take())
          .isInstanceOf(ChannelFailedException.class)
          .cause()
          .hasMessageContaining("half a surrogate pair");
    }
  }

  /** Whoever may write to the broker, without a link's manners. */
  private static final class Stranger implements Mailbox.Owner {
    private final Channel<Letter> letters = Csp.chan(Csp.unbounded());

    @Override
    public void arrived(Mailbox box, Letter letter, long tag) {
      box.acknowledge(tag, false);
      letters.offer(letter);
    }

    @Override
    public void nonsense(String why) {
      throw new AssertionError(why);
    }

    @Override
    public void undeliverable(String why) {
      throw new AssertionError(why);
    }

    @Override
    public void lost(String why) {
      letters.close();
    }

    Letter next() throws InterruptedException {
      return requireNonNull(letters.poll(Until.PATIENCE), "no letter came");
    }
  }

  @Test
  @DisplayName("DI-9 a text that is no UTF-8 ends the link, and both sides are told in words")
  void noText() throws Exception {
    assertEndsWith(
        new Letter(Letter.Kind.DATA, null, 0, false, new byte[] {(byte) 0xC3}),
        "no UTF-8",
        "the link's rules are broken",
        "UTF-8");
  }

  @Test
  @DisplayName("DI-9 credit for more than was sent ends the link, and both sides are told in words")
  void creditForNothing() throws Exception {
    assertEndsWith(
        Letter.credit(1), "credit for 1 frames, more than were sent", "credit for 1 frames");
  }

  @Test
  @DisplayName("DI-9 what is said at the end of a link is not repeated at any length")
  void longWords() throws Exception {
    try (Opened strange = opened()) {
      strange.box.send(strange.far, Letter.close("x".repeat(LIMIT)));
      assertThatThrownBy(() -> strange.link.incoming().poll(Until.PATIENCE))
          .cause()
          .message()
          .contains("closed the link: xxx")
          .hasSizeLessThan(2_000);
    }
  }

  /** What a stranger's letter does to the link that it opened: what is told here, and there. */
  private void assertEndsWith(Letter letter, String here, String... there) throws Exception {
    try (Opened strange = opened()) {
      strange.box.send(strange.far, letter);
      assertThatThrownBy(() -> strange.link.incoming().poll(Until.PATIENCE))
          .cause()
          .hasMessageContaining(here);
      assertThat(strange.stranger.next().words()).contains(there);
    }
  }

  /** A link that a stranger has opened, and the name of the queue at its other end. */
  private record Opened(Broker broker, Mailbox box, Stranger stranger, String far, Link link)
      implements AutoCloseable {
    @Override
    public void close() {
      box.close();
      broker.release();
    }
  }

  private Opened opened() throws Exception {
    Broker broker = Broker.of(AmqpAddress.of(broker()), AmqpOptions.DEFAULTS);
    Stranger stranger = new Stranger();
    Mailbox box = Mailbox.open(broker, Mailbox.LINKS + UUID.randomUUID(), WINDOW, stranger);
    box.send(
        Mailbox.NODES + AmqpAddress.of(listener.uri()).node(), Letter.open(box.queue(), WINDOW));
    String far = requireNonNull(stranger.next().from());
    Link link = requireNonNull(accepted.poll(Until.PATIENCE), "no link was accepted");
    return new Opened(broker, box, stranger, far, link);
  }

  @Test
  @DisplayName("DI-8 a listener that is closed takes its links down in order, and its name is free")
  void listenerCloses() throws Exception {
    listener.close();
    assertThat(client.incoming().take()).isNull();
    try (Transport.Listener again = transport.listen(listener.uri(), accepted::offer)) {
      transport.connect(again.uri()).close();
    }
  }

  @Test
  @DisplayName("a node's name is one node's: another one is told so")
  void nameTaken() {
    AmqpTransport other = new AmqpTransport(); // with other options it has another connection
    for (AmqpTransport each : List.of(transport, other)) {
      assertThatThrownBy(() -> each.listen(listener.uri(), accepted::offer))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen at amqp://127.0.0.1")
          .hasMessageContaining("circulate.node.")
          .hasMessageContaining("belongs to another");
    }
  }

  @Test
  @DisplayName("DI-9 links beyond the limit are refused, with the limit")
  void tooMany() throws Exception {
    AmqpTransport small = new AmqpTransport(AmqpOptions.DEFAULTS.withLinks(2));
    try (Transport.Listener few = small.listen(broker(), accepted::offer)) {
      Link first = small.connect(few.uri());
      Link second = small.connect(few.uri());
      assertThatThrownBy(() -> small.connect(few.uri()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("has 2 links, which is its limit");
      first.close();
      second.close();
    }
  }

  @Test
  @DisplayName("DI-9 no more links than the limit are accepted when many come at once")
  void tooManyAtOnce() throws Exception {
    AmqpTransport small = new AmqpTransport(AmqpOptions.DEFAULTS.withLinks(2));
    try (Transport.Listener few = small.listen(broker(), accepted::offer)) {
      List<Forked<Boolean>> connecting = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        connecting.add(fork(() -> connects(small, few.uri())));
      }
      int connected = 0;
      for (Forked<Boolean> each : connecting) {
        connected += each.join() ? 1 : 0;
      }
      assertThat(connected).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("DI-9 a link that has ended makes room for another, however many there were")
  void oneAfterTheOther() throws Exception {
    AmqpTransport small = new AmqpTransport(AmqpOptions.DEFAULTS.withLinks(1));
    try (Transport.Listener one = small.listen(broker(), accepted::offer)) {
      for (int i = 0; i < 20; i++) {
        until("there is room", () -> isConnectedAndClosed(small, one.uri()));
      }
    }
  }

  private static boolean isConnectedAndClosed(AmqpTransport transport, URI node) {
    try {
      transport.connect(node).close();
      return true;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("which is its limit");
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError("the test was interrupted", e);
    }
  }

  private static boolean connects(AmqpTransport transport, URI node) throws InterruptedException {
    try {
      transport.connect(node);
      return true;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("which is its limit");
      return false;
    }
  }
}
