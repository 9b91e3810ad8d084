package dev.circulate.internal;

import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.Arm.Direction;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Arrays;
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
 * <p>The arms are kept in the order of the last pass, which is shuffled while it goes: an alts
 * whose second arm is ready draws no more than two random numbers.
 *
 * <p>A lock-free put that slipped in between the second try and the queueing is found by settling
 * each channel again before the locks are released (see {@link Kernel}).
 */
public final class Selection {
  /** One operation; queued at its channel only if the alts has to wait. */
  private static final class AltsArm extends Arm {
    /** What the user named; held because a proxy lives as long as somebody uses it. */
    private final Object port;

    private final LocalChannel<Object> target;

    /** Its place among the operations as they were added. */
    private final int index;

    /** Written before this is queued. */
    private @Nullable Waiter waiter;

    /** Written under the channel's lock; read once this arm was chosen. */
    private @Nullable Object outcome;

    AltsArm(
        Object port,
        LocalChannel<Object> target,
        Direction direction,
        @Nullable Object item,
        int index) {
      super(target, direction, item);
      this.port = port;
      this.target = target;
      this.index = index;
    }

    /** Null if it cannot happen now; else a value, {@link Signal#CLOSED} or {@link Signal#PUT}. */
    @Nullable Object attempt() {
      return item == null ? target.tryTake() : putOutcome(target.tryPut(item));
    }

    /** The same with the channel's lock held, but for what {@link #settled} has to do after it. */
    @Nullable Object attemptLocked() {
      if (item == null) {
        return target.takeLocked();
      }
      Object refused = target.putLocked(item);
      return refused == null ? Signal.PUT : refused == Signal.FULL ? null : refused;
    }

    /** What an attempt under the lock came to, once no lock is held. */
    Object settled(Object result) {
      return item == null || result == Signal.PUT || result == Signal.CLOSED
          ? result
          : Objects.requireNonNull(putOutcome(target.reported(result)));
    }

    /** Called once this was chosen and has happened, with no lock held. */
    void follow(Object result, Selection alts) {
      if (result == Signal.PUT) {
        ((PutSide<?>) port).afterPut(Objects.requireNonNull(item), alts);
      }
    }

    private static @Nullable Object putOutcome(@Nullable Object refused) {
      return refused == null ? Signal.PUT : refused == Signal.FULL ? null : refused;
    }

    @Override
    Waiter waiter() {
      return Objects.requireNonNull(waiter);
    }

    @Override
    Completed complete(Object outcome) {
      this.outcome = outcome;
      return waiter().complete(this);
    }
  }

  private static final int NONE = -1;

  private static final Comparator<AltsArm> LOCK_ORDER =
      (one, other) -> Long.compare(one.target.order(), other.target.order());

  private AltsArm[] arms = new AltsArm[4];
  private int size;
  private boolean priority;
  private boolean waits;

  /** Until when it waits, if it does. */
  private long moment;

  private @Nullable AltsArm chosen;
  private @Nullable Object outcome;

  /** Adds the operation that takes from a port. */
  public <T> void take(ReadPort<T> port) {
    TakeSide<T> side = TakeSide.of(Objects.requireNonNull(port, "port"), "an alts");
    add(port, side.takeSide(), Direction.TAKE, null);
  }

  /** Adds the operation that puts a value. */
  public <T> void put(WritePort<? super T> port, T value) {
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(value, "null cannot be put into a channel");
    PutSide<? super T> side = PutSide.of(port, "an alts");
    add(port, side.putSide(), Direction.PUT, side.asPut(value));
  }

  @SuppressWarnings("unchecked")
  private void add(
      Object port, LocalChannel<?> channel, Direction direction, @Nullable Object item) {
    if (size == arms.length) {
      arms = Arrays.copyOf(arms, 2 * size);
    }
    arms[size] = new AltsArm(port, (LocalChannel<Object>) channel, direction, item, size);
    size++;
  }

  /** Says that of several ready operations the first is chosen, not one at random. */
  public void prioritize() {
    priority = true;
  }

  /** How many operations there are. */
  public int size() {
    return size;
  }

  /**
   * Does one of the operations if one can happen now.
   *
   * @return its index in the order in which they were added; -1 if none could
   */
  public int attempt() {
    for (int tried = 0; tried < size; tried++) {
      AltsArm arm = next(tried);
      Object result = arm.attempt();
      if (result != null) {
        return choose(arm, result);
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
    this.moment = moment;
    waits = true;
    try {
      return awaitOne();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private int awaitOne() throws InterruptedException {
    int ready = attempt();
    if (ready != NONE || Time.passed(moment)) {
      return ready;
    }
    int spins = patience();
    ThreadWaiter.Choosing waiter = new ThreadWaiter.Choosing(this);
    ready = matchOrQueue(waiter);
    if (ready != NONE) {
      return ready;
    }
    return switch (waiter.await(moment, spins)) {
      case DONE -> {
        AltsArm arm = (AltsArm) waiter.outcome();
        leaveAll();
        yield choose(arm, Objects.requireNonNull(arm.outcome));
      }
      case TIMED_OUT -> {
        leaveAll();
        yield NONE;
      }
      case INTERRUPTED -> {
        leaveAll();
        throw new InterruptedException("interrupted in an alts over " + size + " operations");
      }
    };
  }

  /** Until when it waits, or would have if nothing had been ready: now, if it does not wait. */
  public long moment() {
    return waits ? moment : Time.after(Duration.ZERO);
  }

  /** The index of the operation that was chosen, also if its port then failed; -1 if none was. */
  public int chosen() {
    return chosen == null ? NONE : chosen.index;
  }

  /** Whether the chosen operation found its channel closed. */
  public boolean isClosed() {
    return outcome == Signal.CLOSED;
  }

  /** The port of the chosen operation, once that found it closed. */
  public Object closedPort() {
    return Objects.requireNonNull(chosen, "nothing was chosen").port;
  }

  /** Throws what the channel of the chosen operation was closed with, if that was to take. */
  public void throwCause() {
    if (isClosed() && chosen != null && chosen.direction == Direction.TAKE) {
      chosen.target.throwCause();
    }
  }

  /** What the chosen operation took; null if it put or found its channel closed. */
  public @Nullable Object value() {
    if (outcome == null || outcome == Signal.PUT || outcome == Signal.CLOSED) {
      return null;
    }
    return chosen != null && chosen.port instanceof TakeSide<?> side
        ? side.asTaken(outcome)
        : outcome;
  }

  /** For whoever looks at an alts that waits: nothing moves in it meanwhile. */
  List<Arm> armsAsAdded() {
    return Arrays.stream(arms, 0, size)
        .sorted(Comparator.comparingInt(arm -> arm.index))
        .<Arm>map(arm -> arm)
        .toList();
  }

  private int patience() {
    return size == 0 ? Time.current().patience() : arms[0].target.patience();
  }

  /** The second pass: the index of an operation that happened, or NONE with all arms queued. */
  private int matchOrQueue(Waiter waiter) {
    AltsArm[] distinct = oneForEachChannel();
    acquire(distinct);
    AltsArm ready = null;
    Object result = null;
    for (int tried = 0; tried < size && result == null; tried++) {
      ready = next(tried);
      result = ready.attemptLocked();
    }
    if (result == null) {
      queue(waiter, distinct);
    }
    Arm woken = null;
    for (AltsArm arm : distinct) {
      woken = Kernel.joined(arm.target.release(), woken);
    }
    Kernel.wake(woken);
    if (ready != null && result != null) {
      return choose(ready, ready.settled(result));
    }
    for (AltsArm arm : distinct) {
      arm.target.demandChanged();
    }
    return NONE;
  }

  private static void acquire(AltsArm[] distinct) {
    if (distinct.length > 0) {
      distinct[0].target.acquire();
    }
    for (int i = 1; i < distinct.length; i++) {
      distinct[i].target.acquireBesides();
    }
  }

  private void queue(Waiter waiter, AltsArm[] distinct) {
    for (int i = 0; i < size; i++) {
      arms[i].waiter = waiter;
      arms[i].target.enqueue(arms[i]);
    }
    for (AltsArm arm : distinct) {
      arm.target.settleQueued();
    }
  }

  private int choose(AltsArm arm, Object result) {
    chosen = arm;
    outcome = result;
    arm.follow(result, this);
    return arm.index;
  }

  private void leaveAll() {
    for (int i = 0; i < size; i++) {
      AltsArm arm = arms[i];
      if (arm.next != null) {
        arm.target.abandon(arm);
      }
    }
  }

  /** An arm for each of the channels, in the order common to everybody. */
  private AltsArm[] oneForEachChannel() {
    // as added they are mostly in order already, and then sorting is linear
    AltsArm[] ordered = new AltsArm[size];
    for (int i = 0; i < size; i++) {
      ordered[arms[i].index] = arms[i];
    }
    Arrays.sort(ordered, LOCK_ORDER);
    int distinct = 0;
    for (AltsArm arm : ordered) {
      if (distinct == 0 || ordered[distinct - 1].target != arm.target) {
        ordered[distinct++] = arm;
      }
    }
    return distinct == size ? ordered : Arrays.copyOf(ordered, distinct);
  }

  /** The arm to try next: as given, or any of those not yet tried with equal probability. */
  private AltsArm next(int tried) {
    AltsArm first = arms[tried];
    if (priority) {
      return first;
    }
    int drawn = ThreadLocalRandom.current().nextInt(tried, size);
    AltsArm arm = arms[drawn];
    arms[drawn] = first;
    arms[tried] = arm;
    return arm;
  }
}
