package dev.circulate.rabbitmq;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import dev.circulate.UncaughtHandler;
import dev.circulate.WritePort;
import dev.circulate.contract.Forked;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.TakeSide;
import dev.circulate.runtime.Frame;
import dev.circulate.runtime.Link;
import dev.circulate.runtime.Peer;
import dev.circulate.runtime.Server;
import dev.circulate.runtime.Transport;
import dev.circulate.service.Request;
import dev.circulate.service.Root;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection to the broker that is cut at the worst moment. */
@Timeout(120)
abstract class CutContract {
  private final String name = "test-" + UUID.randomUUID();
  private Wire wire;
  private Transport.@Nullable Listener taker;

  /** The broker, without a node. */
  abstract URI broker();

  @BeforeEach
  void lay() throws Exception {
    wire = new Wire(broker());
  }

  @AfterEach
  void delete() throws Exception {
    wire.close();
    queue(broker()).delete();
  }

  private WorkQueue<Integer> queue(URI broker) throws Exception {
    return WorkQueue.open(broker, name, Integer.class);
  }

  private static <T> T next(ReadPort<T> port) throws InterruptedException {
    return requireNonNull(port.poll(PATIENCE), "nothing came");
  }

  private static Work<Integer> nextWork(ReadPort<Work<Integer>> port) throws InterruptedException {
    return requireNonNull(port.poll(PATIENCE), "nothing came");
  }

  // ---- links

  @Test
  @DisplayName("DI-7 a frame is acknowledged to the broker once it was taken, and not before")
  void acknowledgedWhenTaken() throws Exception {
    int frames = 3;
    Channel<Link> accepted = Csp.chan(1);
    AmqpTransport transport = new AmqpTransport();
    try (Transport.Listener listener = transport.listen(wire.uri(), accepted::offer);
        Link sender = transport.connect(URI.create(broker() + "?" + listener.uri().getQuery()))) {
      Link receiver = next(accepted);
      until("the opening is done with", () -> acknowledged() == 1);
      for (int i = 0; i < frames; i++) {
        sender.outgoing().put(new Frame.Text("frame " + i));
      }
      LocalChannel<?> incoming = ((TakeSide<?>) receiver.incoming()).takeSide();
      until("the first waits to be taken", () -> incoming.waitingPutters() == 1);
      receiver.outgoing().put(new Frame.Text("after what was acknowledged by now"));
      next(sender.incoming());
      assertThat(acknowledged()).as("nobody has taken one").isEqualTo(1);
      for (int i = 0; i < frames; i++) {
        assertThat(next(receiver.incoming())).isEqualTo(new Frame.Text("frame " + i));
      }
      until("they are acknowledged", () -> acknowledged() > 1);
    }
  }

  private int acknowledged() {
    return wire.crossed(Wire.Method.ACK, Wire.To.BROKER);
  }

  @Test
  @DisplayName("a node whose connection was cut opens its inbox again")
  void inboxComesBack() throws Exception {
    Channel<Link> accepted = Csp.chan(Csp.unbounded());
    AmqpTransport transport = new AmqpTransport();
    try (Transport.Listener listener = transport.listen(wire.uri(), accepted::offer)) {
      wire.cut();
      URI direct = URI.create(broker() + "?" + listener.uri().getQuery());
      until("it is there again", () -> isThere(transport, direct));
    }
  }

  @Test
  @DisplayName("a node whose name is another's when its connection is back is told so, once")
  void nameIsTaken() throws Exception {
    Channel<String> told = Csp.chan(Csp.unbounded());
    UncaughtHandler before =
        Csp.setUncaughtHandler((where, failure) -> told.offer(where + ": " + failure));
    AmqpTransport transport = new AmqpTransport(hasty());
    try (Transport.Listener _ = transport.listen(node(wire.uri()), _ -> {})) {
      wire.away(true);
      until("another has the name", this::isTaken);
      try (Transport.Listener _ = taker) {
        wire.away(false);
        assertThat(requireNonNull(told.poll(PATIENCE), "nobody was told"))
            .startsWith("inbox of node " + name);
      }
      until("it has its name again", () -> isThere(new AmqpTransport(), node(broker())));
      assertThat(told.poll()).isNull();
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  /** A broker is asked often whether it is there, and notices soon who is not. */
  private static AmqpOptions hasty() {
    AmqpOptions usual = AmqpOptions.DEFAULTS;
    return new AmqpOptions(
        usual.window(),
        usual.frameBytes(),
        usual.links(),
        usual.patience(),
        Duration.ofSeconds(1),
        null);
  }

  private URI node(URI broker) {
    return URI.create(broker + "?node=" + name);
  }

  private boolean isTaken() {
    try {
      taker = new AmqpTransport().listen(node(broker()), _ -> {});
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  static boolean isThere(AmqpTransport transport, URI node) {
    try (Link _ = transport.connect(node)) {
      return true;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError("the test was interrupted", e);
    }
  }

  @Test
  @DisplayName("DI-7 values that lie between the broker and who takes them survive every cut")
  void cutsUnderLoad() throws Exception {
    int values = 300;
    Root root =
        Root.named("b-root")
            .handler(
                "fill",
                request -> {
                  @SuppressWarnings("unchecked")
                  WritePort<Integer> channel =
                      (WritePort<Integer>) requireNonNull(request.argument("channel"));
                  for (int i = 0; i < values; i++) {
                    assertThat(channel.put(i)).isTrue();
                  }
                  return "full";
                });
    Channel<Number> channel = Csp.chan();
    try (Server server = Server.start(broker(), root);
        Peer peer = Peer.connect(URI.create(wire.uri() + "?" + server.uri().getQuery()))) {
      Forked<String> filling =
          fork(() -> Request.to(peer.root(), "fill").with("channel", channel).as(String.class));
      for (int i = 0; i < values; i++) {
        if (i % 100 == 50) {
          int before = wire.accepted();
          wire.cut();
          until("there is another connection", () -> wire.accepted() > before);
        }
        assertThat(next(channel).intValue()).isEqualTo(i);
      }
      assertThat(filling.join()).isEqualTo("full");
    }
  }

  // ---- durable work

  @Test
  @DisplayName("a put answers when the broker has confirmed it, and not before")
  void awaitsConfirm() throws Exception {
    try (WorkQueue<Integer> queue = queue(wire.uri())) {
      assertThat(queue.put(1)).isTrue();
      wire.hold(true);
      Forked<Boolean> put = fork(() -> queue.put(2));
      Forked<String> alts =
          fork(() -> Alts.<String>first().put(queue.writePort(), 3, () -> "put").await());
      until("both have left", () -> wire.crossed(Wire.Method.PUBLISH, Wire.To.BROKER) == 3);
      assertThat(put.isDone()).isFalse();
      assertThat(alts.isDone()).isFalse();
      put.interrupt();
      assertThat(put.isDone()).isFalse();
      wire.hold(false);
      assertThat(put.join()).as("the interrupt came too late").isTrue();
      assertThat(alts.join()).isEqualTo("put");
    }
  }

  @Test
  @DisplayName("a put whose confirm is lost goes on when the broker is back; one without time ends")
  void confirmLost() throws Exception {
    try (WorkQueue<Integer> queue = queue(wire.uri())) {
      assertThat(queue.put(1)).isTrue();
      wire.hold(true);
      Forked<Boolean> patient = fork(() -> queue.put(2));
      Forked<Boolean> brief = fork(() -> queue.writePort().offer(3, Duration.ofMillis(1)));
      until("both have left", () -> wire.crossed(Wire.Method.PUBLISH, Wire.To.BROKER) == 3);
      wire.away(true);
      assertThat(brief.join()).isFalse();
      assertThat(patient.isDone()).isFalse();
      wire.away(false);
      assertThat(patient.join()).isTrue();
    }
  }

  @Test
  @DisplayName("CH-5 a close that is interrupted answers no to none that the broker has")
  void closeIsInterrupted() throws Exception {
    WorkQueue<Integer> queue = queue(wire.uri());
    assertThat(queue.put(1)).isTrue();
    wire.hold(true);
    Forked<Boolean> put = fork(() -> queue.put(2));
    until("it has left", () -> wire.crossed(Wire.Method.PUBLISH, Wire.To.BROKER) == 2);
    Thread.currentThread().interrupt();
    queue.close();
    assertThat(Thread.interrupted()).isTrue();
    try (WorkQueue<Integer> other = queue(broker())) {
      for (int i = 0; i < 50; i++) { // in that time the connection would have been left
        assertThat(other.put(3)).isTrue();
      }
    }
    wire.hold(false);
    assertThat(put.join()).as("the broker has it").isTrue();
  }

  @Test
  @DisplayName(
      "CH-6, AL-4 while the broker is away nothing is chosen, and who gives up put nothing")
  void away() throws Exception {
    try (WorkQueue<Integer> queue = queue(wire.uri())) {
      WritePort<Integer> port = queue.writePort();
      assertThat(port.put(1)).isTrue();
      LocalChannel<?> handed = ((WorkPuts<Integer>) port).putSide();
      wire.away(true);
      until("the carriers are gone", () -> handed.waitingTakers() == 0);
      assertThat(port.offer(2)).isFalse();
      assertThat(Alts.<String>first().put(port, 2, () -> "put").orElse(() -> "not now").await())
          .isEqualTo("not now");
      assertThat(port.offer(3, Duration.ofMillis(5))).isFalse();
      Forked<Boolean> waits = fork(() -> port.put(4));
      until("it waits", () -> handed.waitingPutters() == 1);
      waits.interrupt();
      waits.joinFailure(InterruptedException.class);
      Forked<Boolean> stays = fork(() -> port.put(5));
      wire.away(false);
      assertThat(stays.join()).isTrue();
      ReadPort<Work<Integer>> takes = queue.readPort(2);
      assertThat(nextWork(takes).value()).isEqualTo(1);
      assertThat(nextWork(takes).value()).isEqualTo(5);
    }
  }

  @Test
  @DisplayName(
      "CH-3, CH-6 while the broker says nothing to who would carry, nobody's put waits for that")
  void silent() throws Exception {
    WorkOptions patient = Patient.work(PATIENCE.plusSeconds(10));
    try (WorkQueue<Integer> queue = WorkQueue.open(wire.uri(), name, Integer.class, patient)) {
      int asked = wire.crossed(Wire.Method.CHANNEL_OPEN, Wire.To.BROKER);
      wire.hold(true);
      WritePort<Integer> port = queue.writePort();
      until(
          "the keeper asks", () -> wire.crossed(Wire.Method.CHANNEL_OPEN, Wire.To.BROKER) > asked);
      assertThat(fork(() -> queue.writePort().offer(1)).join()).isFalse();
      Forked<Boolean> put = fork(() -> queue.put(2));
      until("it waits", () -> ((WorkPuts<Integer>) port).putSide().waitingPutters() == 1);
      put.interrupt();
      put.joinFailure(InterruptedException.class);
      wire.hold(false);
    }
  }

  @Test
  @DisplayName("a value that nobody had taken when the line broke comes again, unmarked")
  void cutBeforeTake() throws Exception {
    try (WorkQueue<Integer> queue = queue(wire.uri())) {
      assertThat(queue.put(1)).isTrue();
      ReadPort<Work<Integer>> takes = queue.readPort(1);
      LocalChannel<?> here = ((WorkTakes<Integer>) takes).takeSide();
      until("it is here", () -> here.buffered() == 1);
      wire.cut();
      until("it is here again", () -> delivered() == 2 && here.buffered() == 1);
      Work<Integer> work = nextWork(takes);
      assertThat(work.value()).isEqualTo(1);
      assertThat(work.isRedelivered()).isFalse();
      work.done();
      until("it is acknowledged", () -> acknowledged() == 1);
    }
  }

  @Test
  @DisplayName("a value that was taken when the line broke comes again, marked")
  void cutAfterTake() throws Exception {
    try (WorkQueue<Integer> queue = queue(wire.uri())) {
      assertThat(queue.put(1)).isTrue();
      ReadPort<Work<Integer>> takes = queue.readPort(1);
      Work<Integer> taken = nextWork(takes);
      wire.cut();
      taken.done(); // the broker does not hear it
      Work<Integer> again = nextWork(takes);
      assertThat(again.value()).isEqualTo(1);
      assertThat(again.isRedelivered()).isTrue();
      again.done();
      until("the first and its copy are acknowledged", () -> acknowledged() == 2);
    }
  }

  @Test
  @DisplayName("no more are worked on at once than allowed, though what is worked on comes again")
  void atOnce() throws Exception {
    Channel<Integer> begun = Csp.chan(Csp.unbounded());
    Channel<Boolean> mayEnd = Csp.chan();
    try (WorkQueue<Integer> queue = queue(wire.uri())) {
      assertThat(queue.put(1)).isTrue();
      assertThat(queue.put(2)).isTrue();
      queue.work(
          1,
          work -> {
            begun.put(work.value());
            mayEnd.take();
          });
      assertThat(next(begun)).isEqualTo(1);
      wire.cut();
      until("one is here again", () -> delivered() > 1);
      for (int i = 3; i < 50; i++) { // in that time the next would have begun
        assertThat(queue.put(i)).isTrue();
      }
      Integer tooEarly = begun.poll();
      mayEnd.close();
      assertThat(tooEarly).as("begun while one was worked on").isNull();
      assertThat(next(begun)).isNotNull();
    }
  }

  private int delivered() {
    return wire.crossed(Wire.Method.DELIVER, Wire.To.US);
  }
}
