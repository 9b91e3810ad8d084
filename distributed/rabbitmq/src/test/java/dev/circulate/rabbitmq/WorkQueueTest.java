package dev.circulate.rabbitmq;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.UncaughtHandler;
import dev.circulate.contract.Forked;
import dev.circulate.internal.LocalChannel;
import dev.circulate.rabbitmq.testkit.PrivateBroker;
import dev.circulate.runtime.codec.CodecException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that outlives programs and the broker's restart. */
@Timeout(180) // a broker is started again in some
class WorkQueueTest {
  private final PrivateBroker broker = OwnBroker.restartable();
  private final Bystander bystander = new Bystander(broker.uri());
  private final String name = "test-" + UUID.randomUUID();
  private final String queueName = WorkQueue.PREFIX + name;
  private UncaughtHandler before;

  /** Something to do. */
  record Job(int number, String text) {}

  @BeforeEach
  void listen() {
    before = Csp.setUncaughtHandler((_, _) -> {});
  }

  @AfterEach
  void delete() throws Exception {
    Csp.setUncaughtHandler(before);
    open().delete();
    assertThat(bystander.has(queueName)).isFalse();
  }

  private WorkQueue<Job> open() throws IOException, InterruptedException {
    return WorkQueue.open(broker.uri(), name, Job.class, WorkOptions.DEFAULTS.withAttempts(3));
  }

  private <T> T next(Channel<T> channel) throws InterruptedException {
    return requireNonNull(channel.poll(PATIENCE), () -> "nothing came; " + Diagnosis.of(broker));
  }

  private static void assertAgain(Work<Job> work, Job job) {
    assertThat(work.value()).isEqualTo(job);
    assertThat(work.isRedelivered()).isTrue();
  }

  @Test
  @Tag("long")
  @DisplayName("a put that answered true survives every program and a kill of the broker")
  void survives() throws Exception {
    int jobs = 50;
    open().close();
    broker.stop(); // killed now, it may forget that there is such a queue
    broker.up();
    try (WorkQueue<Job> queue = open()) {
      for (int i = 0; i < jobs; i++) {
        assertThat(queue.put(new Job(i, "job " + i))).isTrue();
      }
    }
    broker.kill();
    broker.up();
    Channel<Work<Job>> done = Csp.chan(jobs);
    try (WorkQueue<Job> queue = open()) {
      queue.work(4, done::put);
      Set<Integer> numbers = new TreeSet<>();
      for (int i = 0; i < jobs; i++) {
        Work<Job> came =
            requireNonNull(
                done.poll(PATIENCE), () -> "only " + numbers + " came; " + Diagnosis.of(broker));
        Job job = came.value();
        assertThat(job.text()).isEqualTo("job " + job.number());
        numbers.add(job.number());
      }
      assertThat(numbers).hasSize(jobs);
    }
    until("nothing is left", () -> bystander.waiting(queueName) == 0);
    assertThat(bystander.waiting(queueName + ".dead")).isZero();
  }

  @Test
  @Tag("long")
  @DisplayName("while the broker is away a put waits, and workers begin again when it is back")
  void brokerAway() throws Exception {
    Channel<Integer> done = Csp.chan(Csp.unbounded());
    try (WorkQueue<Job> queue = open()) {
      queue.work(2, work -> done.put(work.value().number()));
      assertThat(queue.put(new Job(1, "before"))).isTrue();
      assertThat(next(done)).isEqualTo(1);
      LocalChannel<?> handed = ((WorkPuts<Job>) queue.writePort()).putSide();
      broker.kill();
      until("the carriers are gone", () -> handed.waitingTakers() == 0);
      Forked<Boolean> putting = fork(() -> queue.put(new Job(2, "meanwhile")));
      until("it waits", () -> handed.waitingPutters() == 1);
      broker.up();
      assertThat(putting.join()).isTrue();
      // a broker that is killed may forget that the first was acknowledged
      int number = next(done);
      while (number == 1) {
        number = next(done);
      }
      assertThat(number).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("a value whose worker throws comes again, marked")
  void comesAgain() throws Exception {
    Channel<Work<Job>> seen = Csp.chan(Csp.unbounded());
    try (WorkQueue<Job> queue = open()) {
      assertThat(queue.put(new Job(1, "stubborn"))).isTrue();
      queue.work(
          1,
          work -> {
            seen.put(work);
            if (!work.isRedelivered()) {
              throw new IOException("not today");
            }
          });
      assertThat(next(seen).isRedelivered()).isFalse();
      assertAgain(next(seen), new Job(1, "stubborn"));
    }
    assertThat(bystander.waiting(queueName)).isZero();
  }

  @Test
  @DisplayName("what a worker throws is told when it does, and not when somebody collects garbage")
  void told() throws Exception {
    Channel<String> told = Csp.chan(Csp.unbounded());
    Csp.setUncaughtHandler((where, failure) -> told.offer(where + ": " + failure.getMessage()));
    try (WorkQueue<Job> queue = open()) {
      queue.work(
          1,
          work -> {
            throw new IOException("job " + work.value().number() + " failed");
          });
      assertThat(queue.put(new Job(1, "bad"))).isTrue();
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThat(next(told)).contains("work of queue " + queueName).endsWith("job 1 failed");
      }
    }
  }

  @Test
  @DisplayName("a value that fails as often as it may is put aside, and the others go on")
  void poison() throws Exception {
    Channel<String> seen = Csp.chan(Csp.unbounded());
    try (WorkQueue<Job> queue = open()) {
      assertThat(queue.put(new Job(1, "poison"))).isTrue();
      queue.work(
          1,
          work -> {
            seen.put(work.value().text());
            if (work.value().text().equals("poison")) {
              throw new IOException("bad");
            }
          });
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThat(next(seen)).isEqualTo("poison");
      }
      until("it is put aside", () -> bystander.waiting(queueName + ".dead") == 1);
      assertThat(queue.put(new Job(2, "good"))).isTrue();
      assertThat(next(seen)).isEqualTo("good");
    }
    assertThat(bystander.waiting(queueName)).isZero();
  }

  @Test
  @DisplayName("DI-9 what is none of the type is put aside at once")
  void foreign() throws Exception {
    try (WorkQueue<Job> queue = open()) {
      queue.work(1, _ -> {});
      byte[] bytes = "not ours".getBytes(StandardCharsets.UTF_8);
      bystander.publish(queueName, new AMQP.BasicProperties.Builder().build(), bytes);
      until("it is put aside", () -> bystander.waiting(queueName + ".dead") == 1);
      assertThat(requireNonNull(bystander.remove(queueName + ".dead")).getBody()).isEqualTo(bytes);
    }
  }

  @Test
  @DisplayName("a close waits for who is busy, takes no more, and leaves the rest in the queue")
  void close() throws Exception {
    Channel<Boolean> begun = Csp.chan();
    Channel<Boolean> mayEnd = Csp.chan();
    WorkQueue<Job> queue = open();
    List<Integer> done = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      assertThat(queue.put(new Job(i, "job"))).isTrue();
    }
    queue.work(
        1,
        work -> {
          begun.put(true);
          mayEnd.take();
          done.add(work.value().number());
        });
    begun.take();
    Forked<Boolean> closing =
        fork(
            () -> {
              queue.close();
              return true;
            });
    until("the broker gives it no more", () -> bystander.consumers(queueName) == 0);
    assertThat(closing.isDone()).isFalse();
    mayEnd.put(true);
    assertThat(closing.join()).isTrue();
    assertThat(done).containsExactly(0);
    assertThat(queue.put(new Job(4, "late"))).isFalse();
    until("the rest is there", () -> bystander.waiting(queueName) == 2);
  }

  @Test
  @DisplayName("what comes between a close and the broker's hearing of it is not begun")
  void lateForClose() throws Exception {
    Channel<Integer> begun = Csp.chan(2);
    try (WorkQueue<Job> queue = open();
        Connection connection = bystander.connect()) {
      Holdings<Job> holdings = new Holdings<>();
      Workers<Job> workers =
          new Workers<>(queue, 2, work -> begun.put(work.value().number()), holdings);
      com.rabbitmq.client.Channel channel = connection.createChannel();
      assertThat(workers.came(delivery(queue, holdings, channel, 1))).isTrue();
      workers.ended();
      assertThat(workers.came(delivery(queue, holdings, channel, 2))).isFalse();
    }
    assertThat(next(begun)).isEqualTo(1);
  }

  @Test
  @DisplayName("what somebody had who died is put back marked when it comes too late for a close")
  void lateAndMarked() throws Exception {
    try (WorkQueue<Job> queue = open();
        Connection connection = bystander.connect()) {
      assertThat(queue.put(new Job(1, "job"))).isTrue();
      requireNonNull(bystander.dieWith(queueName), "nothing is there");
      com.rabbitmq.client.Channel channel = connection.createChannel();
      GetResponse came = requireNonNull(channel.basicGet(queueName, false));
      assertThat(came.getEnvelope().isRedeliver()).isTrue();
      new Delivery<>(
              queue,
              new Holdings<>(),
              channel,
              came.getEnvelope().getDeliveryTag(),
              true,
              WorkMessage.of(came.getProps()),
              came.getBody())
          .putBack();
      Channel<Work<Job>> seen = Csp.chan(1);
      queue.work(1, seen::put);
      assertAgain(next(seen), new Job(1, "job"));
    }
  }

  private static Delivery<Job> delivery(
      WorkQueue<Job> queue, Holdings<Job> holdings, com.rabbitmq.client.Channel channel, int n) {
    byte[] bytes = queue.body().write(new Job(n, "job"));
    WorkMessage message = WorkMessage.of(new AMQP.BasicProperties());
    return new Delivery<>(queue, holdings, channel, n, false, message, bytes);
  }

  @Test
  @DisplayName("a channel is refused, and so is a name that is none")
  void refused() throws Exception {
    try (WorkQueue<Object> queue = WorkQueue.open(broker.uri(), name, Object.class)) {
      assertThatThrownBy(() -> queue.put(List.of(Csp.chan())))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("does not outlive its program");
    }
    assertThatThrownBy(() -> WorkQueue.open(broker.uri(), "a b", String.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("a value whose worker's connection dies comes again, marked, and is counted apart")
  void workerDies() throws Exception {
    try (WorkQueue<Job> queue = open()) {
      assertThat(queue.put(new Job(1, "job"))).isTrue();
      requireNonNull(bystander.dieWith(queueName), "nothing is there");
      Channel<Work<Job>> seen = Csp.chan(Csp.unbounded());
      queue.work(
          1,
          work -> {
            seen.put(work);
            throw new IOException("bad");
          });
      for (int attempt = 0; attempt < 3; attempt++) {
        assertAgain(next(seen), new Job(1, "job"));
      }
      until("it is put aside", () -> bystander.waiting(queueName + ".dead") == 1);
      assertThat(setAside().getHeaders())
          .containsEntry("circulate-failed", 3)
          .containsEntry("circulate-orphaned", 1);
    }
  }

  private AMQP.BasicProperties setAside() {
    return requireNonNull(bystander.remove(queueName + ".dead"), "nothing is there").getProps();
  }

  @Test
  @DisplayName(
      "a value that the broker marks, as it does when it was killed, has not failed by that")
  void markedOnly() throws Exception {
    try (WorkQueue<Job> queue =
        WorkQueue.open(broker.uri(), name, Job.class, WorkOptions.DEFAULTS.withAttempts(1))) {
      assertThat(queue.put(new Job(1, "job"))).isTrue();
      requireNonNull(bystander.dieWith(queueName), "nothing is there");
      Channel<Work<Job>> seen = Csp.chan(1);
      queue.work(1, seen::put);
      assertAgain(next(seen), new Job(1, "job"));
    }
  }

  @Test
  @DisplayName("a value that one after the other dies of is put aside")
  void killer() throws Exception {
    try (WorkQueue<Job> queue = open()) {
      bystander.publish(
          queueName,
          new WorkMessage("killer", 0, 19).properties(),
          queue.body().write(new Job(1, "killer")));
      requireNonNull(bystander.dieWith(queueName), "nothing is there");
      Channel<Work<Job>> seen = Csp.chan(1);
      queue.work(1, seen::put);
      until("it is put aside", () -> bystander.waiting(queueName + ".dead") == 1);
      assertThat(setAside().getHeaders()).containsEntry("circulate-orphaned", 20);
      assertThat(queue.put(new Job(2, "job"))).isTrue();
      assertThat(next(seen).value()).isEqualTo(new Job(2, "job"));
    }
  }
}
