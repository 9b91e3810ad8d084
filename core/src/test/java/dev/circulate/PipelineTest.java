package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.Numbers.all;
import static dev.circulate.Numbers.numbers;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.circulate.Pipeline.OnFailure;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several values at a time: in which order, how many, and what happens when one fails. */
@Timeout(60)
class PipelineTest {
  private final RuntimeException cause = new IllegalStateException("the well is dry");

  @Test
  @DisplayName("an ordered pipeline keeps the order, and works on so many values at a time")
  void ordered() {
    int parallelism = 3;
    int values = 66 * parallelism;
    CyclicBarrier together = new CyclicBarrier(parallelism);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Channel<Integer> to = chan(4);
    Pipeline.ordered(
        parallelism,
        numbers(values),
        to,
        OnFailure.stop(),
        n -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          together.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
          inside.decrementAndGet();
          return n * 2;
        });
    assertThat(all(to)).isEqualTo(IntStream.range(0, values).map(n -> n * 2).boxed().toList());
    assertThat(most).hasValue(parallelism);
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

  @Test
  @DisplayName("GO-2 a failure that the sink cannot be closed with is the returned channel's")
  void putOnlySink() throws Exception {
    Channel<Integer> to = chan(8);
    Channel<Void> end =
        Pipeline.ordered(
            2,
            numbers(4),
            to.writePort(),
            OnFailure.stop(),
            _ -> {
              throw cause;
            });
    assertThat(fork(end::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
    assertThat(to.isClosed()).isFalse();
  }

  @Test
  @DisplayName("GO-2 the failure of the last task is told, also when the source has ended before")
  void lastFails() throws Exception {
    for (int round = 0; round < 3_000; round++) {
      Channel<Integer> to = chan(1);
      int pauses = round % 300;
      Pipeline.unordered(
          2,
          numbers(1),
          to,
          OnFailure.stop(),
          _ -> {
            for (int i = 0; i < pauses; i++) {
              Thread.onSpinWait();
            }
            throw cause;
          });
      assertThat(fork(to::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
    }
  }

  @Test
  @DisplayName("an ordered pipeline that stops also ends a task that keeps its interrupt to itself")
  void interruptKept() throws Exception {
    List<Integer> undelivered = new CopyOnWriteArrayList<>();
    Channel<Integer> to =
        Channel.<Integer>builder().buffer(Csp.fixed(2)).onUndelivered(undelivered::add).open();
    Channel<Integer> source = chan(2);
    assertThat(source.offer(0)).isTrue();
    assertThat(source.offer(1)).isTrue();
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Channel<Void> end =
        Pipeline.ordered(
            2,
            source,
            to,
            OnFailure.stop(),
            n -> {
              if (n == 0) {
                second.await();
                throw cause;
              }
              second.countDown();
              try {
                never.await();
              } catch (InterruptedException e) {
                return -n;
              }
              return n;
            });
    assertThat(fork(to::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
    assertThat(fork(end::take).join()).isNull();
    assertThat(source.closeCause()).isSameAs(cause);
    assertThat(undelivered).as("CH-13").containsExactly(-1);
  }

  @Test
  @DisplayName("CH-4 what a pipeline has taken and not begun goes back in order")
  void givesBackInOrder() throws Exception {
    List<Integer> values = IntStream.range(0, 8).boxed().toList();
    for (int round = 0; round < 500; round++) {
      Channel<Integer> source = chan(8);
      values.forEach(source::offer);
      Channel<Void> end =
          Pipeline.unordered(
              8,
              source.readPort(),
              new OwnPort<Integer>(() -> false, true),
              OnFailure.stop(),
              n -> n);
      fork(end::take).join();
      assertThat(source.drain(8)).as("in round %s", round).isEqualTo(values);
    }
  }

  @Test
  @DisplayName("GO-2 of a failure that is skipped the handler is told, and the others go on")
  void skipped() {
    assertThat(toldOfTheSecond(numbers(3), n -> n)).containsExactly("a pipeline, at 1");
  }

  private record Wordless(int number) {
    @Override
    public String toString() {
      throw new IllegalStateException("no words");
    }
  }

  @Test
  @DisplayName("GO-2 a failure is skipped, and told, also of a value that has no words for itself")
  void skippedWithoutWords() {
    List<Wordless> values = IntStream.range(0, 3).mapToObj(Wordless::new).toList();
    assertThat(toldOfTheSecond(Pipes.toChan(4, values), Wordless::number))
        .singleElement()
        .asString()
        .endsWith("Wordless: (its toString threw IllegalStateException)");
  }

  /** What the handler is told when one of three values fails and is skipped. */
  private <T> List<String> toldOfTheSecond(ReadPort<T> three, ToIntFunction<T> number) {
    List<String> told = new CopyOnWriteArrayList<>();
    UncaughtHandler before =
        Csp.setUncaughtHandler(
            (where, failure) -> {
              if (failure.equals(cause)) {
                told.add(where);
              }
            });
    try {
      Channel<Integer> to = chan(4);
      Pipeline.ordered(
          2,
          three,
          to,
          OnFailure.skip(),
          value -> {
            if (number.applyAsInt(value) == 1) {
              throw cause;
            }
            return number.applyAsInt(value);
          });
      assertThat(all(to)).containsExactly(0, 2);
      return told;
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  @Test
  @DisplayName("a task, or a policy, that answers null puts nothing")
  void nothingPut() {
    Channel<Integer> to = chan(4);
    Pipeline.ordered(
        2,
        numbers(4),
        to,
        OnFailure.replace((_, _) -> null),
        n -> {
          if (n == 1) {
            throw cause;
          }
          return n == 2 ? null : n;
        });
    assertThat(all(to)).containsExactly(0, 3);
    assertThat(to.closeCause()).isNull();
  }

  @Test
  @DisplayName("a pipeline has taken no more than it works on: a slow sink slows the source down")
  void slowSink() throws Exception {
    int values = 1_000;
    Channel<Integer> source = chan(values);
    for (int i = 0; i < values; i++) {
      assertThat(source.offer(i)).isTrue();
    }
    Channel<Integer> to = chan();
    Pipeline.unordered(2, source, to, OnFailure.stop(), n -> n);
    for (int taken = 0; taken + 2 <= values; taken++) {
      until("two results wait", () -> to.waitingPutters() == 2);
      assertThat(source.buffered()).isEqualTo(values - taken - 2);
      assertThat(to.take()).isNotNull();
    }
    to.cancel();
  }

  @Test
  @DisplayName("CH-8 the cause of a pipeline's source closes its sink, after all results")
  void sourceFails() throws Exception {
    Channel<Integer> source = chan(2);
    assertThat(source.offer(1)).isTrue();
    assertThat(source.offer(2)).isTrue();
    source.close(cause);
    Channel<Integer> to = chan(2);
    Pipeline.ordered(2, source, to, OnFailure.stop(), n -> n);
    assertThat(to.take()).isEqualTo(1);
    assertThat(to.take()).isEqualTo(2);
    assertThat(fork(to::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
  }

  @Test
  @DisplayName("CH-8b a pipeline whose sink is cancelled cancels its source with the same cause")
  void sinkCancelled() throws Exception {
    Channel<Integer> source = chan();
    Channel<Integer> to = chan();
    Channel<Void> end = Pipeline.ordered(2, source, to, OnFailure.stop(), n -> n);
    assertThat(source.put(1)).isTrue();
    until("its result waits", () -> to.waitingPutters() == 1);
    to.cancel(cause);
    assertThat(fork(end::take).join()).isNull();
    assertThat(source.closeCause()).isSameAs(cause);
  }

  @Test
  @DisplayName("a policy that throws stops the pipeline with that, and not with the task's failure")
  void policyThrows() throws Exception {
    Exception decided = new IllegalStateException("that is enough");
    Channel<Integer> source = chan(1);
    assertThat(source.offer(1)).isTrue();
    Channel<Integer> to = chan(1);
    Pipeline.ordered(
        2,
        source,
        to,
        (_, _) -> {
          throw decided;
        },
        _ -> {
          throw cause;
        });
    assertThat(fork(to::take).joinFailure(ChannelFailedException.class)).hasCause(decided);
    until("the source is cancelled", source::isClosed);
    assertThat(source.closeCause()).isSameAs(decided);
  }

  @Test
  @DisplayName("a pipeline that would work on nothing is refused")
  void parallelOfNone() {
    Channel<Integer> source = chan();
    for (int parallel : new int[] {0, -1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  Pipeline.<Integer, Integer>unordered(
                      parallel, source, chan(1), OnFailure.stop(), n -> n))
          .withMessageContaining("not " + parallel);
    }
    assertThat(source.isClosed()).isFalse();
  }
}
