package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.Numbers.all;
import static dev.circulate.Numbers.numbers;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the tasks of a pipeline wait for, and of which failures its policy is asked. */
@Timeout(60)
class PipelineTasksTest {
  @Test
  @DisplayName("CH-4 a task of an ordered pipeline that puts nothing lets no other pass it")
  void nothingPutInTurn() {
    CountDownLatch first = new CountDownLatch(1);
    Channel<Integer> source = Channel.<Integer>builder().buffer(Csp.fixed(3)).name("three").open();
    for (int i = 0; i < 3; i++) {
      assertThat(source.offer(i)).isTrue();
    }
    source.close();
    Channel<Integer> to = chan(3);
    Pipeline.ordered(
        3,
        source,
        to,
        Pipeline.OnFailure.stop(),
        n -> {
          if (n == 0) {
            first.await();
          }
          return n == 1 ? null : n;
        });
    until(
        "one has put, or both wait for their turn", () -> to.buffered() > 0 || waitingTasks() == 2);
    first.countDown();
    assertThat(all(to)).containsExactly(0, 2);
  }

  private static long waitingTasks() {
    return Blocks.waiting().stream()
        .filter(block -> block.name().equals("task of the pipeline from channel 'three'"))
        .count();
  }

  @Test
  @DisplayName(
      "CH-8b a task that is interrupted since nobody wants more is no failure to decide of")
  void interruptedIsNoFailure() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    List<Exception> asked = new CopyOnWriteArrayList<>();
    Channel<Integer> to = chan();
    Channel<Void> end =
        Pipeline.unordered(
            1,
            numbers(1),
            to,
            (_, failure) -> {
              asked.add(failure);
              return null;
            },
            n -> {
              begun.countDown();
              never.await();
              return n;
            });
    begun.await();
    to.cancel();
    assertThat(fork(end::take).join()).isNull();
    assertThat(asked).isEmpty();
  }
}
