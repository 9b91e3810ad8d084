package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.Numbers.numbers;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is made of the values of a channel: by gatherers on their way, by folds at their end. */
@Timeout(60)
class FoldsTest {
  private final RuntimeException cause = new IllegalStateException("the well is dry");

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

  @Test
  @DisplayName("CH-8 the cause of a failed channel is that of its fold, whatever it is")
  void foldOfError() throws Exception {
    Channel<Integer> failed = chan();
    Error error = new AssertionError("the well was never there");
    failed.close(error);
    Channel<Integer> sum = Folds.reduce(failed, 0, Integer::sum);
    assertThat(fork(sum::take).joinFailure(ChannelFailedException.class)).hasCause(error);
  }

  @Test
  @DisplayName("a fold whose result nobody wants stops, though there is always another value")
  void unwanted() throws Exception {
    Channel<Integer> endless = chan(Csp.promise());
    assertThat(endless.offer(1)).isTrue();
    CompletableFuture<Thread> folding = new CompletableFuture<>();
    Channel<Integer> sum =
        Folds.reduce(
            endless.readPort(),
            0,
            (before, value) -> {
              folding.complete(Thread.currentThread());
              return before + value;
            });
    Thread thread = folding.join();
    sum.cancel();
    assertThat(thread.join(PATIENCE)).isTrue();
  }

  @Test
  @DisplayName("a function that throws a checked exception as it likes cancels the source, too")
  void foldThrowsChecked() throws Exception {
    Exception checked = new IOException("the well is dry");
    Channel<Integer> source = chan(1);
    assertThat(source.put(1)).isTrue();
    Channel<Integer> failing = Folds.reduce(source, 0, (_, _) -> Checked.thrown(checked));
    assertThat(fork(failing::take).joinFailure(ChannelFailedException.class)).hasCause(checked);
    assertThat(source.closeCause()).isSameAs(checked);
  }

  @Test
  @DisplayName("CH-8b a fold whose result is cancelled cancels its source with that cause, or none")
  void cancelTravelsUp() {
    Channel<Integer> source = chan();
    Folds.reduce(source, 0, Integer::sum).cancel(cause);
    until("the source is cancelled", source::isClosed);
    assertThat(source.closeCause()).isSameAs(cause);
    Channel<Integer> another = chan();
    Folds.into(another, new ArrayList<>()).cancel();
    until("the source is cancelled", another::isClosed);
    assertThat(another.closeCause()).isNull();
  }

  @Test
  @DisplayName("a fold that begins with null is refused at the call")
  @SuppressWarnings("NullAway") // this is what is refused
  void beginsWithNull() {
    Channel<Integer> source = chan();
    Integer nothing = null;
    assertThatNullPointerException()
        .isThrownBy(() -> Folds.reduce(source, nothing, Integer::sum))
        .withMessage("init");
    assertThatNullPointerException()
        .isThrownBy(
            () ->
                Folds.<Integer, Integer, Integer>transduce(
                    source, Gathering.dedupe(), nothing, Integer::sum))
        .withMessage("init");
    assertThat(source.isClosed()).isFalse();
  }

  @Test
  @DisplayName("the lists of partitionBy cannot be changed")
  void unmodifiable() {
    List<List<Integer>> lists = upTo(4).gather(Gathering.partitionBy(n -> n / 2)).toList();
    assertThat(lists)
        .hasSize(2)
        .allSatisfy(
            list ->
                assertThatThrownBy(() -> list.add(9))
                    .isInstanceOf(UnsupportedOperationException.class));
  }

  @Test
  @DisplayName("mapcat makes no more values than are wanted")
  void mapcatStops() {
    AtomicInteger made = new AtomicInteger();
    Iterable<Integer> many = () -> Stream.generate(made::incrementAndGet).limit(1_000).iterator();
    assertThat(Stream.of(1).gather(Gathering.mapcat(_ -> many)).limit(3)).containsExactly(1, 2, 3);
    assertThat(made).hasValueLessThan(1_000);
  }

  @Test
  @DisplayName("transduce combines what the finisher emits, too")
  void transduceFinishes() throws Exception {
    assertThat(
            Folds.transduce(
                    numbers(5), Gatherers.windowFixed(2), 0, (sum, list) -> sum + list.size())
                .take())
        .isEqualTo(5);
  }

  @Test
  @DisplayName("CH-8b transduce cancels its source when its gatherer wants no more")
  void transduceStops() throws Exception {
    Channel<Integer> source = chan(4);
    for (int i = 1; i <= 4; i++) {
      assertThat(source.offer(i)).isTrue();
    }
    assertThat(Folds.transduce(source, Gathering.take(2), 0, Integer::sum).take()).isEqualTo(3);
    assertThat(source.isClosed()).isTrue();
    assertThat(source.poll()).isNull();
  }

  @Test
  @DisplayName("CH-8b who cancels or closes a fold's result stops it, and its source is cancelled")
  void foldCancelled() {
    List<Consumer<Channel<Integer>>> ways = List.of(Channel::cancel, Channel::close);
    for (Consumer<Channel<Integer>> way : ways) {
      Channel<Integer> source = chan();
      Channel<Integer> sum = Folds.reduce(source, 0, Integer::sum);
      until("the fold takes", () -> source.waitingTakers() == 1);
      way.accept(sum);
      until("the source is cancelled", source::isClosed);
    }
  }

  @Test
  @DisplayName("reduce begins with what it was given, which is the result of no values")
  void reduceBegins() throws Exception {
    assertThat(Folds.reduce(numbers(3), "begin", (text, n) -> text + n).take())
        .isEqualTo("begin012");
    assertThat(Folds.reduce(numbers(3), 100, Integer::sum).take()).isEqualTo(103);
    assertThat(Folds.reduce(numbers(0), 100, Integer::sum).take()).isEqualTo(100);
  }

  @Test
  @DisplayName("dedupe, distinct and partitionBy ask what equals, not what is the same object")
  void equalValues() {
    List<String> values = Stream.of("a", "a", "b").map(text -> new String(text)).toList();
    assertThat(values.stream().gather(Gathering.dedupe())).containsExactly("a", "b");
    assertThat(values.stream().gather(Gathering.distinct())).containsExactly("a", "b");
    assertThat(values.stream().gather(Gathering.partitionBy(text -> text)))
        .containsExactly(List.of("a", "a"), List.of("b"));
  }

  @Test
  @DisplayName("into goes on after a value that its collection has already")
  void intoSet() throws Exception {
    assertThat(Folds.into(Pipes.toChan(4, List.of(1, 1, 2)), new HashSet<>()).take())
        .isEqualTo(Set.of(1, 2));
  }
}
