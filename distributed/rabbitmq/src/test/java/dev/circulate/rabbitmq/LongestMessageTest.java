package dev.circulate.rabbitmq;

import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import dev.circulate.Channel;
import dev.circulate.Csp;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The longest message that a connection takes. */
@Tag("long")
@Timeout(120)
class LongestMessageTest {
  private final String name = "test-" + UUID.randomUUID();

  @Test
  @DisplayName(
      "DI-9 a message of 64 MiB costs nobody the connection: it is put aside, others go on")
  void longest() throws Exception {
    String queueName = WorkQueue.PREFIX + name;
    Bystander bystander = new Bystander(SharedBroker.uri());
    Channel<Integer> seen = Csp.chan(1);
    try (WorkQueue<Integer> queue =
        WorkQueue.open(SharedBroker.uri(), name, Integer.class, Patient.work(PATIENCE))) {
      bystander.publish(
          queueName, new AMQP.BasicProperties.Builder().build(), new byte[Broker.MOST_BYTES]);
      assertThat(queue.put(1)).isTrue();
      queue.work(1, work -> seen.put(work.value()));
      assertThat(seen.poll(PATIENCE)).isEqualTo(1);
      until("the long one is put aside", () -> bystander.waiting(queueName + ".dead") == 1);
      queue.delete();
    }
  }
}
