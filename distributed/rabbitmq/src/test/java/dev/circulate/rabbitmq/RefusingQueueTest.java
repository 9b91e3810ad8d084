package dev.circulate.rabbitmq;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.UncaughtHandler;
import dev.circulate.contract.Forked;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that does not take what a queue of work sends. */
@Tag("long")
@Timeout(120)
class RefusingQueueTest {
  private final Bystander bystander = new Bystander(OwnBroker.restartable().uri());
  private final String name = "test-" + UUID.randomUUID();
  private final String queueName = WorkQueue.PREFIX + name;
  private final Channel<String> seen = Csp.chan(Csp.unbounded());
  private final Channel<Boolean> mayFail = Csp.chan();
  private UncaughtHandler before;

  @BeforeEach
  void listen() {
    before = Csp.setUncaughtHandler((_, _) -> {});
  }

  @AfterEach
  void delete() throws Exception {
    Csp.setUncaughtHandler(before);
    open().delete();
  }

  private WorkQueue<String> open() throws IOException, InterruptedException {
    return WorkQueue.open(
        bystander.broker(), name, String.class, WorkOptions.DEFAULTS.withAttempts(3));
  }

  private void workBadly(Work<String> work) throws Exception {
    seen.put(work.value());
    if (work.value().equals("bad")) {
      throw new IOException("not today");
    }
  }

  private void workBadlyWhenTold(Work<String> work) throws Exception {
    if (work.value().equals("bad") && !work.isRedelivered()) {
      mayFail.take();
    }
    workBadly(work);
  }

  private String next() throws InterruptedException {
    return requireNonNull(seen.poll(PATIENCE), "nothing came");
  }

  @Test
  @DisplayName("what is to be put aside is, though the queue for it was deleted, and others go on")
  void deadIsGone() throws Exception {
    try (WorkQueue<String> queue = open()) {
      assertThat(queue.put("bad")).isTrue();
      queue.work(1, this::workBadlyWhenTold);
      until("it is worked on", () -> bystander.waiting(queueName) == 0);
      bystander.delete(queueName + ".dead");
      mayFail.put(true);
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThat(next()).isEqualTo("bad");
      }
      assertThat(queue.put("good")).isTrue();
      assertThat(next()).isEqualTo("good");
      until("it is put aside", () -> bystander.waiting(queueName + ".dead") == 1);
    }
  }

  @Test
  @DisplayName(
      "what fails while the queue is full is tried as often as it may be, and others go on")
  void full() throws Exception {
    bystander.makeRefusing(queueName, 1);
    try (WorkQueue<String> queue = open()) {
      assertThat(queue.put("bad")).isTrue();
      queue.work(1, this::workBadlyWhenTold);
      until("it is worked on", () -> bystander.waiting(queueName) == 0);
      assertThat(queue.put("good")).isTrue();
      mayFail.put(true);
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThat(next()).isEqualTo("bad");
      }
      assertThat(next()).isEqualTo("good");
      until("it is put aside", () -> bystander.waiting(queueName + ".dead") == 1);
    }
  }

  @Test
  @DisplayName("a close ends a put that a full queue refuses, which is then nowhere")
  void closeWhileFull() throws Exception {
    bystander.makeRefusing(queueName, 0);
    try (Wire wire = new Wire(bystander.broker())) {
      WorkQueue<String> queue =
          WorkQueue.open(wire.uri(), name, String.class, Patient.work(PATIENCE.multipliedBy(2)));
      Forked<Boolean> put = fork(() -> queue.put("good"));
      until("it is refused", () -> wire.crossed(Wire.Method.NACK, Wire.To.US) > 0);
      assertThat(closing(queue).join()).isTrue();
      assertThat(put.join()).isFalse();
    }
  }

  @Test
  @DisplayName("AL-4 an alts that put to a full queue waits no longer than it would have for room")
  void altsWhileFull() throws Exception {
    bystander.makeRefusing(queueName, 0);
    try (WorkQueue<String> queue = open()) {
      WorkPuts<String> port = (WorkPuts<String>) queue.writePort();
      until("there are carriers", () -> port.putSide().waitingTakers() > 0);
      fork(() -> Alts.<String>first().put(port, "x", () -> "put").orElse(() -> "not now").await())
          .joinFailure(ChannelFailedException.class);
      fork(() ->
              Alts.<String>first()
                  .put(port, "x", () -> "put")
                  .timeout(Duration.ofMillis(5), () -> "late")
                  .await())
          .joinFailure(ChannelFailedException.class);
    }
  }

  @Test
  @DisplayName("a put that the broker will never take is told so in its words, and others go on")
  void tooLong() throws Exception {
    List<String> little = List.of("little");
    List<String> much =
        Collections.nCopies(OwnBroker.LONGEST_MESSAGE / 100_000, "x".repeat(100_000));
    try (WorkQueue<Object> queue = WorkQueue.open(bystander.broker(), name, Object.class)) {
      Forked<Boolean> others =
          fork(
              () -> {
                for (int i = 0; i < 500; i++) {
                  assertThat(queue.put(little)).isTrue();
                }
                return true;
              });
      Forked<Boolean> put = fork(() -> queue.put(much));
      Forked<String> alts =
          fork(() -> Alts.<String>first().put(queue.writePort(), much, () -> "put").await());
      assertTooLong(put.joinFailure(ChannelFailedException.class));
      assertTooLong(alts.joinFailure(ChannelFailedException.class));
      assertThat(others.join()).isTrue();
      assertThat(queue.put(little)).isTrue();
    }
  }

  private static void assertTooLong(ChannelFailedException failure) {
    assertThat(failure).cause().hasMessageContaining("is larger than configured max size");
  }

  private static Forked<Boolean> closing(WorkQueue<?> queue) {
    return fork(
        () -> {
          queue.close();
          return true;
        });
  }

  @Test
  @DisplayName("a close waits no longer for a broker that does not confirm than it is patient")
  void confirmsNothing() throws Exception {
    WorkOptions options = Patient.work(Duration.ofMillis(500));
    try (Wire wire = new Wire(bystander.broker())) {
      WorkQueue<String> queue = WorkQueue.open(wire.uri(), name, String.class, options);
      assertThat(queue.put("good")).isTrue();
      WorkTakes<String> takes = (WorkTakes<String>) queue.readPort(1);
      until("it is here", () -> takes.takeSide().buffered() == 1);
      wire.drop(Wire.Method.ACK);
      assertThat(closing(queue).join()).isTrue();
    }
    try (WorkQueue<String> queue = open()) {
      queue.work(1, this::workBadly);
      assertThat(next()).isEqualTo("good");
    }
  }
}
