package dev.circulate;

import static dev.circulate.Csp.alts;
import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.put;
import static dev.circulate.Csp.take;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.circulate.Choice.Closed;
import dev.circulate.Choice.First;
import dev.circulate.Choice.Second;
import dev.circulate.Pipeline.OnFailure;
import dev.circulate.contract.Forked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is built of channels: pipes, folds, pipelines, mults, pubs, mixes, the typed alts. */
@Timeout(60)
class CombinatorsTest {
  private final RuntimeException cause = new IllegalStateException("the well is dry");

  private static Channel<Integer> numbers(int count) {
    return Pipes.toChan(4, IntStream.range(0, count).boxed().toList());
  }

  private static <T> List<T> all(ReadPort<T> port) {
    return port.stream().toList();
  }

  // ---- pipes

  @Test
  @DisplayName("a pipe moves all values in order and closes its sink")
  void pipe() {
    Channel<Integer> to = chan(2);
    Pipes.pipe(numbers(100), to);
    assertThat(all(to)).isEqualTo(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  @DisplayName("a pipe through a gatherer changes the type, and the finisher runs at the end")
  void pipeThroughGatherer() {
    assertThat(all(Csp.pipe(numbers(5), 16, Gatherers.windowFixed(2))))
        .containsExactly(List.of(0, 1), List.of(2, 3), List.of(4));
  }

  @Test
  @DisplayName("a gatherer that wants no more closes the sink and cancels the source")
  void pipeEnough() {
    Channel<Integer> endless = chan();
    Forked<Boolean> putter =
        fork(
            () -> {
              while (endless.put(1)) {}
              return true;
            });
    assertThat(all(Csp.pipe(endless, 1, Gathering.take(3)))).containsExactly(1, 1, 1);
    until("the source is cancelled", endless::isClosed);
    assertThat(putterEnds(putter)).isTrue();
  }

  private static boolean putterEnds(Forked<Boolean> putter) {
    try {
      return putter.join();
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  @DisplayName("CH-8 a cause travels down a chain of pipes, after the values before it")
  void causeTravelsDown() throws Exception {
    Channel<Integer> source = chan(4);
    Channel<Integer> end = Csp.pipe(Csp.pipe(source, 1, Gathering.dedupe()), 4, Gathering.dedupe());
    assertThat(source.put(1)).isTrue();
    source.close(cause);
    assertThat(end.take()).isEqualTo(1);
    assertThat(fork(end::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
  }

  @Test
  @DisplayName("CH-8b a cancel travels up a chain of pipes, and idle ones end, too")
  void cancelTravelsUp() {
    Channel<Integer> source = chan();
    Channel<Integer> end = Csp.pipe(Csp.pipe(source, 1, Gathering.dedupe()), 4, Gathering.dedupe());
    end.cancel(cause);
    until("the source is cancelled", source::isClosed);
    assertThat(source.closeCause()).isSameAs(cause);
  }

  @Test
  @DisplayName("CH-5 a pipe that stops gives its value back; faces keep both ends open")
  void pipeGivesBack() throws Exception {
    Channel<Integer> source = chan(4);
    Channel<Integer> to = chan();
    Channel<Void> pipe = Pipes.pipe(source.readPort(), to);
    assertThat(source.put(7)).isTrue();
    until("the pipe holds the value", () -> to.waitingPutters() == 1);
    to.cancel();
    assertThat(pipe.take()).isNull();
    assertThat(source.isClosed()).isFalse();
    assertThat(source.poll()).isEqualTo(7);
    Channel<Integer> open = chan(4);
    source.close();
    assertThat(Pipes.pipe(source, open.writePort()).take()).isNull();
    assertThat(open.isClosed()).isFalse();
  }

  @Test
  @DisplayName("split, merge and map")
  void splitMergeMap() {
    Pipes.Split<Integer> split = Pipes.split(numbers(10), 16, n -> n % 2 == 0);
    assertThat(all(split.matching())).containsExactly(0, 2, 4, 6, 8);
    assertThat(all(split.rest())).containsExactly(1, 3, 5, 7, 9);
    assertThat(all(Pipes.merge(1, List.of(numbers(50), numbers(50))))).hasSize(100);
    assertThat(all(Pipes.map(numbers(3), numbers(5), 1, Integer::sum))).containsExactly(0, 2, 4);
    assertThat(all(Pipes.<Integer, Integer>map(List.of(numbers(2), numbers(2)), 1, List::size)))
        .containsExactly(2, 2);
  }

  @Test
  @DisplayName("CH-8b a merge whose sink is cancelled cancels its sources")
  void mergeCancelled() {
    Channel<Integer> a = chan();
    Channel<Integer> b = chan();
    Channel<Integer> merged = Pipes.merge(1, List.of(a, b));
    merged.cancel();
    until("both are cancelled", () -> a.isClosed() && b.isClosed());
  }

  // ---- gatherers and folds

  @Test
  @DisplayName("gatherers of the field: dedupe, distinct, partitionBy, filter, remove, mapcat")
  void gatherers() {
    List<Integer> values = List.of(1, 1, 2, 2, 1, 4);
    assertThat(values.stream().gather(Gathering.dedupe())).containsExactly(1, 2, 1, 4);
    assertThat(values.stream().gather(Gathering.distinct())).containsExactly(1, 2, 4);
    assertThat(values.stream().gather(Gathering.partitionBy(n -> n % 2 == 0)))
        .containsExactly(List.of(1, 1), List.of(2, 2), List.of(1), List.of(4));
    assertThat(values.stream().gather(Gathering.remove(n -> n == 1))).containsExactly(2, 2, 4);
    assertThat(upTo(2).gather(Gathering.mapcat(n -> List.of(n, -n)))).containsExactly(0, 0, 1, -1);
    assertThat(values.stream().gather(Gathering.take(0))).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gathering.take(-1))
        .withMessageContaining("-1");
  }

  private static Stream<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed();
  }

  @Test
  @DisplayName("reduce, transduce, into and collect")
  void folds() throws Exception {
    assertThat(Folds.reduce(numbers(5), 0, Integer::sum).take()).isEqualTo(10);
    assertThat(Folds.transduce(numbers(9), Gathering.take(3), 0, Integer::sum).take()).isEqualTo(3);
    assertThat(Folds.into(numbers(3), new ArrayList<>()).take()).isEqualTo(List.of(0, 1, 2));
    assertThat(Folds.collect(numbers(4), Collectors.counting()).take()).isEqualTo(4);
  }

  @Test
  @DisplayName(
      "CH-8 a fold of a failed channel fails with its cause; a failing one cancels its source")
  void foldFails() throws Exception {
    Channel<Integer> failed = chan();
    failed.close(cause);
    Channel<Integer> sum = Folds.reduce(failed, 0, Integer::sum);
    assertThat(fork(sum::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
    Channel<Integer> source = chan(1);
    Channel<Integer> failing =
        Folds.reduce(
            source,
            0,
            (_, _) -> {
              throw cause;
            });
    assertThat(source.put(1)).isTrue();
    assertThat(fork(failing::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
    assertThat(source.closeCause()).isSameAs(cause);
  }

  // ---- pipelines

  @Test
  @DisplayName("an ordered pipeline keeps the order, and works on so many values at a time")
  void ordered() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Channel<Integer> to = chan(4);
    Pipeline.ordered(
        3,
        numbers(200),
        to,
        OnFailure.stop(),
        n -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          Thread.onSpinWait();
          inside.decrementAndGet();
          return n * 2;
        });
    assertThat(all(to)).isEqualTo(IntStream.range(0, 200).map(n -> n * 2).boxed().toList());
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  @DisplayName("an unordered pipeline gives results as they are ready")
  void unordered() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    Channel<Integer> to = chan();
    Pipeline.unordered(
        2,
        numbers(2),
        to,
        OnFailure.stop(),
        n -> {
          if (n == 0) {
            second.await();
          }
          return n;
        });
    assertThat(to.take()).isEqualTo(1);
    second.countDown();
    assertThat(to.take()).isEqualTo(0);
    assertThat(to.take()).isNull();
  }

  @Test
  @DisplayName("a failing task does what its policy says: stop, or put something else")
  void pipelineFailures() throws Exception {
    Pipeline.Task<Integer, Integer> odd =
        n -> {
          if (n % 2 == 1) {
            throw cause;
          }
          return n;
        };
    Channel<Integer> replaced = chan(8);
    Pipeline.ordered(2, numbers(4), replaced, OnFailure.replace((n, _) -> -n), odd);
    assertThat(all(replaced)).containsExactly(0, -1, 2, -3);
    Channel<Integer> source = chan();
    Channel<Integer> stopped = chan(8);
    Pipeline.ordered(2, source, stopped, OnFailure.stop(), odd);
    assertThat(source.put(0)).isTrue();
    assertThat(stopped.take()).isEqualTo(0);
    assertThat(source.put(1)).isTrue();
    assertThat(fork(stopped::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
    until("the source is cancelled", source::isClosed);
  }

  @Test
  @DisplayName("CH-8b a pipeline whose sink is cancelled interrupts its tasks and ends")
  void pipelineCancelled() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Channel<Integer> to = chan();
    Channel<Void> end =
        Pipeline.unordered(
            2,
            numbers(1),
            to,
            OnFailure.stop(),
            n -> {
              begun.countDown();
              never.await();
              return n;
            });
    begun.await();
    to.cancel();
    assertThat(end.take()).isNull();
  }

  // ---- mult, pub, mix

  @Test
  @DisplayName(
      "a mult copies to all; a slow tap waits, misses the value or is detached, as it says")
  void mult() throws Exception {
    Channel<Integer> source = chan();
    Mult<Integer> mult = Mult.of(source);
    Channel<Integer> wait = mult.tap(chan(4), SlowTap.WAIT);
    Channel<Integer> drop = mult.tap(chan(1), SlowTap.DROP);
    Channel<Integer> detach = mult.tap(chan(1), SlowTap.DETACH);
    for (int i = 0; i < 3; i++) {
      assertThat(source.put(i)).isTrue();
    }
    source.close(cause);
    until("the taps are closed", () -> wait.isClosed() && drop.isClosed());
    assertThat(wait.drain(9)).containsExactly(0, 1, 2);
    assertThat(wait.closeCause()).isSameAs(cause);
    assertThat(drop.drain(9)).containsExactly(0);
    assertThat(detach.drain(9)).containsExactly(0);
    assertThat(detach.closeCause()).isInstanceOf(TapDetachedException.class);
  }

  @Test
  @DisplayName("a slow tap that is waited for holds up the mult until it takes, or is untapped")
  void multUntap() throws Exception {
    Channel<Integer> source = chan();
    Mult<Integer> mult = Mult.of(source);
    Channel<Integer> slow = mult.tap(chan(), SlowTap.WAIT);
    Channel<Integer> other = mult.tap(chan(4), SlowTap.WAIT);
    assertThat(source.put(1)).isTrue();
    assertThat(other.take()).as("the others have the value at once").isEqualTo(1);
    until("the mult waits", () -> slow.waitingPutters() == 1);
    assertThat(source.offer(2)).isFalse();
    mult.untap(slow);
    assertThat(source.put(2)).isTrue();
    assertThat(other.take()).isEqualTo(2);
    assertThat(slow.isClosed()).isFalse();
  }

  @Test
  @DisplayName("a pub gives each value to the subscribers of its topic")
  void pub() throws Exception {
    Channel<Integer> source = chan();
    Pub<Boolean, Integer> pub = Pub.of(source, n -> n % 2 == 0);
    Channel<Integer> even = pub.sub(true, chan(8), SlowTap.WAIT);
    Channel<Integer> odd = pub.sub(false, chan(8), SlowTap.WAIT);
    for (int i = 0; i < 4; i++) {
      assertThat(source.put(i)).isTrue();
    }
    source.close();
    assertThat(all(even)).containsExactly(0, 2);
    assertThat(all(odd)).containsExactly(1, 3);
    assertThat(pub.sub(true, Csp.<Integer>chan(1), SlowTap.DROP).isClosed()).isTrue();
  }

  @Test
  @DisplayName("a mix plays, mutes, pauses and solos its inputs")
  void mix() throws Exception {
    Channel<String> out = chan();
    Channel<String> a = chan();
    Channel<String> b = chan();
    try (Mix<String> mix = Mix.into(out)) {
      mix.admix(a);
      mix.toggle(b, Mix.Mode.PAUSE);
      Forked<Boolean> held = fork(() -> b.put("b1"));
      assertThat(a.put("a1")).isTrue();
      assertThat(out.take()).isEqualTo("a1");
      assertThat(held.isDone()).isFalse();
      mix.toggle(b, Mix.Mode.SOLO);
      assertThat(out.take()).isEqualTo("b1");
      assertThat(held.join()).isTrue();
      assertThat(a.put("muted")).isTrue();
      assertThat(b.put("b2")).isTrue();
      assertThat(out.take()).isEqualTo("b2");
      out.cancel();
    }
    assertThat(a.isClosed()).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Mix.into(out).soloMode(Mix.Mode.PLAY))
        .withMessageContaining("PLAY");
  }

  // ---- the ticker and the typed alts

  @Test
  @DisplayName("AL-6 a ticker ticks, and drops what nobody takes")
  void ticker() throws Exception {
    ReadPort<Long> ticks = Csp.ticker(Duration.ofMillis(1));
    Long first = ticks.take();
    Long second = ticks.take();
    assertThat(second).isGreaterThan(first);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Csp.ticker(Duration.ZERO))
        .withMessageContaining("PT0S");
  }

  @Test
  @DisplayName("AL-7 a switch over a typed alts is checked by the compiler")
  void typedAlts() throws Exception {
    Channel<String> names = chan(1);
    Channel<Integer> numbers = chan(1);
    assertThat(names.put("a")).isTrue();
    assertThat(described(names, numbers)).isEqualTo("name A");
    assertThat(numbers.put(1)).isTrue();
    assertThat(described(names, numbers)).isEqualTo("number 2");
    numbers.close();
    assertThat(described(names, numbers)).isEqualTo("arm 2 is closed");
    String put =
        switch (alts(put(names, "b"), take(chan()), take(Csp.timeout(Duration.ofDays(1))))) {
          case First(String name) -> "put " + name;
          case Second(var _) -> "took";
          case Choice.Third(var _) -> "never";
          case Closed(int arm) -> "closed " + arm;
        };
    assertThat(put).isEqualTo("put b");
  }

  private static String described(Channel<String> names, Channel<Integer> numbers)
      throws InterruptedException {
    return switch (alts(take(names), take(numbers))) {
      case First(String name) -> "name " + name.toUpperCase(java.util.Locale.ROOT);
      case Second(Integer number) -> "number " + (number + 1);
      case Closed(int arm) -> "arm " + arm + " is closed";
    };
  }

  @Test
  @DisplayName("CH-8 a typed alts throws the cause of a channel that failed")
  void typedAltsFails() throws Exception {
    Channel<Integer> failed = chan();
    failed.close(cause);
    assertThat(
            fork(() -> alts(take(failed), take(Csp.<Integer>chan())))
                .joinFailure(ChannelFailedException.class))
        .hasCause(cause);
  }

  @Test
  @DisplayName("AL-5 the loop form leaves out what has ended, and ends when all have")
  void loop() throws Exception {
    List<Object> seen = new ArrayList<>();
    Channel<String> names = chan(1);
    assertThat(names.put("a")).isTrue();
    names.close();
    Alts.each().take(numbers(3), seen::add).take(names, seen::add).run();
    assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, "a");
    Channel<Integer> failed = chan();
    failed.close(cause);
    assertThat(
            fork(() -> {
                  Alts.each().take(failed, seen::add).run();
                  return true;
                })
                .joinFailure(ChannelFailedException.class))
        .hasCause(cause);
  }

  // ---- futures

  @Test
  @DisplayName(
      "CH-11 a future gives the next value, the cause, or the end; cancelled it takes none")
  void futures() throws Exception {
    Channel<Integer> source = chan(1);
    CompletableFuture<Integer> given = Csp.future(source);
    assertThat(source.put(1)).isTrue();
    assertThat(given.get()).isEqualTo(1);
    CompletableFuture<Integer> cancelled = Csp.future(source);
    until("the future waits", () -> source.waitingTakers() == 1);
    assertThat(cancelled.cancel(false)).isTrue();
    until("it waits no more", () -> source.waitingTakers() == 0);
    assertThat(source.put(2)).isTrue();
    assertThat(source.poll()).isEqualTo(2);
    source.close(cause);
    assertThat(Csp.future(source).handle((_, failure) -> failure).get()).isSameAs(cause);
    assertThat(Csp.future(numbers(0)).handle((_, failure) -> failure).get())
        .isInstanceOf(ChannelClosedException.class);
  }

  @Test
  @DisplayName("CH-11 a channel gives the result of a stage, or its failure")
  void stages() throws Exception {
    Channel<Integer> result = chan(CompletableFuture.completedFuture(1));
    assertThat(result.take()).isEqualTo(1);
    assertThat(result.take()).isNull();
    Channel<Integer> failed = chan(CompletableFuture.<Integer>failedFuture(cause));
    assertThat(fork(failed::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
  }
}
