package dev.circulate.internal;

import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.Arm.Direction;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One alts: several operations of which exactly one happens. Used once, by one thread.
 *
 * <p>Three passes, as in Go's {@code select}:
 *
 * <ol>
 *   <li><b>Look</b>: each operation is tried by itself, in random order or the order given. The
 *       usual case ends here, without a lock on a buffered channel and without anything registered.
 *   <li><b>Queue</b>: all channels are locked, in an order common to everybody; each operation is
 *       tried once more; if none can happen an {@link Arm} is queued at every channel, and all
 *       locks are released. While this alts tries to match somebody, no arm of its own is visible
 *       yet. So a match needs one compare-and-set, on the other's waiter: two alts that meet on
 *       several channels, in whatever cycle, cannot wait for, nor undo, each other.
 *   <li><b>Wait</b>, then take the arms that were not chosen out of their queues.
 * </ol>
 *
 * <p>A lock-free put that slipped in between the second try and the queueing is found by settling
 * each channel again before the locks are released (see {@link Kernel}).
 */
public final class Selection {
  /**
   * One operation, before it waits.
   *
   * @param port what the user named; held because a proxy lives as long as somebody uses it
   */
  private record Operation(
      Object port, LocalChannel<Object> channel, Direction direction, @Nullable Object item) {
    /** Null if it cannot happen now; else a value, {@link Signal#CLOSED} or {@link Signal#PUT}. */
    @Nullable Object attempt() {
      return item == null ? channel.tryTake() : outcome(channel.tryPut(item));
    }

    /** The same, with the channel's lock held. */
    @Nullable Object attemptLocked() {
      return item == null ? channel.takeLocked() : channel.putLocked(item);
    }

    static @Nullable Object outcome(@Nullable Object put) {
      return put == null ? Signal.PUT : put == Signal.FULL ? null : put;
    }
  }

  /** An operation that waits, on behalf of the alts. */
  private static final class AltsArm extends Arm {
    private final Waiter waiter;
    private final int index;

    AltsArm(Operation operation, Waiter waiter, int index) {
      super(operation.channel, operation.direction, operation.item);
      this.waiter = waiter;
      this.index = index;
    }

    @Override
    Waiter waiter() {
      return waiter;
    }
  }

  private static final int NONE = -1;

  private final List<Operation> operations = new ArrayList<>(4);
  private boolean priority;
  private int chosen = NONE;
  private @Nullable Object outcome;

  /** Adds the operation that takes from a port. */
  public <T> void take(ReadPort<T> port) {
    Objects.requireNonNull(port, "port");
    if (!(port instanceof TakeSide<?> side)) {
      throw new IllegalArgumentException(
          "an alts takes from this library's channels, not from " + port);
    }
    operations.add(new Operation(port, untyped(side.takeSide()), Direction.TAKE, null));
  }

  /** Adds the operation that puts a value. */
  public <T> void put(WritePort<? super T> port, T value) {
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(value, "null cannot be put into a channel");
    if (!(port instanceof PutSide<?> side)) {
      throw new IllegalArgumentException("an alts puts to this library's channels, not to " + port);
    }
    operations.add(new Operation(port, untyped(side.putSide()), Direction.PUT, value));
  }

  @SuppressWarnings("unchecked")
  private static LocalChannel<Object> untyped(LocalChannel<?> channel) {
    return (LocalChannel<Object>) channel;
  }

  /** Says that of several ready operations the first is chosen, not one at random. */
  public void prioritize() {
    priority = true;
  }

  /** How many operations there are. */
  public int size() {
    return operations.size();
  }

  /**
   * Does one of the operations if one can happen now.
   *
   * @return its index in the order in which they were added; -1 if none could
   */
  public int attempt() {
    int[] order = order();
    for (int i : order) {
      Object result = operations.get(i).attempt();
      if (result != null) {
        return chosen(i, result);
      }
    }
    return NONE;
  }

  /**
   * Does one of the operations, waiting until one can happen or the moment comes.
   *
   * @return its index in the order in which they were added; -1 if the moment came first
   */
  public int await(long moment) throws InterruptedException {
    try {
      return awaitOne(moment);
    } finally {
      Reference.reachabilityFence(operations);
    }
  }

  private int awaitOne(long moment) throws InterruptedException {
    int ready = attempt();
    if (ready != NONE || Time.passed(moment)) {
      return ready;
    }
    ThreadWaiter.Choosing waiter = new ThreadWaiter.Choosing();
    AltsArm[] arms = new AltsArm[operations.size()];
    for (int i = 0; i < arms.length; i++) {
      arms[i] = new AltsArm(operations.get(i), waiter, i);
    }
    waiter.waitsFor(arms);
    ready = matchOrQueue(arms);
    if (ready != NONE) {
      return ready;
    }
    return switch (waiter.await(moment)) {
      case DONE -> {
        AltsArm arm = (AltsArm) waiter.chosen();
        leaveAll(arms);
        yield chosen(
            arm.index, arm.direction == Direction.PUT ? Operation.outcome(arm.item) : arm.item);
      }
      case TIMED_OUT -> {
        leaveAll(arms);
        yield NONE;
      }
      case INTERRUPTED -> {
        leaveAll(arms);
        throw new InterruptedException(
            "interrupted in an alts over " + arms.length + " operations");
      }
    };
  }

  /** Whether the chosen operation found its channel closed. */
  public boolean isClosed() {
    return outcome == Signal.CLOSED;
  }

  /** Throws what the channel of the chosen operation was closed with, if that was to take. */
  public void throwCause() {
    Operation done = operations.get(chosen);
    if (isClosed() && done.direction == Direction.TAKE) {
      done.channel.throwCause();
    }
  }

  /** What the chosen operation took; null if it put or found its channel closed. */
  public @Nullable Object value() {
    return outcome == Signal.PUT || outcome == Signal.CLOSED ? null : outcome;
  }

  /** The second pass: the index of an operation that happened, or NONE with all arms queued. */
  private int matchOrQueue(AltsArm[] arms) {
    List<LocalChannel<Object>> channels = channelsInLockOrder();
    int ready = NONE;
    Object result = null;
    channels.forEach(Kernel::acquire);
    for (int i : order()) {
      result = operations.get(i).attemptLocked();
      if (operations.get(i).direction == Direction.TAKE ? result != null : result != Signal.FULL) {
        ready = i;
        break;
      }
    }
    if (ready == NONE) {
      for (AltsArm arm : arms) {
        operations.get(arm.index).channel.enqueue(arm);
      }
      channels.forEach(Kernel::settle);
    }
    List<Arm> chains = new ArrayList<>(channels.size());
    for (LocalChannel<Object> channel : channels) {
      Arm chain = channel.release();
      if (chain != null) {
        chains.add(chain);
      }
    }
    chains.forEach(Kernel::wake);
    if (ready == NONE) {
      channels.forEach(LocalChannel::demandChanged);
      return NONE;
    }
    Operation done = operations.get(ready);
    return chosen(
        ready,
        done.direction == Direction.PUT
            ? Operation.outcome(done.channel.reported(result))
            : result);
  }

  private int chosen(int index, @Nullable Object result) {
    chosen = index;
    outcome = result;
    return index;
  }

  private static void leaveAll(AltsArm[] arms) {
    for (AltsArm arm : arms) {
      if (arm.next != null && arm.channel instanceof LocalChannel<?> channel) {
        channel.abandon(arm);
      }
    }
  }

  private List<LocalChannel<Object>> channelsInLockOrder() {
    List<LocalChannel<Object>> channels = new ArrayList<>(operations.size());
    for (Operation operation : operations) {
      channels.add(operation.channel);
    }
    channels.sort(Comparator.comparingLong(Kernel::order));
    LocalChannel<Object> previous = null;
    for (int i = channels.size() - 1; i >= 0; i--) {
      LocalChannel<Object> channel = channels.get(i);
      if (channel == previous) {
        channels.remove(i);
      }
      previous = channel;
    }
    return channels;
  }

  /** The order in which to try: as given, or any permutation with equal probability. */
  private int[] order() {
    int[] order = new int[operations.size()];
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
      if (!priority) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
    }
    return order;
  }
}
