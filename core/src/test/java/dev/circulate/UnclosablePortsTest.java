package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Channels of a user's own that throw when they are closed: what else is to end ends. */
@Timeout(60)
class UnclosablePortsTest {
  private final RuntimeException cause = new IllegalStateException("the well is dry");
  private final RuntimeException failure = new IllegalStateException("cannot be closed");
  private final List<Throwable> told = new CopyOnWriteArrayList<>();
  private UncaughtHandler before = (_, _) -> {};

  @BeforeEach
  void listen() {
    before = Csp.setUncaughtHandler((_, thrown) -> told.add(thrown));
  }

  @AfterEach
  void restore() {
    Csp.setUncaughtHandler(before);
  }

  @SuppressWarnings("unchecked")
  private Channel<Integer> unclosable(Channel<Integer> channel) {
    return (Channel<Integer>)
        Proxy.newProxyInstance(
            Channel.class.getClassLoader(),
            new Class<?>[] {Channel.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "close", "cancel" -> throw failure;
                  default -> method.invoke(channel, arguments);
                });
  }

  @Test
  @DisplayName("CH-7 the taps of a mult that has ended are closed, though one of them throws then")
  void taps() {
    Channel<Integer> source = chan();
    Mult<Integer> mult = Mult.of(source);
    Channel<Integer> early = mult.tap(chan(1), SlowTap.WAIT);
    mult.tap(unclosable(chan(1)), SlowTap.DROP);
    Channel<Integer> late = mult.tap(chan(1), SlowTap.WAIT);
    source.close(cause);
    until("the others are closed", () -> early.isClosed() && late.isClosed());
    assertThat(early.closeCause()).isSameAs(cause);
    assertThat(late.closeCause()).isSameAs(cause);
    assertThat(told).containsExactly(failure);
  }

  @Test
  @DisplayName("CH-8 a tap that refuses a value and throws when it is closed holds up no other")
  void refusingTap() throws Exception {
    Channel<Integer> source = chan();
    Mult<Integer> mult = Mult.of(source);
    Channel<Integer> full = chan(1);
    assertThat(full.offer(0)).isTrue();
    mult.tap(unclosable(full), SlowTap.DETACH);
    Channel<Integer> other = mult.tap(chan(2), SlowTap.WAIT);
    for (int i = 1; i <= 2; i++) {
      assertThat(source.put(i)).isTrue();
      assertThat(other.take()).isEqualTo(i);
    }
    assertThat(told).containsExactly(failure);
  }

  @Test
  @DisplayName("CH-8 what a function throws closes the sink, though the source throws then")
  void source() {
    Channel<Integer> from = chan(1);
    assertThat(from.offer(1)).isTrue();
    Channel<Integer> to = Pipes.pipe(unclosable(from), 1, Gathering.map(this::fail));
    until("the sink is closed", to::isClosed);
    assertThat(to.closeCause()).isSameAs(cause);
    assertThat(told).containsExactly(failure);
  }

  @Test
  @DisplayName("CH-8 what a topic function throws closes all, though the source throws then")
  void sourceOfPub() {
    Channel<Integer> from = chan(1);
    Channel<Integer> heard = Pub.of(unclosable(from), this::fail).sub(1, chan(1), SlowTap.WAIT);
    assertThat(from.offer(1)).isTrue();
    until("the subscriber is closed", heard::isClosed);
    assertThat(heard.closeCause()).isSameAs(cause);
    assertThat(told).containsExactly(failure);
  }

  @Test
  @DisplayName("CH-8b a map that ends cancels its other sources, though one of them throws then")
  void sourcesOfMap() {
    Channel<Integer> other = chan(1);
    Channel<Integer> ended = chan();
    ended.close();
    Pipes.map(List.of(ended, unclosable(chan(1)), other), 1, List::getFirst);
    until("the other is cancelled", other::isClosed);
    assertThat(told).containsExactly(failure);
  }

  private int fail(int value) {
    assertThat(value).isEqualTo(1);
    throw cause;
  }
}
