package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Checked;
import dev.circulate.WritePort;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import dev.circulate.testkit.TestTime;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** DI-10: how a link over two channels of strings goes down. */
class StringLinkTest {
  private static final Frame FRAME = new Frame.Text("a frame");

  private final Channel<String> source = chan();

  /** The way to a peer that lets no text of this length pass. */
  private static WritePort<String> narrow(TwoSpaces spaces) throws InterruptedException {
    Channel<String> far = chan();
    spaces.bRoot.handler("sink", _ -> far);
    @SuppressWarnings("unchecked")
    Channel<String> sink =
        (Channel<String>) Request.to(spaces.bRootProxy(), "sink").as(Channel.class);
    return sink;
  }

  @Test
  @DisplayName("DI-8 what takes the texts and throws ends the link, and the cause is told")
  void throwingSink() throws InterruptedException {
    try (TwoSpaces spaces = new TwoSpaces(Limits.builder().string(1_000).build())) {
      StringLink link = new StringLink(source, narrow(spaces));
      Frame tooLong = new Frame.Text("x".repeat(2_000));
      assertThat(link.outgoing().put(tooLong)).isTrue();
      assertThat(link.outgoing().offer(FRAME, PATIENCE)).isFalse();
      assertThat(link.outgoing().isClosed()).isTrue();
      assertThatThrownBy(() -> link.incoming().poll(PATIENCE))
          .isInstanceOf(ChannelFailedException.class)
          .hasCauseInstanceOf(CodecException.class);
    }
  }

  /** Throws what the compiler does not know of. */
  private record Throwing() implements WritePort<String> {
    @Override
    public boolean put(String text) {
      return Checked.thrown(new IOException("the line is cut"));
    }

    @Override
    public boolean offer(String text) {
      return put(text);
    }

    @Override
    public boolean offer(String text, Duration timeout) {
      return put(text);
    }

    @Override
    public boolean isClosed() {
      return false;
    }
  }

  @Test
  @DisplayName("DI-8 the same of what throws a checked exception as it likes")
  void throwsChecked() throws InterruptedException {
    StringLink link = new StringLink(source, new Throwing());
    assertThat(link.outgoing().put(FRAME)).isTrue();
    assertThatThrownBy(() -> link.incoming().poll(PATIENCE)).hasRootCauseMessage("the line is cut");
    until("nothing more can be said", link.outgoing()::isClosed);
  }

  @Test
  @DisplayName("DI-8 a session inside another ends when it says what the outer one does not carry")
  void inner() throws InterruptedException {
    try (TwoSpaces spaces = new TwoSpaces(Limits.builder().string(1_000).build());
        Peer inner =
            Peer.buildTransport(Root.named("r".repeat(2_000)).port(), source, narrow(spaces))) {
      assertThatThrownBy(() -> inner.ended().poll(PATIENCE))
          .rootCause()
          .hasMessageContaining("CodecException");
    }
  }

  @Test
  @DisplayName("DI-5 a link that is closed here takes no text that nobody would hear")
  void closedHere() {
    StringLink link = new StringLink(source, chan(16));
    until("it waits for a text", () -> source.waitingTakers() == 1);
    link.close();
    until("it waits no longer", () -> source.waitingTakers() == 0);
    assertThat(source.offer("the next one's")).isFalse();
  }

  @Test
  @DisplayName("DI-5 a text that nobody hears keeps no go block when the link is closed")
  void unheard() throws InterruptedException {
    StringLink link = new StringLink(source, chan(16));
    assertThat(source.put("unheard")).isTrue();
    until("it waits to be heard", () -> ((Channel<?>) link.incoming()).waitingPutters() == 1);
    link.close();
    assertThat(((Channel<?>) link.incoming()).waitingPutters()).isZero();
    assertThat(link.incoming().take()).isNull();
  }

  @Test
  @DisplayName("DI-5 what was put before the link is closed leaves")
  void lastFrames() throws InterruptedException {
    Channel<String> sink = chan();
    StringLink link = new StringLink(source, sink);
    assertThat(link.outgoing().put(FRAME)).isTrue();
    link.close();
    assertThat(sink.poll(PATIENCE)).isEqualTo("a frame");
    assertThat(sink.take()).isNull();
  }

  @Test
  @DisplayName("DI-5 DI-10 when the texts end the link is down, in order, and the other way, too")
  void sourceEnds() throws InterruptedException {
    Channel<String> sink = chan();
    StringLink link = new StringLink(source, sink);
    assertThat(source.put("last")).isTrue();
    source.close();
    assertThat(link.incoming().poll(PATIENCE)).isEqualTo(new Frame.Text("last"));
    assertThat(link.incoming().take()).isNull();
    until("it takes no frame", link.outgoing()::isClosed);
    assertThat(link.outgoing().put(FRAME)).isFalse();
    assertThat(sink.take()).isNull();
  }

  @Test
  @DisplayName("CH-8 DI-10 what the texts ended with is what the link broke by")
  void sourceFails() {
    StringLink link = new StringLink(source, chan());
    source.close(new IOException("the cable is torn"));
    assertThatThrownBy(() -> link.incoming().poll(PATIENCE))
        .isInstanceOf(ChannelFailedException.class)
        .hasRootCauseMessage("the cable is torn");
    until("it takes no frame", link.outgoing()::isClosed);
  }

  @Test
  @DisplayName("DI-5 a text that nobody takes is not offered for ever when the link is closed")
  void untaken() throws InterruptedException {
    try (TestTime time = TestTime.install()) {
      Channel<String> sink = chan();
      StringLink link = new StringLink(source, sink);
      assertThat(link.outgoing().put(FRAME)).isTrue();
      until("it is offered", () -> sink.waitingPutters() == 1);
      time.advance(Duration.ofMinutes(1));
      assertThat(sink.waitingPutters()).as("offered, as long as the link is open").isEqualTo(1);
      link.close();
      time.advance(Duration.ofMinutes(1));
      assertThat(sink.waitingPutters()).isZero();
      assertThat(sink.isClosed()).isTrue();
    }
  }
}
