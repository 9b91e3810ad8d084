package dev.circulate.websocket;

import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.contract.Until;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.FrameTooLongException;
import dev.circulate.runtime.Link;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What crosses a link, both ways. */
class FramesTest {
  private static final int TEXT_LIMIT = 100_000;
  private static final int BINARY_LIMIT = 200_000;

  private final Site site =
      Site.open(WebSocketOptions.DEFAULTS.withLimits(TEXT_LIMIT, BINARY_LIMIT));

  /** Who sends; the other one receives. */
  enum Direction {
    TO_SERVER,
    TO_CLIENT;

    Link sender(Site.Ends ends) {
      return this == TO_SERVER ? ends.client() : ends.server();
    }

    Link receiver(Site.Ends ends) {
      return this == TO_SERVER ? ends.server() : ends.client();
    }
  }

  @AfterEach
  void close() {
    site.close();
  }

  private static Frame take(Link link) throws InterruptedException {
    return requireNonNull(link.incoming().poll(Until.PATIENCE), "nothing arrived");
  }

  private static void assertSame(Frame arrived, Frame sent) {
    switch (sent) {
      case Frame.Text text -> assertThat(arrived).isEqualTo(text);
      case Frame.Binary(byte[] bytes) -> {
        assertThat(arrived).isInstanceOf(Frame.Binary.class);
        assertThat(((Frame.Binary) arrived).bytes()).isEqualTo(bytes);
      }
    }
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("DI-10 text and bytes of every size arrive as they were sent, in order")
  void sizes(Direction direction) throws Exception {
    List<Frame> frames = new ArrayList<>();
    for (int size : new int[] {0, 1, 125, 126, 127, 16_383, 16_384, 16_385, 65_535, 65_536}) {
      frames.add(new Frame.Text("x".repeat(size)));
      frames.add(new Frame.Binary(bytes(size)));
    }
    frames.add(new Frame.Text("x".repeat(TEXT_LIMIT)));
    frames.add(new Frame.Text("é".repeat(TEXT_LIMIT / 2)));
    frames.add(new Frame.Text("𝄞".repeat(TEXT_LIMIT / 4)));
    frames.add(new Frame.Text("a€𝄞\0\uFFFF\r\n\uFEFF".repeat(5_000)));
    frames.add(new Frame.Binary(bytes(BINARY_LIMIT)));

    Site.Ends ends = site.connect();
    Csp.go(
        () -> {
          for (Frame frame : frames) {
            direction.sender(ends).outgoing().put(frame);
          }
        });
    for (Frame frame : frames) {
      assertSame(take(direction.receiver(ends)), frame);
    }
  }

  @Test
  @DisplayName("DI-10 both directions at once, each in order")
  void bothWays() throws Exception {
    Site.Ends ends = site.connect();
    int number = 2_000;
    for (Link sender : List.of(ends.client(), ends.server())) {
      Csp.go(
          () -> {
            for (int i = 0; i < number; i++) {
              sender.outgoing().put(new Frame.Text("frame " + i));
            }
          });
    }
    for (Link receiver : List.of(ends.client(), ends.server())) {
      for (int i = 0; i < number; i++) {
        assertThat(take(receiver)).isEqualTo(new Frame.Text("frame " + i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("DI-9 a text of one byte more than the limit ends the link on both sides, in words")
  void textTooBig(Direction direction) throws Exception {
    Site.Ends ends = site.connect();
    direction.sender(ends).outgoing().put(new Frame.Text("before"));
    direction.sender(ends).outgoing().put(new Frame.Text("x".repeat(TEXT_LIMIT - 1) + "é"));
    assertEndsByLimit(direction, ends, direction.receiver(ends), "100,?000");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("DI-9 a text counts as many bytes as it has on the wire, whatever its characters")
  void wideTextTooBig(Direction direction) throws Exception {
    Site.Ends ends = site.connect();
    direction.sender(ends).outgoing().put(new Frame.Text("before"));
    direction.sender(ends).outgoing().put(new Frame.Text("€".repeat(TEXT_LIMIT / 3 + 1)));
    assertEndsByLimit(direction, ends, direction.receiver(ends), "100,?000");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("DI-9 bytes of one more than the limit end the link on both sides, in words")
  void binaryTooBig(Direction direction) throws Exception {
    Site.Ends ends = site.connect();
    direction.sender(ends).outgoing().put(new Frame.Text("before"));
    direction.sender(ends).outgoing().put(new Frame.Binary(new byte[BINARY_LIMIT + 1]));
    assertEndsByLimit(direction, ends, direction.receiver(ends), "200,?000");
  }

  private static void assertEndsByLimit(
      Direction direction, Site.Ends ends, Link receiver, String limit)
      throws InterruptedException {
    assertThat(take(receiver)).isEqualTo(new Frame.Text("before"));
    assertThatThrownBy(() -> receiver.incoming().take())
        .isInstanceOf(ChannelFailedException.class)
        .cause()
        .isInstanceOf(FrameTooLongException.class)
        .hasMessageContaining("broke the link's rules")
        .hasMessageFindingMatch(limit);
    Link sender = direction.sender(ends);
    assertThatThrownBy(() -> sender.incoming().take())
        .isInstanceOf(ChannelFailedException.class)
        .cause()
        .isInstanceOf(FrameTooLongException.class)
        .hasMessageContaining(direction == Direction.TO_SERVER ? "1009" : "4009")
        .hasMessageContaining(sender.peer());
    until("nothing can be sent any more", sender.outgoing()::isClosed);
    assertThat(sender.outgoing().put(new Frame.Text("later"))).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("DI-10 half a surrogate pair, which would arrive as something else, ends the link")
  void halfAPair(Direction direction) throws Exception {
    Site.Ends ends = site.connect();
    Link sender = direction.sender(ends);
    sender.outgoing().put(new Frame.Text("𝄞 half: \uD834"));
    assertThatThrownBy(() -> sender.incoming().take())
        .isInstanceOf(ChannelFailedException.class)
        .cause()
        .hasMessageContaining("half a surrogate pair, d834, at index 9 of 10");
    assertThatThrownBy(() -> direction.receiver(ends).incoming().take())
        .isInstanceOf(ChannelFailedException.class);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("DI-4 who does not take stops the sender, and nothing is lost")
  void backpressure(Direction direction) throws Exception {
    Site.Ends ends = site.connect();
    int size = 64 * 1024;
    int number = 600; // 37 MiB: far more than the buffers of both sides and of the kernel
    AtomicInteger accepted = new AtomicInteger();
    var sending =
        Csp.go(
            () -> {
              for (int i = 0; i < number; i++) {
                byte[] bytes = new byte[size];
                bytes[i % size] = 1;
                direction.sender(ends).outgoing().put(new Frame.Binary(bytes));
                accepted.incrementAndGet();
              }
            });
    int stopped = stoppedAt(accepted);
    assertThat(stopped).isLessThan(number);
    for (int i = 0; i < number; i++) {
      Frame.Binary frame = (Frame.Binary) take(direction.receiver(ends));
      assertThat(frame.bytes()[i % size]).as("frame %s", i).isEqualTo((byte) 1);
    }
    assertThat(sending.take()).isNull();
  }

  @Test
  @DisplayName("DI-4 links that nobody takes from hold up no other")
  void untaken() throws Exception {
    for (int i = 0; i < 20; i++) {
      Link client = site.connect().client();
      for (int frame = 0; frame < 20; frame++) {
        client.outgoing().put(new Frame.Text("nobody takes this"));
      }
    }
    Site.Ends ends = site.connect();
    Frame frame = new Frame.Text("somebody takes this");
    ends.client().outgoing().put(frame);
    assertSame(take(ends.server()), frame);
    ends.server().outgoing().put(frame);
    assertSame(take(ends.client()), frame);
  }

  @Test
  @DisplayName("DI-6 a link that was closed is not kept until its close would have been late")
  void closedIsNotKept() throws Exception {
    WeakReference<Link> closed = new WeakReference<>(closedClient());
    long begin = System.nanoTime();
    until(
        "the link is collected",
        () -> {
          System.gc();
          return closed.get() == null;
        });
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isLessThan(WebSocketLink.CLOSE_TIMEOUT.dividedBy(2));
  }

  private Link closedClient() throws Exception {
    Site.Ends ends = site.connect();
    ends.server().close();
    assertThat(ends.client().incoming().poll(Until.PATIENCE)).isNull();
    ends.client().close();
    return ends.client();
  }

  /** Where the count stays for a second. */
  static int stoppedAt(AtomicInteger count) {
    int[] seen = {0};
    long[] since = {System.nanoTime()};
    until(
        () -> "the sender stops, which has sent " + count,
        () -> {
          if (count.get() != seen[0]) {
            seen[0] = count.get();
            since[0] = System.nanoTime();
          }
          return seen[0] > 0 && System.nanoTime() - since[0] > 1_000_000_000;
        });
    return seen[0];
  }
}
