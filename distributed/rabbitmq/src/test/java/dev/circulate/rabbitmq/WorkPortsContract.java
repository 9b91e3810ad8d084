package dev.circulate.rabbitmq;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.UncaughtHandler;
import dev.circulate.WritePort;
import dev.circulate.contract.Forked;
import dev.circulate.contract.Traffic;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import dev.circulate.runtime.codec.Handlers;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of a channel's laws the two sides of a durable queue keep. */
@Timeout(120)
abstract class WorkPortsContract {
  private final String name = "test-" + UUID.randomUUID();
  private WorkQueue<Job> queue;
  private UncaughtHandler before;

  /** Something to do. */
  record Job(int putter, int number) {}

  /** The broker, without a node. */
  abstract URI broker();

  @BeforeEach
  void open() throws Exception {
    before = Csp.setUncaughtHandler((_, _) -> {});
    queue = reopened();
  }

  @AfterEach
  void delete() throws Exception {
    Csp.setUncaughtHandler(before);
    queue.close();
    reopened().delete();
  }

  private WorkQueue<Job> reopened() throws IOException, InterruptedException {
    return WorkQueue.open(broker(), name, Job.class);
  }

  private static Job job(int number) {
    return new Job(0, number);
  }

  private void put(int number) throws InterruptedException {
    assertThat(queue.writePort().put(job(number))).isTrue();
  }

  private static Work<Job> next(ReadPort<Work<Job>> port) throws InterruptedException {
    return requireNonNull(port.poll(PATIENCE), "nothing came");
  }

  /** Takes one and looks at it; done with at once. */
  private static void expect(ReadPort<Work<Job>> port, int number, boolean redelivered)
      throws InterruptedException {
    Work<Job> work = next(port);
    assertThat(work.value()).isEqualTo(job(number));
    assertThat(work.isRedelivered()).isEqualTo(redelivered);
    work.done();
  }

  /** How many values the queue has that nobody was given. */
  private int waiting() {
    return new Bystander(broker()).waiting(WorkQueue.PREFIX + name);
  }

  private void untilNothingIsLeft() throws InterruptedException {
    queue.close(); // what was not acknowledged is there again
    until("nothing is left", () -> waiting() == 0);
  }

  // ---- the putting side

  @Test
  @DisplayName("CH-1 a put through the port answers true when the broker has the value")
  void put() throws Exception {
    put(1);
    assertThat(waiting()).isEqualTo(1);
    assertThat(queue.writePort().offer(job(2), PATIENCE)).isTrue();
    assertThat(waiting()).isEqualTo(2);
    until("an offer finds a carrier", () -> queue.writePort().offer(job(3)));
    assertThat(waiting()).isEqualTo(3);
  }

  @Test
  @DisplayName("CH-1 a put answers false when the queue was closed first, and null is refused")
  @SuppressWarnings({"DataFlowIssue", "NullAway"}) // that is the point
  void closed() throws Exception {
    WritePort<Job> port = queue.writePort();
    assertThatThrownBy(() -> port.put(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> port.offer(null)).isInstanceOf(NullPointerException.class);
    assertThat(port.isClosed()).isFalse();
    queue.close();
    assertThat(port.isClosed()).isTrue();
    assertThat(port.put(job(1))).isFalse();
    assertThat(port.offer(job(1))).isFalse();
    assertThat(port.offer(job(1), PATIENCE)).isFalse();
    assertThat(waiting()).isZero();
  }

  @Test
  @DisplayName("AL-1 an alts puts to a queue or takes from a channel, and has put what is safe")
  void altsPuts() throws Exception {
    Channel<String> other = Csp.chan();
    WritePort<Job> port = queue.writePort();
    String did =
        Alts.<String>first().take(other, value -> value).put(port, job(1), () -> "put").await();
    assertThat(did).isEqualTo("put");
    assertThat(waiting()).isEqualTo(1);
    Csp.go(() -> other.put("came"));
    until("it waits", () -> other.waitingPutters() == 1);
    did =
        Alts.<String>first()
            .take(other, value -> value)
            .put(port, job(2), () -> "put")
            .priority()
            .await();
    assertThat(did).isEqualTo("came");
    assertThat(waiting()).isEqualTo(1);
  }

  @Test
  @DisplayName("AL-5 a closed queue is ready in an alts: put and take answer closed")
  void altsClosed() throws Exception {
    WritePort<Job> puts = queue.writePort();
    ReadPort<Work<Job>> takes = queue.readPort(1);
    queue.close();
    for (Alts<String> alts :
        List.of(
            Alts.<String>first().put(puts, job(1), () -> "put"),
            Alts.<String>first().take(takes, _ -> "taken"))) {
      assertThat(alts.onClosed(() -> "closed").await()).isEqualTo("closed");
    }
  }

  @Test
  @DisplayName("DI-12 neither side can be sent to a peer, who would be promised too much")
  void staysHere() throws Exception {
    Root root = Root.named("b-root").handler("take", _ -> "it came");
    try (Server server = Server.start(broker(), root);
        Peer peer = Peer.connect(server.uri())) {
      for (Object side : List.of(queue.writePort(), queue.readPort(1))) {
        assertThatThrownBy(() -> Request.to(peer.root(), "take").with("side", side).done())
            .hasStackTraceContaining("only this library's channels have another side");
      }
    }
  }

  // ---- the taking side

  @Test
  @DisplayName("a value is acknowledged when the go block that took it ends well, not before")
  void acknowledgedAtTheEnd() throws Exception {
    put(1);
    put(2);
    ReadPort<Work<Job>> port = queue.readPort(1);
    Channel<Boolean> begun = Csp.chan();
    Channel<Boolean> mayEnd = Csp.chan();
    Channel<Integer> block =
        Csp.go(
            () -> {
              int number = next(port).value().number();
              begun.put(true);
              mayEnd.take();
              return number;
            });
    begun.take();
    Forked<Boolean> second =
        fork(
            () -> {
              expect(port, 2, false);
              return true;
            });
    until("it waits", () -> ((WorkTakes<Job>) port).takeSide().waitingTakers() == 1);
    put(3);
    assertThat(second.isDone()).as("one at a time").isFalse();
    mayEnd.put(true);
    assertThat(block.take()).isEqualTo(1);
    assertThat(second.join()).isTrue();
    expect(port, 3, false);
    untilNothingIsLeft();
  }

  @Test
  @DisplayName("a value whose go block throws comes again, marked")
  void comesAgain() throws Exception {
    put(1);
    ReadPort<Work<Job>> port = queue.readPort(1);
    Channel<Void> block =
        Csp.go(
            () -> {
              next(port);
              throw new IOException("not today");
            });
    assertThatThrownBy(block::take).isInstanceOf(ChannelFailedException.class);
    expect(port, 1, true);
    untilNothingIsLeft();
  }

  @Test
  @DisplayName("a block that takes in an alts, with poll and drain holds what it took the same way")
  void everyTakeCounts() throws Exception {
    for (int i = 0; i < 3; i++) {
      put(i);
    }
    ReadPort<Work<Job>> port = queue.readPort(3);
    Channel<Void> block =
        Csp.go(
            () -> {
              Alts.<Work<Job>>first().take(port, work -> work).await();
              until("one is there", () -> port.poll() != null);
              until("another is there", () -> !port.drain(1).isEmpty());
              throw new IOException("not today");
            });
    assertThatThrownBy(block::take).isInstanceOf(ChannelFailedException.class);
    List<Integer> again = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Work<Job> work = next(port);
      assertThat(work.isRedelivered()).isTrue();
      again.add(work.value().number());
      work.done();
    }
    assertThat(again).containsExactlyInAnyOrder(0, 1, 2);
    untilNothingIsLeft();
  }

  @Test
  @DisplayName("a block that takes one after the other is done with each when it says so")
  void done() throws Exception {
    for (int i = 0; i < 20; i++) {
      put(i);
    }
    ReadPort<Work<Job>> port = queue.readPort(1);
    Channel<Void> block =
        Csp.go(
            () -> {
              for (int i = 0; i < 20; i++) {
                Work<Job> work = requireNonNull(port.take());
                assertThat(work.value()).isEqualTo(job(i));
                work.done();
                work.done();
              }
              throw new IOException("all was done before");
            });
    assertThatThrownBy(block::take).hasMessageContaining("all was done before");
    untilNothingIsLeft();
  }

  @Test
  @DisplayName("a block that would wait for itself is told so")
  void waitsForItself() throws Exception {
    put(1);
    put(2);
    ReadPort<Work<Job>> port = queue.readPort(1);
    Channel<Void> block =
        Csp.go(
            () -> {
              next(port);
              port.take();
            });
    assertThatThrownBy(block::take)
        .hasMessageContaining("has taken 1 values of queue circulate.work." + name);
  }

  private WorkQueue<DayOfWeek> days(Function<Object, DayOfWeek> read)
      throws IOException, InterruptedException {
    Handlers handlers = Handlers.none().with("DayOfWeek", DayOfWeek.class, DayOfWeek::name, read);
    return WorkQueue.open(
        broker(), name, DayOfWeek.class, WorkOptions.DEFAULTS.withHandlers(handlers));
  }

  @Test
  @DisplayName(
      "DI-9 a value at which the code that reads it fails has failed, and others are taken")
  void readerFails() throws Exception {
    List<Throwable> told = new CopyOnWriteArrayList<>();
    Csp.setUncaughtHandler((_, failure) -> told.add(failure));
    try (WorkQueue<DayOfWeek> sound = days(text -> DayOfWeek.valueOf((String) text));
        WorkQueue<DayOfWeek> failing =
            days(
                text -> {
                  if (text.equals("MONDAY")) {
                    throw new AssertionError("not on Mondays");
                  }
                  return DayOfWeek.valueOf((String) text);
                })) {
      assertThat(sound.put(DayOfWeek.MONDAY)).isTrue();
      assertThat(sound.put(DayOfWeek.TUESDAY)).isTrue();
      ReadPort<Work<DayOfWeek>> port = failing.readPort(1);
      Work<DayOfWeek> work = requireNonNull(port.poll(PATIENCE), "nothing came");
      assertThat(work.value()).isEqualTo(DayOfWeek.TUESDAY);
      assertThat(work.isRedelivered()).isFalse();
      work.done();
      Bystander bystander = new Bystander(broker());
      String dead = WorkQueue.PREFIX + name + ".dead";
      until("the other is put aside", () -> bystander.waiting(dead) == 1);
      assertThat(requireNonNull(bystander.remove(dead)).getProps().getHeaders())
          .containsEntry("circulate-failed", WorkOptions.DEFAULTS.attempts())
          .containsEntry("circulate-orphaned", 0);
      int attempts = WorkOptions.DEFAULTS.attempts();
      until(() -> "each failure is told: " + told, () -> told.size() == attempts);
    }
  }

  @Test
  @DisplayName("CH-7 a close ends the takes that wait, and puts back unmarked what nobody took")
  void closePutsBack() throws Exception {
    ReadPort<Work<Job>> empty = queue.readPort(1);
    Forked<@Nullable Work<Job>> waits = fork(empty::take);
    until("it waits", () -> ((WorkTakes<Job>) empty).takeSide().waitingTakers() == 1);
    queue.close();
    assertThat(waits.join()).isNull();
    assertThat(empty.take()).isNull();
    queue = reopened();
    put(1);
    ReadPort<Work<Job>> port = queue.readPort(1);
    until("it is here", () -> ((WorkTakes<Job>) port).takeSide().buffered() == 1);
    queue.close();
    queue = reopened();
    expect(queue.readPort(1), 1, false);
    untilNothingIsLeft();
  }

  @Test
  @DisplayName("a queue that was closed can be deleted, and is gone then")
  void deleteAfterClose() throws Exception {
    queue.close();
    queue.delete();
    queue.delete();
    for (String each : List.of(WorkQueue.PREFIX + name, WorkQueue.PREFIX + name + ".dead")) {
      assertThat(new Bystander(broker()).has(each)).as(each).isFalse();
    }
  }

  @Test
  @DisplayName("a block that closes the queue has what it took acknowledged when it ends")
  void closesItself() throws Exception {
    put(1);
    WorkQueue<Job> own = queue;
    Channel<Boolean> block =
        Csp.go(
            () -> {
              next(own.readPort(1));
              own.close();
              return true;
            });
    assertThat(block.poll(PATIENCE)).isTrue();
    queue = reopened();
    untilNothingIsLeft();
  }

  @Test
  @DisplayName("what a thread that is no block's took, and is not done with, comes again")
  void looseThread() throws Exception {
    put(1);
    next(queue.readPort(1));
    queue.close();
    queue = reopened();
    expect(queue.readPort(1), 1, true);
  }

  // ---- both

  @Test
  @DisplayName(
      "CH-4, CH-5, CH-6 what was put is taken once, in order, whoever is interrupted or late")
  void exactlyOnce() throws Exception {
    AtomicInteger accepted = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    WorkQueue<Job> taker = reopened();
    new Traffic(4, 4, 150)
        .run(
            new JobTraffic.Putting(queue.writePort(), accepted),
            new JobTraffic.Taking(taker.readPort(16), taken),
            () -> {
              until(
                  () -> "all of " + accepted + " is taken, not " + taken,
                  () -> taken.get() >= accepted.get());
              taker.close();
            });
    untilNothingIsLeft();
  }
}
