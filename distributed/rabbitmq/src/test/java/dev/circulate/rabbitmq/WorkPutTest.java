package dev.circulate.rabbitmq;

import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.contract.Forked;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How whoever puts waits for what becomes of it. */
class WorkPutTest {
  private final WorkPut put = new WorkPut(new byte[0], Duration.ofMillis(20));

  @Test
  @DisplayName("CH-6 who was interrupted before an alts chose the put waits for the answer alone")
  void interruptedBefore() throws Exception {
    Forked<List<Boolean>> waits =
        fork(
            () -> {
              Thread.currentThread().interrupt();
              boolean safe = put.awaitSafe(WorkPut.FOR_EVER);
              return List.of(safe, Thread.interrupted());
            });
    assertThat(waits.join()).as("not safe, and still interrupted").containsExactly(false, true);
    assertThat(put.depart()).as("it is to be sent").isFalse();
  }

  @Test
  @DisplayName("an interrupt that comes when the value is safe stays, and the value is safe")
  void interruptedAfter() throws Exception {
    put.confirmed();
    Forked<List<Boolean>> waits =
        fork(
            () -> {
              Thread.currentThread().interrupt();
              boolean safe = put.awaitSafe(WorkPut.FOR_EVER);
              return List.of(safe, Thread.interrupted());
            });
    assertThat(waits.join()).containsExactly(true, true);
  }
}
