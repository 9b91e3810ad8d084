package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.Numbers.all;
import static dev.circulate.Numbers.numbers;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.contract.Forked;
import dev.circulate.service.TypeOf;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Gatherer;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What connects two channels or more, and what makes one result of all values. */
@Timeout(60)
class PipesTest {
  private final RuntimeException cause = new IllegalStateException("the well is dry");

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
    List<Integer> small = IntStream.range(0, 50).boxed().toList();
    List<Integer> large = IntStream.range(1_000, 1_050).boxed().toList();
    assertThat(all(Pipes.merge(1, List.of(Pipes.toChan(4, small), Pipes.toChan(4, large)))))
        .hasSize(100)
        .containsSubsequence(small)
        .containsSubsequence(large);
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

  @Test
  @DisplayName("GO-2 a cause that the sink cannot be closed with is the returned channel's")
  void putOnlySink() throws Exception {
    Channel<Integer> to = chan(4);
    Channel<Integer> failed = chan();
    failed.close(cause);
    Channel<Void> pipe = Pipes.pipe(failed, to.writePort());
    assertThat(fork(pipe::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
    Channel<Void> onto =
        Pipes.ontoChan(
            to.writePort(),
            () -> {
              throw cause;
            });
    assertThat(fork(onto::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
    assertThat(to.isClosed()).isFalse();
  }

  @Test
  @DisplayName("CH-8b a sink's cause travels up also from where one waits to put")
  void causeTravelsUp() throws Exception {
    List<Function<Channel<Integer>, Channel<?>>> kinds =
        List.of(
            source -> Pipes.merge(1, List.of(source)),
            source -> Pipes.map(List.of(source), 1, List::size),
            source -> Csp.pipe(source, 1, Gathering.dedupe()));
    for (Function<Channel<Integer>, Channel<?>> kind : kinds) {
      Channel<Integer> source = chan(4);
      Channel<?> sink = kind.apply(source);
      assertThat(source.put(1)).isTrue();
      assertThat(source.put(2)).isTrue();
      until("it waits to put", () -> sink.waitingPutters() == 1);
      sink.cancel(cause);
      until("the source is cancelled", source::isClosed);
      assertThat(source.closeCause()).isSameAs(cause);
    }
  }

  @Test
  @DisplayName("CH-4 what a map took from one source twice goes back in order")
  void mapGivesBack() throws Exception {
    Channel<Integer> source = chan(4);
    List<ReadPort<Integer>> twice = List.of(source.readPort(), source.readPort());
    Channel<Integer> sink = Pipes.map(twice, 1, List::size);
    for (int i = 0; i < 4; i++) {
      assertThat(source.put(i)).isTrue();
    }
    until("it waits to put", () -> sink.waitingPutters() == 1);
    sink.cancel();
    until("both are back", () -> source.buffered() == 2);
    assertThat(source.drain(9)).containsExactly(2, 3);
  }

  @Test
  @DisplayName("what a map's function throws ends it with that, also if it tells of a channel")
  void mapFunctionFails() throws Exception {
    ChannelFailedException thrown = new ChannelFailedException("the function's own channel", cause);
    Channel<Integer> source = chan(1);
    assertThat(source.put(1)).isTrue();
    Channel<Integer> mapped =
        Pipes.<Integer, Integer>map(
            List.of(source),
            1,
            _ -> {
              throw thrown;
            });
    assertThat(fork(mapped::take).joinFailure(ChannelFailedException.class).getCause())
        .isSameAs(thrown);
    until("the source is cancelled", source::isClosed);
    assertThat(source.closeCause()).isSameAs(thrown);
  }

  @Test
  @DisplayName("CH-4 CH-5 a split whose sides are both closed leaves the rest in the source")
  void splitStops() throws Exception {
    Channel<Integer> source = chan(8);
    for (int i = 0; i < 8; i++) {
      assertThat(source.put(i)).isTrue();
    }
    CompletableFuture<Pipes.Split<Integer>> made = new CompletableFuture<>();
    CompletableFuture<Thread> splitting = new CompletableFuture<>();
    made.complete(
        Pipes.split(
            source.readPort(),
            1,
            _ -> {
              made.join().matching().close();
              made.join().rest().close();
              splitting.complete(Thread.currentThread());
              return true;
            }));
    assertThat(splitting.join().join(PATIENCE)).isTrue();
    assertThat(source.drain(9)).containsExactly(1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  @DisplayName("GO-3 what moves values ends with its scope, also where it never has to wait")
  void busyInScope() throws Exception {
    Channel<Integer> endless = chan(Csp.promise());
    assertThat(endless.offer(1)).isTrue();
    ReadPort<Integer> source = endless.readPort();
    Map<String, Csp.Body> kinds =
        Map.of(
            "pipe", () -> Pipes.pipe(source, chan(Csp.sliding(1))),
            "onto", () -> Pipes.ontoChan(chan(Csp.sliding(1)), source),
            "fold", () -> Folds.reduce(source, 0, Integer::sum),
            "mult", () -> Mult.of(source),
            "mix", () -> Mix.<Integer>into(chan()).toggle(source, Mix.Mode.MUTE));
    for (Map.Entry<String, Csp.Body> kind : kinds.entrySet()) {
      assertEndsWithScope(kind.getKey(), kind.getValue());
    }
  }

  @Test
  @DisplayName("what throws a checked exception as it likes ends a map, or what puts a collection")
  void throwsChecked() throws Exception {
    Exception checked = new IOException("the well is dry");
    Channel<Integer> source = chan(1);
    assertThat(source.put(1)).isTrue();
    Channel<Integer> mapped = Pipes.map(List.of(source), 1, _ -> Checked.thrown(checked));
    assertThat(fork(mapped::take).joinFailure(ChannelFailedException.class)).hasCause(checked);
    Channel<Integer> given = Pipes.toChan(1, () -> Checked.thrown(checked));
    assertThat(fork(given::take).joinFailure(ChannelFailedException.class)).hasCause(checked);
  }

  @Test
  @DisplayName(
      "CH-8 a source that fails ends a merge and a map with its cause, and the other source")
  void sourceFails() throws Exception {
    List<Function<List<Channel<Integer>>, Channel<Integer>>> kinds =
        List.of(sources -> Pipes.merge(1, sources), sources -> Pipes.map(sources, 1, List::size));
    for (Function<List<Channel<Integer>>, Channel<Integer>> kind : kinds) {
      Channel<Integer> failing = chan();
      Channel<Integer> other = chan();
      Channel<Integer> sink = kind.apply(List.of(failing, other));
      failing.close(cause);
      assertThat(fork(sink::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
      until("the other is cancelled", other::isClosed);
      assertThat(other.closeCause()).isSameAs(cause);
    }
  }

  @Test
  @DisplayName("CH-8b CH-13 a map that ends with one source cancels the other, and loses no value")
  void mapEnds() {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    Channel<Integer> longer =
        Channel.<Integer>builder().buffer(Csp.fixed(2)).onUndelivered(undelivered::add).open();
    assertThat(longer.offer(1)).isTrue();
    assertThat(longer.offer(2)).isTrue();
    Channel<Integer> shorter = chan(1);
    assertThat(shorter.offer(10)).isTrue();
    shorter.close();
    assertThat(all(Pipes.map(longer, shorter, 1, Integer::sum))).containsExactly(11);
    until("the other is cancelled", longer::isClosed);
    until("what it had left is undelivered", () -> undelivered.equals(List.of(2)));
  }

  @Test
  @DisplayName("AL-3 a merge favours none of its sources")
  void mergeIsFair() throws Exception {
    Channel<Integer> merged = Pipes.merge(1, List.of(filled(0), filled(1)));
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      seen.add(merged.take());
    }
    assertThat(seen).containsExactlyInAnyOrder(0, 1);
    merged.cancel();
  }

  /** A hundred times the same value. */
  private static Channel<Integer> filled(int value) {
    Channel<Integer> channel = chan(100);
    for (int i = 0; i < 100; i++) {
      assertThat(channel.offer(value)).isTrue();
    }
    return channel;
  }

  @Test
  @DisplayName(
      "CH-8b a split goes on when one of its two channels is cancelled, and ends with both")
  void splitCancelled() throws Exception {
    Channel<Integer> source = chan();
    Pipes.Split<Integer> split = Pipes.split(source, 1, n -> n % 2 == 0);
    split.rest().cancel();
    assertThat(source.put(1)).isTrue();
    assertThat(source.put(2)).isTrue();
    assertThat(split.matching().take()).isEqualTo(2);
    assertThat(source.isClosed()).isFalse();
    split.matching().cancel();
    until("the source is cancelled", source::isClosed);
  }

  @Test
  @DisplayName("CH-8b who puts a collection without end to a channel stops when that is cancelled")
  void ontoCancelled() throws Exception {
    Channel<Integer> to = chan();
    Channel<Void> onto = Pipes.ontoChan(to, () -> Stream.iterate(0, n -> n + 1).iterator());
    assertThat(to.take()).isEqualTo(0);
    to.cancel();
    assertThat(fork(onto::take).join()).isNull();
  }

  @Test
  @DisplayName("CH-5 a merge that stops gives its value back to where it came from")
  void mergeGivesBack() {
    Channel<Integer> source = chan(1);
    Channel<Integer> merged = Pipes.merge(1, List.of(source.readPort()));
    assertThat(merged.offer(0)).as("which fills it").isTrue();
    assertThat(source.offer(1)).isTrue();
    until("the merge holds the value", () -> merged.waitingPutters() == 1);
    merged.cancel();
    until("it is back", () -> source.buffered() == 1);
    assertThat(source.poll()).isEqualTo(1);
    assertThat(source.isClosed()).isFalse();
  }

  @Test
  @DisplayName("CH-13 what a gatherer emits to a sink that is cancelled is undelivered")
  void pipeUndelivered() throws Exception {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    Channel<Integer> to = Channel.<Integer>builder().onUndelivered(undelivered::add).open();
    Channel<Integer> source = chan(1);
    Channel<Void> pipe = Pipes.pipe(source, to, Gathering.map(n -> n + 1));
    assertThat(source.offer(1)).isTrue();
    until("the pipe holds the value", () -> to.waitingPutters() == 1);
    to.cancel();
    assertThat(fork(pipe::take).join()).isNull();
    assertThat(undelivered).containsExactly(2);
  }

  @Test
  @DisplayName("CH-13 the value at which a split's test fails is undelivered, not nowhere")
  void splitTestFails() {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    Channel<Integer> source =
        Channel.<Integer>builder().buffer(Csp.fixed(1)).onUndelivered(undelivered::add).open();
    assertThat(source.offer(1)).isTrue();
    Pipes.Split<Integer> split =
        Pipes.split(
            source,
            1,
            _ -> {
              throw cause;
            });
    until("both are closed", () -> split.matching().isClosed() && split.rest().isClosed());
    assertThat(split.rest().closeCause()).isSameAs(cause);
    assertThat(undelivered).containsExactly(1);
  }

  @Test
  @DisplayName("CH-8 of a pipe whose source has failed, what its finisher throws is no cause")
  void finisherFailsAfterSource() throws Exception {
    RuntimeException later = new IllegalStateException("and so is the bucket");
    List<Throwable> told = new CopyOnWriteArrayList<>();
    UncaughtHandler before = Csp.setUncaughtHandler((_, failure) -> told.add(failure));
    try {
      Channel<Integer> source = chan();
      Channel<Integer> piped =
          Csp.pipe(
              source,
              1,
              Gatherer.<Integer, Integer>ofSequential(
                  (_, value, downstream) -> downstream.push(value),
                  (_, _) -> {
                    throw later;
                  }));
      source.close(cause);
      assertThat(fork(piped::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
      assertThat(told).contains(later);
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  /** Whoever takes it, and so makes it, makes room for it. */
  record Emptying(int number) {
    private static final CompletableFuture<Channel<Emptying>> FULL = new CompletableFuture<>();

    Emptying {
      FULL.join().poll();
    }
  }

  @Test
  @DisplayName("GO-3 a map and a merge end with their scope, also where they never have to wait")
  void busyMapAndMerge() throws Exception {
    Channel<Integer> endless = chan(Csp.promise());
    assertThat(endless.offer(1)).isTrue();
    List<ReadPort<Integer>> source = List.of(endless.readPort());
    CompletableFuture<Channel<Integer>> mapped = new CompletableFuture<>();
    assertEndsWithScope(
        "map",
        () ->
            mapped.complete(
                Pipes.<Integer, Integer>map(
                    source,
                    1,
                    _ -> {
                      mapped.join().poll();
                      return 1;
                    })));
    Channel<Object> asData = chan(Csp.promise());
    assertThat(asData.offer(Map.of("number", 1))).isTrue();
    ReadPort<Emptying> typed = new TypeOf<ReadPort<Emptying>>() {}.view(asData.readPort());
    assertEndsWithScope("merge", () -> Emptying.FULL.complete(Pipes.merge(1, List.of(typed))));
  }

  private static void assertEndsWithScope(String name, Csp.Body starting) throws Exception {
    Forked<Boolean> owner =
        fork(
            () -> {
              try (Scope scope = Scope.open(name)) {
                scope.go(starting).take();
                scope.cancel();
              }
              return true;
            });
    assertThat(owner.join()).isTrue();
  }

  @Test
  @DisplayName("CH-8b who waits for the next of a collection stops when nobody wants it")
  void ontoWaiting() throws Exception {
    Channel<Integer> idle = chan();
    Channel<Integer> to = chan();
    Channel<Void> onto = Pipes.ontoChan(to, idle);
    until("it waits", () -> idle.waitingTakers() == 1);
    to.cancel();
    assertThat(fork(onto::take).join()).isNull();
    assertThat(idle.waitingTakers()).isZero();
    assertThat(idle.isClosed()).isFalse();
  }

  @Test
  @DisplayName("CH-8 both sides of a split have the cause of its source, or what its test throws")
  void splitFails() throws Exception {
    Channel<Integer> failed = chan();
    failed.close(cause);
    Channel<Integer> source = chan(1);
    assertThat(source.offer(1)).isTrue();
    List<Pipes.Split<Integer>> splits =
        List.of(
            Pipes.split(failed, 1, n -> n > 0),
            Pipes.split(
                source,
                1,
                _ -> {
                  throw cause;
                }));
    for (Pipes.Split<Integer> split : splits) {
      for (Channel<Integer> side : List.of(split.matching(), split.rest())) {
        assertThat(fork(side::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
      }
    }
    assertThat(source.closeCause()).isSameAs(cause);
  }

  @Test
  @DisplayName("CH-8b a sink that is cancelled ends all that put to it, while they wait for values")
  void sharedSink() {
    Channel<Integer> to = chan();
    List<Channel<Integer>> sources = List.of(chan(), chan(), chan());
    sources.forEach(source -> Pipes.pipe(source, to));
    until("all take", () -> sources.stream().allMatch(source -> source.waitingTakers() == 1));
    to.cancel();
    until("all are cancelled", () -> sources.stream().allMatch(Channel::isClosed));
  }
}
