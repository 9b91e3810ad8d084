package dev.circulate.rabbitmq;

import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.Pipes;
import dev.circulate.ReadPort;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that a pipe moves on, which is done by those who take it at the other end. */
@Timeout(120)
class WorkPipesTest {
  private final String name = "test-" + UUID.randomUUID();
  private final Channel<Work<Integer>> out = Csp.chan();
  private WorkQueue<Integer> queue;

  @BeforeEach
  void open() throws Exception {
    queue = reopened();
  }

  @AfterEach
  void delete() throws Exception {
    queue.close();
    reopened().delete();
  }

  private WorkQueue<Integer> reopened() throws IOException, InterruptedException {
    return WorkQueue.open(SharedBroker.uri(), name, Integer.class);
  }

  private static Work<Integer> next(ReadPort<Work<Integer>> port) throws InterruptedException {
    return requireNonNull(port.poll(PATIENCE), "nothing came");
  }

  private void expectAfterReopening(boolean redelivered) throws Exception {
    queue.close();
    queue = reopened();
    Work<Integer> again = next(queue.readPort(1));
    assertThat(again.value()).isEqualTo(1);
    assertThat(again.isRedelivered()).isEqualTo(redelivered);
    again.done();
  }

  @Test
  @DisplayName("a pipe moves on more than may be here at once, as fast as they are done")
  void movesAll() throws Exception {
    int values = 5;
    Channel<Void> pipe = Pipes.pipe(queue.readPort(1), out);
    for (int i = 0; i < values; i++) {
      assertThat(queue.put(i)).isTrue();
    }
    for (int i = 0; i < values; i++) {
      Work<Integer> work = next(out);
      assertThat(work.value()).isEqualTo(i);
      work.done();
    }
    queue.close();
    assertThat(pipe.take()).isNull();
    assertThat(new Bystander(SharedBroker.uri()).waiting(WorkQueue.PREFIX + name)).isZero();
  }

  @Test
  @DisplayName(
      "what a pipe gives back, since nobody wants it, is nobody's, and comes again unmarked")
  void givesBack() throws Exception {
    assertThat(queue.put(1)).isTrue();
    WorkTakes<Integer> takes = (WorkTakes<Integer>) queue.readPort(1);
    Channel<Void> pipe = Pipes.pipe(takes, out);
    until("the pipe has it", () -> out.waitingPutters() == 1);
    out.cancel();
    assertThat(pipe.take()).isNull();
    assertThat(takes.takeSide().buffered()).isEqualTo(1);
    expectAfterReopening(false);
  }

  @Test
  @DisplayName("what a pipe has moved on is not done with when the pipe ends well")
  void endsWell() throws Exception {
    assertThat(queue.put(1)).isTrue();
    Channel<Void> pipe = Pipes.pipe(queue.readPort(1), out);
    assertThat(next(out).value()).isEqualTo(1);
    out.cancel();
    assertThat(pipe.take()).isNull();
    expectAfterReopening(true);
  }
}
