package dev.circulate.internal;

import dev.circulate.Buffer;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one channel, as Lincheck calls them from several threads; {@link
 * ChannelSpecification} says what they may answer.
 *
 * <p>Lincheck cannot yet verify an operation whose thread parks. So puts and takes that have to
 * wait do it with a handler, through the same queues, claims and hand-overs; {@code outcome} asks
 * what has become of them and {@code withdraw} gives them up, as an interrupt or a timeout does.
 */
@Param(name = "value", gen = IntGen.class, conf = "1:5")
@Param(name = "thread", gen = ThreadIdGen.class)
public abstract class ChannelOperations {
  static final int MOST_THREADS = 4;

  private static final int THOROUGH = 20_000;

  /** A waiting operation and, once its handler was called, its outcome. */
  private static final class Ticket implements PutHandler, TakeHandler<Integer> {
    @Nullable Pending pending;
    volatile @Nullable String outcome;

    @Override
    public void accepted() {
      outcome = "accepted";
    }

    @Override
    public void refused() {
      outcome = "refused";
    }

    @Override
    public void taken(Integer value) {
      outcome = "took " + value;
    }

    @Override
    public void ended(@Nullable Throwable cause) {
      outcome = "ended";
    }

    /** The handler runs a moment after the outcome is settled. */
    String awaitOutcome() {
      String settled = outcome;
      while (settled == null) {
        Thread.onSpinWait();
        settled = outcome;
      }
      return settled;
    }
  }

  private final LocalChannel<Integer> channel;
  private final @Nullable Ticket[] tickets = new Ticket[MOST_THREADS];

  /** The one who watches for the end. */
  private volatile @Nullable Pending watch;

  ChannelOperations(Buffer buffer) {
    LocalChannel<Integer> opened = LocalChannel.open(buffer, null, null);
    channel = buffer instanceof Buffer.Fixed ? warm(opened) : opened;
  }

  /** Lets the first value pass, after which a buffered channel has its ring. */
  static LocalChannel<Integer> warm(LocalChannel<Integer> channel) {
    channel.offer(0);
    channel.poll();
    return channel;
  }

  @Operation(params = {"value", "thread"})
  public String put(int value, int thread) {
    if (tickets[thread] != null) {
      return "busy";
    }
    Ticket ticket = new Ticket();
    return answer(thread, ticket, channel.putAsync(value, ticket));
  }

  @Operation(params = "thread")
  public String take(int thread) {
    if (tickets[thread] != null) {
      return "busy";
    }
    Ticket ticket = new Ticket();
    return answer(thread, ticket, channel.takeAsync(ticket));
  }

  private String answer(int thread, Ticket ticket, Pending pending) {
    if (!(pending instanceof Waiter)) {
      return ticket.awaitOutcome();
    }
    ticket.pending = pending;
    tickets[thread] = ticket;
    return "waits";
  }

  @Operation(params = "value")
  public boolean offer(int value) {
    return channel.offer(value);
  }

  @Operation
  public @Nullable Integer poll() {
    return channel.poll();
  }

  /** Gives back what some taker no longer wants. */
  @Operation(params = "value")
  public boolean giveBack(int value) {
    return channel.putBack(value);
  }

  @Operation(runOnce = true)
  public void close() {
    channel.close();
  }

  @Operation(runOnce = true)
  public String cancel() {
    return channel.cancelBecause(Closing.PLAIN).toString();
  }

  @Operation
  public boolean isClosed() {
    return channel.isClosed();
  }

  @Operation(runOnce = true)
  public void watch() {
    watch = channel.onEnd(() -> {});
  }

  /** Whether the end was told. */
  @Operation
  public boolean isTold() {
    return watch instanceof Waiter waiter && waiter.isDone();
  }

  @Operation
  public boolean unwatch() {
    Pending present = watch;
    return present != null && present.withdraw();
  }

  @Operation(params = "thread")
  public String outcome(int thread) {
    Ticket ticket = tickets[thread];
    if (ticket == null) {
      return "none";
    }
    if (ticket.pending instanceof Waiter waiter && waiter.isOpen()) {
      return "waits";
    }
    tickets[thread] = null;
    return ticket.awaitOutcome();
  }

  @Operation(params = "thread")
  public String withdraw(int thread) {
    Ticket ticket = tickets[thread];
    if (ticket == null) {
      return "none";
    }
    tickets[thread] = null;
    return ticket.pending != null && ticket.pending.withdraw()
        ? "withdrawn"
        : ticket.awaitOutcome();
  }

  /** Checks this class's operations; its size is set by the build. */
  final void checkAgainst(Class<? extends ChannelSpecification> specification) {
    for (int threads = 2; threads <= 3; threads++) {
      ModelCheckingOptions options =
          Scenarios.checking()
              .threads(threads)
              .actorsPerThread(threads == 2 ? 4 : 3)
              .actorsBefore(1)
              .actorsAfter(1)
              .iterations(Integer.getInteger("lincheck.scenarios"))
              .invocationsPerIteration(Integer.getInteger("lincheck.interleavings"))
              .sequentialSpecification(specification);
      FoundOnce.scenarios().forEach(options::addCustomScenario);
      options.check(getClass());
    }
  }

  /** Checks one scenario, in more interleavings than the others. */
  final void checkThoroughly(
      ExecutionScenario scenario, Class<? extends ChannelSpecification> specification) {
    Scenarios.checking()
        .iterations(0)
        .invocationsPerIteration(THOROUGH)
        .sequentialSpecification(specification)
        .addCustomScenario(scenario)
        .check(getClass());
  }
}
