package dev.circulate.rabbitmq;

import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.GetResponse;
import dev.circulate.Channel;
import dev.circulate.Csp;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a consumer of a queue does with what is on its way to it. */
@Timeout(120)
class ConsumerTest {
  private final String name = "test-" + UUID.randomUUID();

  /** Is done with the first at once, and holds up all that come after it. */
  private static final class Slow implements Consumer.Receiver<Integer> {
    private final Channel<Boolean> begun = Csp.chan(1);
    private final Channel<Boolean> goesOn = Csp.chan();

    @Override
    public boolean came(Delivery<Integer> delivery) {
      if (begun.isClosed()) {
        return false;
      }
      delivery.done();
      begun.close();
      try {
        goesOn.take();
      } catch (InterruptedException e) {
        throw new AssertionError("nobody has this thread", e);
      }
      return true;
    }

    @Override
    public void lost() {
      // what came was done, or put back
    }

    @Override
    public void ended() {
      // so it looks when the second comes
    }
  }

  @Test
  @DisplayName("CH-7 what lay in the client's own line when it is closed is put back unmarked")
  void inLine() throws Exception {
    Bystander bystander = new Bystander(SharedBroker.uri());
    Slow slow = new Slow();
    try (WorkQueue<Integer> queue = WorkQueue.open(bystander.broker(), name, Integer.class)) {
      assertThat(queue.put(1)).isTrue();
      assertThat(queue.put(2)).isTrue();
      Consumer<Integer> consumer = new Consumer<>(queue, 2, slow, new Holdings<>());
      consumer.start();
      slow.begun.take();
      until("both are here", () -> bystander.waiting(WorkQueue.PREFIX + name) == 0);
      consumer.close();
      until("the broker knows", () -> bystander.consumers(WorkQueue.PREFIX + name) == 0);
      slow.goesOn.close();
      consumer.awaitEnd();
      GetResponse second = requireNonNull(bystander.remove(WorkQueue.PREFIX + name));
      assertThat(queue.body().read(second.getBody())).isEqualTo(2);
      assertThat(second.getEnvelope().isRedeliver()).isFalse();
      queue.delete();
    }
  }
}
