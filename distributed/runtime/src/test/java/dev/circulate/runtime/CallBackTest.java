package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.ChannelBuilder;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.service.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Gatherer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CH-15: code of the program's that a peer's doing leads to may call that peer. */
class CallBackTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final TwoSpaces spaces = new TwoSpaces();
  private final Channel<Object> answers = Csp.chan(16);

  @BeforeEach
  void echo() {
    spaces.aRoot.handler("echo", request -> request.argument("value"));
  }

  @AfterEach
  void close() {
    spaces.close();
  }

  /** Called in b, whose channels a uses. */
  private Object echoed(Object value) {
    try {
      return Request.to(spaces.a.root(), "echo")
          .with("value", value)
          .within(Duration.ofSeconds(5))
          .as(Object.class);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ChannelBuilder<Object> hooked() {
    return Channel.<Object>builder().onUndelivered(value -> answers.offer(echoed(value)));
  }

  @SuppressWarnings("unchecked")
  private Channel<Object> proxy(Channel<Object> channel) throws InterruptedException {
    spaces.bRoot.handler("give", _ -> channel);
    return (Channel<Object>) Request.to(spaces.bRootProxy(), "give").as(Channel.class);
  }

  @Test
  @DisplayName("CH-15 CH-8b a peer cancels a channel: its hook calls the peer and gets its answer")
  void cancelled() throws InterruptedException {
    Channel<Object> channel = hooked().buffer(Csp.fixed(4)).open();
    Channel<Object> proxy = proxy(channel);
    proxy.put("left over");
    proxy.cancel();
    assertThat(answers.poll(LONG)).isEqualTo("left over");
    assertThat(channel.isClosed()).isTrue();
  }

  @Test
  @DisplayName("CH-15 CH-13 a peer's put makes a buffer drop: the hook calls the peer")
  void dropped() throws InterruptedException {
    Channel<Object> proxy = proxy(hooked().buffer(Csp.sliding(1)).open());
    proxy.put("dropped");
    proxy.put("kept");
    assertThat(answers.poll(LONG)).isEqualTo("dropped");
    assertThat(proxy.take()).isEqualTo("kept");
  }

  @Test
  @DisplayName("CH-15 CH-10 a peer closes a channel: its gatherer, which finishes, calls the peer")
  void finished() throws InterruptedException {
    Gatherer<Object, ?, Object> asking =
        Gatherer.ofSequential(
            Gatherer.Integrator.of((_, value, downstream) -> downstream.push(value)),
            (_, downstream) -> downstream.push(echoed("finished")));
    Channel<Object> proxy =
        proxy(Channel.<Object>builder().buffer(Csp.fixed(4)).gather(asking).open());
    proxy.put("first");
    proxy.close();
    assertThat(proxy.take()).isEqualTo("first");
    assertThat(proxy.take()).isEqualTo("finished");
    assertThat(proxy.take()).isNull();
  }

  private static boolean waited(Channel<Object> gate) {
    try {
      return gate.take() == null;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("CH-15 DI-8 a peer is lost at once, whatever finishes a reply channel waits for")
  void lost() throws InterruptedException {
    Channel<Object> gate = Csp.chan();
    Channel<Boolean> begun = Csp.chan(1);
    spaces.bRoot.handler(
        "wait",
        _ -> {
          begun.put(true);
          return waited(gate);
        });
    Gatherer<Object, ?, Object> waiting =
        Gatherer.ofSequential(
            Gatherer.Integrator.of((_, value, downstream) -> downstream.push(value)),
            (_, _) -> assertThat(waited(gate)).isTrue());
    Channel<Object> reply = Channel.<Object>builder().buffer(Csp.fixed(1)).gather(waiting).open();
    Request call = Request.of(Map.of(Request.COMMAND, "wait", Request.RETURN, reply));
    assertThat(spaces.bRootProxy().put(call)).isTrue();
    assertThat(begun.take()).isTrue();
    spaces.a.close();
    assertThatThrownBy(() -> spaces.b.ended().poll(Duration.ofSeconds(5)))
        .isInstanceOf(ChannelFailedException.class);
    gate.close();
  }

  @Test
  @DisplayName("DI-5 CH-4 a channel with a hook is closed after the values before, in their order")
  void order() throws InterruptedException {
    int values = 200;
    Channel<Object> channel = hooked().buffer(Csp.fixed(values)).open();
    Channel<Object> proxy = proxy(channel);
    for (int i = 0; i < values; i++) {
      proxy.put(i);
    }
    proxy.close();
    List<Object> taken = channel.stream().toList();
    assertThat(taken).isEqualTo(IntStream.range(0, values).<Object>mapToObj(i -> i).toList());
    assertThat(answers.buffered()).isZero();
  }
}
