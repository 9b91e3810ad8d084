package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.Numbers.all;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.contract.Decorated;
import dev.circulate.service.TypeOf;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ports of a user's own: what waits for several at a time refuses them, and the rest takes them.
 */
@Timeout(60)
class DecoratedPortsTest {
  private record Reading<T>(ReadPort<T> port) implements ReadPort<T> {
    @Override
    public @Nullable T take() throws InterruptedException {
      return port.take();
    }

    @Override
    public @Nullable T poll() {
      return port.poll();
    }

    @Override
    public @Nullable T poll(Duration timeout) throws InterruptedException {
      return port.poll(timeout);
    }

    @Override
    public List<T> drain(int most) {
      return port.drain(most);
    }

    @Override
    public boolean isClosed() {
      return port.isClosed();
    }

    @Override
    public @Nullable Throwable closeCause() {
      return port.closeCause();
    }

    @Override
    public String toString() {
      return "decorated port";
    }
  }

  private final Channel<Integer> channel = chan(4);
  private final ReadPort<Integer> reading = new Reading<>(channel);
  private final WritePort<Integer> writing = new Decorated<>(channel);

  @Test
  @DisplayName("a merge refuses a port of a user's own at the call")
  void merge() {
    assertRefused("takes from", () -> Pipes.merge(4, List.of(channel, reading)));
  }

  @Test
  @DisplayName("AL-5 a loop over several refuses a port of a user's own where it is added")
  void loop() {
    assertRefused("takes from", () -> Alts.each().take(channel, _ -> {}).take(reading, _ -> {}));
  }

  @Test
  @DisplayName("a mix refuses an input of a user's own, and goes on with the others")
  void mix() throws Exception {
    Channel<Integer> out = chan(4);
    try (Mix<Integer> mix = Mix.into(out)) {
      assertRefused("takes from", () -> mix.admix(reading));
      assertRefused("takes from", () -> mix.toggle(reading, Mix.Mode.PAUSE));
      Channel<Integer> other = chan(1);
      mix.admix(other);
      assertThat(other.put(1)).isTrue();
      assertThat(out.take()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("CH-11 a publisher refuses a port of a user's own at the call")
  void publisher() {
    assertRefused("takes from", () -> Csp.publisher(reading));
  }

  @Test
  @DisplayName(
      "a tap of a user's own is refused if it is to be waited for, and else has its values")
  void taps() throws Exception {
    Channel<Integer> source = chan();
    Mult<Integer> mult = Mult.of(source);
    assertRefused("puts to", () -> mult.tap(writing, SlowTap.WAIT));
    mult.tap(writing, SlowTap.DROP);
    assertThat(source.put(1)).isTrue();
    assertThat(channel.take()).isEqualTo(1);
  }

  @Test
  @DisplayName("a tap that refuses a value with an exception is removed and told; others go on")
  void refusingTap() throws Exception {
    Channel<Throwable> told = chan(Csp.unbounded());
    UncaughtHandler before = Csp.setUncaughtHandler((_, failure) -> told.offer(failure));
    try {
      Channel<Integer> source = chan();
      Mult<Integer> mult = Mult.of(source);
      RuntimeException refusal = new IllegalStateException("cannot be sent");
      OwnPort<Integer> refusing =
          new OwnPort<>(
              () -> {
                throw refusal;
              },
              false);
      mult.tap(refusing, SlowTap.DROP);
      mult.tap(channel, SlowTap.WAIT);
      assertThat(source.put(1)).isTrue();
      assertThat(channel.take()).isEqualTo(1);
      assertThat(source.put(2)).isTrue();
      assertThat(channel.take()).isEqualTo(2);
      assertThat(told.drain(9)).containsExactly(refusal);
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  @Test
  @DisplayName("a subscriber of a user's own is refused if it is to be waited for")
  void subscribers() {
    Pub<Integer, Integer> pub = Pub.of(chan(), n -> n);
    assertRefused("puts to", () -> pub.sub(1, writing, SlowTap.WAIT));
    assertThat(pub.sub(1, writing, SlowTap.DETACH)).isSameAs(writing);
  }

  @Test
  @DisplayName("a pipe and a map take from a port of a user's own")
  void others() {
    Channel<Integer> to = chan(4);
    for (int i = 0; i < 4; i++) {
      assertThat(channel.offer(i)).isTrue();
    }
    channel.close();
    Pipes.pipe(Pipes.map(List.of(reading), 1, values -> values.getFirst()), to);
    assertThat(all(to)).containsExactly(0, 1, 2, 3);
  }

  @Test
  @DisplayName("CH-8b a pipeline into a port of a user's own ends when that is closed")
  void pipeline() {
    Channel<Integer> source = chan(1);
    Pipeline.unordered(1, source, writing, Pipeline.OnFailure.stop(), n -> n);
    channel.close();
    assertThat(source.offer(1)).isTrue();
    until("the source is cancelled", source::isClosed);
  }

  @Test
  @DisplayName("CH-5 what a pipeline has from a port of a user's own when it ends its task has")
  void pipelineTakesNothingBack() throws Exception {
    List<Integer> values = List.of(0, 1, 2, 3);
    for (int round = 0; round < 200; round++) {
      values.forEach(channel::offer);
      List<Integer> seen = new CopyOnWriteArrayList<>();
      Channel<Void> end =
          Pipeline.ordered(
              4,
              reading,
              new OwnPort<Integer>(() -> false, true),
              Pipeline.OnFailure.stop(),
              n -> {
                if (Thread.currentThread().isInterrupted()) {
                  seen.add(n);
                }
                return n;
              });
      assertThat(fork(end::take).join()).isNull();
      assertThat(seen).isNotEmpty();
      seen.addAll(channel.drain(4));
      assertThat(seen).containsExactlyInAnyOrderElementsOf(values);
    }
  }

  @Test
  @DisplayName("CH-5 CH-13 a value that a port of a user's own refuses with an exception goes back")
  void refusingSink() throws Exception {
    RuntimeException refusal = new IllegalStateException("cannot be put");
    WritePort<Integer> refusing =
        new OwnPort<>(
            () -> {
              throw refusal;
            },
            false);
    assertThat(channel.offer(1)).isTrue();
    Channel<Void> pipe = Pipes.pipe(channel.readPort(), refusing);
    assertThat(fork(pipe::take).joinFailure(ChannelFailedException.class)).hasCause(refusal);
    assertThat(channel.drain(9)).containsExactly(1);
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    Channel<Integer> source =
        Channel.<Integer>builder().buffer(Csp.fixed(2)).onUndelivered(undelivered::add).open();
    assertThat(source.offer(2)).isTrue();
    assertThat(source.offer(3)).isTrue();
    Channel<Void> cancelling = Pipes.pipe(source, refusing);
    assertThat(fork(cancelling::take).joinFailure(ChannelFailedException.class)).hasCause(refusal);
    assertThat(source.closeCause()).isSameAs(refusal);
    assertThat(undelivered).containsExactlyInAnyOrder(2, 3);
  }

  @Test
  @DisplayName("CH-13 what a port of a user's own cannot take back goes to the sink's hook")
  void sourceTakesNothingBack() throws Exception {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    Channel<Integer> to = Channel.<Integer>builder().onUndelivered(undelivered::add).open();
    assertThat(channel.offer(1)).isTrue();
    Channel<Void> pipe = Pipes.pipe(reading, to);
    until("the pipe holds the value", () -> to.waitingPutters() == 1);
    to.cancel();
    assertThat(fork(pipe::take).join()).isNull();
    assertThat(undelivered).containsExactly(1);
  }

  @Test
  @DisplayName("SV-2 a port of a user's own that is shown with its type is refused as without")
  void shown() throws Exception {
    ReadPort<Integer> typed = new TypeOf<ReadPort<Integer>>() {}.view(reading);
    assertRefused("takes from", () -> Pipes.merge(4, List.of(channel, typed)));
    assertRefused("takes from", () -> Csp.publisher(typed));
    assertRefused("takes from", () -> Alts.<Integer>first().take(typed, n -> n));
    assertThat(channel.offer(1)).isTrue();
    assertThat(typed.take()).isEqualTo(1);
    RuntimeException refusal = new IllegalStateException("cannot be put");
    assertThat(channel.offer(2)).isTrue();
    Channel<Void> pipe =
        Pipes.pipe(
            typed,
            new OwnPort<>(
                () -> {
                  throw refusal;
                },
                false));
    assertThat(fork(pipe::take).joinFailure(ChannelFailedException.class)).hasCause(refusal);
  }

  @Test
  @DisplayName("CH-5 SV-2 a drain of such a port loses nothing of what came behind a misfit")
  void shownWithMisfit() throws Exception {
    Channel<Object> raw = chan(4);
    ReadPort<Integer> typed = new TypeOf<ReadPort<Integer>>() {}.view(new Reading<>(raw));
    for (Object each : List.of(1, "two", 3, 4)) {
      assertThat(raw.put(each)).isTrue();
    }
    assertThat(typed.drain(9)).containsExactly(1);
    assertThatThrownBy(() -> typed.drain(9)).hasStackTraceContaining("but came the String \"two\"");
    assertThat(typed.drain(1)).containsExactly(3);
    assertThat(typed.take()).isEqualTo(4);
    assertThat(typed.drain(9)).isEmpty();
  }

  private static void assertRefused(String what, ThrowingCallable call) {
    assertThatIllegalArgumentException()
        .isThrownBy(call)
        .withMessageContaining(what + " this library's channels, not ")
        .withMessageEndingWith("decorated port");
  }
}
