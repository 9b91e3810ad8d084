package dev.circulate.rabbitmq;

import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.runtime.Link;
import dev.circulate.runtime.Transport;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A queue that is deleted under those who take from it, as an operator may do. */
@Timeout(60)
class DeletedQueueTest {
  private static final AmqpOptions OPTIONS = AmqpOptions.DEFAULTS.withWindow(7);

  private final AmqpTransport transport = new AmqpTransport(OPTIONS);
  private final Channel<Link> accepted = Csp.chan(Csp.unbounded());

  /** Over the transport's own connection, which the queues are exclusive to. */
  private static void delete(String queue) throws Exception {
    Broker broker = Broker.of(AmqpAddress.of(SharedBroker.uri()), OPTIONS);
    try (com.rabbitmq.client.Channel channel = broker.channel()) {
      channel.queueDelete(queue);
    } finally {
      broker.release();
    }
  }

  @Test
  @DisplayName("DI-8 a node whose inbox is deleted opens it again")
  void inbox() throws Exception {
    String node = "node-" + UUID.randomUUID();
    try (Transport.Listener listener = transport.listen(SharedBroker.node(node), accepted::offer)) {
      delete(Mailbox.NODES + node);
      until("the node is reached", () -> CutContract.isThere(transport, listener.uri()));
    }
  }

  @Test
  @DisplayName("DI-8 a link whose queue is deleted ends, and says so")
  void link() throws Exception {
    try (Transport.Listener listener = transport.listen(SharedBroker.uri(), accepted::offer)) {
      Channel<String> far = Csp.chan(1);
      Broker broker = Broker.of(AmqpAddress.of(SharedBroker.uri()), AmqpOptions.DEFAULTS);
      Mailbox box =
          Mailbox.open(
              broker,
              Mailbox.LINKS + UUID.randomUUID(),
              1,
              new Mailbox.Owner() {
                @Override
                public void arrived(Mailbox at, Letter letter, long tag) {
                  far.offer(requireNonNull(letter.from()));
                }

                @Override
                public void nonsense(String why) {}

                @Override
                public void undeliverable(String why) {}

                @Override
                public void lost(String why) {}
              });
      String node = requireNonNull(AmqpAddress.of(listener.uri()).node());
      box.send(Mailbox.NODES + node, Letter.open(box.queue(), 1));
      String queue = requireNonNull(far.poll(PATIENCE), "the link was not accepted");
      Link link = requireNonNull(accepted.poll(PATIENCE), "no link was accepted");
      delete(queue);
      assertThatThrownBy(() -> link.incoming().poll(PATIENCE))
          .cause()
          .hasMessageContaining("queue " + queue + " was deleted");
      until("nothing can be sent any more", link.outgoing()::isClosed);
      box.close();
      broker.release();
    }
  }

  @Test
  @DisplayName("workers whose queue is deleted go on with the one that is made in its place")
  void work() throws Exception {
    String name = "test-" + UUID.randomUUID();
    Bystander bystander = new Bystander(SharedBroker.uri());
    Channel<Integer> seen = Csp.chan(Csp.unbounded());
    try (WorkQueue<Integer> queue =
        WorkQueue.open(SharedBroker.uri(), name, Integer.class, WorkOptions.DEFAULTS)) {
      queue.work(1, work -> seen.put(work.value()));
      until("somebody works", () -> bystander.consumers(WorkQueue.PREFIX + name) == 1);
      bystander.delete(WorkQueue.PREFIX + name);
      assertThat(queue.put(1)).isTrue();
      assertThat(seen.poll(PATIENCE)).isEqualTo(1);
      queue.delete();
    }
  }
}
