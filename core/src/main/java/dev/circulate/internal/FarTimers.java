package dev.circulate.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Timers that are far off, of which nearly all are cancelled long before their moment: the deadline
 * of a call, the limit of a wait.
 *
 * <p>An executor keeps all its timers in one exact order, behind one lock, and wakes its thread
 * when another becomes the first. Here a timer stands in a slot, with those whose moment is near
 * its own, in no order: to schedule and to cancel is to add to a concurrent set and to remove from
 * it. Before the first moment of a slot the executor hands over what is left in it, each to a
 * narrower slot, and at last to the executor itself, which is exact.
 *
 * <p>A slot is an eighth as wide as its timers are far off, or somewhat less, so that there are few
 * of them however far that is.
 */
final class FarTimers {
  /** What is nearer than some 268 ms is the executor's. */
  private static final int NEAREST_BITS = 28;

  /** A slot's width is this many bits less than the distance. */
  private static final int NARROWER = 3;

  /** Which slot: the moments from {@code number << bits} on, {@code 1 << bits} wide. */
  private record Key(int bits, long number) {
    long start() {
      return number << bits;
    }
  }

  /** What runs tasks at their moments. */
  @FunctionalInterface
  interface Exact {
    /** Runs a task once after a wait, in nanoseconds, which may have passed. */
    Time.Timer schedule(long wait, Runnable task);
  }

  private final ConcurrentHashMap<Key, Slot> slots = new ConcurrentHashMap<>();
  private final Exact exact;
  private final LongSupplier clock;

  FarTimers(Exact exact, LongSupplier clock) {
    this.exact = exact;
    this.clock = clock;
  }

  /** Whether a wait is long enough for a timer to stand here. */
  static boolean isFar(long nanos) {
    return nanos >>> NEAREST_BITS != 0 && nanos > 0;
  }

  /** Runs a task once when a moment comes that {@link #isFar is far}. */
  Time.Timer schedule(long moment, Runnable task) {
    Entry entry = new Entry(moment, task);
    place(entry, moment - clock.getAsLong());
    return entry;
  }

  private void place(Entry entry, long wait) {
    if (!isFar(wait)) {
      entry.runAfter(wait);
      return;
    }
    int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros(wait) - NARROWER;
    Key key = new Key(bits, entry.moment >> bits);
    Slot slot = slots.get(key);
    if (slot == null) {
      slot = slots.computeIfAbsent(key, this::open);
    }
    slot.add(entry);
  }

  private Slot open(Key key) {
    Slot slot = new Slot();
    long early = key.start() - (1L << key.bits);
    exact.schedule(early - clock.getAsLong(), () -> handOver(key));
    return slot;
  }

  private void handOver(Key key) {
    Slot slot = slots.remove(key);
    if (slot != null) {
      slot.handOver();
    }
  }

  private final class Slot {
    private final Set<Entry> entries = ConcurrentHashMap.newKeySet();

    /** Written before the entries are gone through: who adds one after that sees it. */
    private volatile boolean handedOver;

    void add(Entry entry) {
      entry.slot = this;
      entries.add(entry);
      if (entry.cancelled) {
        entries.remove(entry);
      } else if (handedOver) {
        moveOn(entry);
      }
    }

    void handOver() {
      handedOver = true;
      entries.forEach(this::moveOn);
    }

    private void moveOn(Entry entry) {
      if (entries.remove(entry)) {
        place(entry, entry.moment - clock.getAsLong());
      }
    }
  }

  /** How many timers stand here, for tests. */
  int standing() {
    return slots.values().stream().mapToInt(slot -> slot.entries.size()).sum();
  }

  private final class Entry implements Time.Timer, Runnable {
    private final long moment;
    private final Runnable task;

    /** Where it stands, or stood last. */
    private volatile @Nullable Slot slot;

    /** Once the executor has it. */
    private volatile Time.@Nullable Timer exactly;

    private volatile boolean cancelled;

    Entry(long moment, Runnable task) {
      this.moment = moment;
      this.task = task;
    }

    void runAfter(long wait) {
      Time.Timer timer = exact.schedule(wait, this);
      exactly = timer;
      if (cancelled) {
        timer.cancel();
      }
    }

    @Override
    public void run() {
      if (!cancelled) {
        task.run();
      }
    }

    @Override
    public void cancel() {
      cancelled = true; // whoever is just moving it on sees this, or is seen
      Slot place = slot;
      if (place != null) {
        place.entries.remove(this);
      }
      Time.Timer timer = exactly;
      if (timer != null) {
        timer.cancel();
      }
    }
  }
}
