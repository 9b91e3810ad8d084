package dev.circulate.internal;

import dev.circulate.WaitingBlock;
import dev.circulate.WaitingBlock.Operation;
import dev.circulate.WaitingBlock.Wait;
import dev.circulate.internal.Arm.Direction;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The go blocks that have ever parked on a channel, weakly, and what they wait for now.
 *
 * <p>A block enters when it parks for the first time and leaves when it ends, so one that never
 * parks costs nothing. From its thread the way leads to the thread's blocker, which is the {@link
 * ThreadWaiter} of the operation, and from there to the channels.
 */
public final class Parked extends WeakReference<Thread> {
  private static final Set<Parked> ALL = ConcurrentHashMap.newKeySet();
  private static final ReferenceQueue<Thread> COLLECTED = new ReferenceQueue<>();

  /** One moment in two scales, so that the same wait always has the same date. */
  @SuppressWarnings("TimeInStaticInitializer") // a point to count from
  private static final Instant BEGIN = Instant.now();

  private static final long BEGIN_NANOS = System.nanoTime();

  /** For its waits that have a limit; made for the first one. */
  private @Nullable Alarm alarm;

  private Parked(Thread thread) {
    super(thread, COLLECTED);
  }

  static Parked enter(Thread thread) {
    for (Reference<?> gone = COLLECTED.poll(); gone != null; gone = COLLECTED.poll()) {
      ((Parked) gone).leave();
    }
    Parked entry = new Parked(thread);
    ALL.add(entry);
    return entry;
  }

  void leave() {
    ALL.remove(this);
    if (alarm != null) {
      alarm.end();
    }
  }

  /** The alarm that wakes this block, which does not keep its thread. */
  Alarm alarm(Alarm.Timers timers, LongSupplier clock) {
    if (alarm == null) {
      alarm = new Alarm(timers, clock, () -> LockSupport.unpark(get()));
    }
    return alarm;
  }

  /** The go blocks that wait for a channel: each was waiting when it was looked at. */
  public static Stream<WaitingBlock> blocks() {
    return ALL.stream()
        .map(WeakReference::get)
        .filter(Objects::nonNull)
        .mapMulti(
            (thread, each) -> {
              WaitingBlock block = describe(thread);
              if (block != null) {
                each.accept(block);
              }
            });
  }

  /** Ends a wait without an outcome; false if there is one already, or it is none of ours. */
  public static boolean giveUp(Time.Wait wait) {
    return wait instanceof ThreadWaiter waiter && waiter.giveUp();
  }

  private static @Nullable ThreadWaiter waiterOf(Thread thread) {
    return LockSupport.getBlocker(thread) instanceof ThreadWaiter waiter && waiter.isParked()
        ? waiter
        : null;
  }

  /** What a go block's thread waits for; null if it does not wait for a channel. */
  public static @Nullable WaitingBlock describe(Thread thread) {
    ThreadWaiter waiter = waiterOf(thread);
    if (waiter == null) {
      return null;
    }
    return new WaitingBlock(
        thread.getName(),
        thread.threadId(),
        waits(waiter),
        BEGIN.plusNanos(waiter.parkedAt() - BEGIN_NANOS),
        Objects.toIdentityString(waiter));
  }

  static List<Wait> waits(ThreadWaiter waiter) {
    return waiter.arms().stream().map(Parked::wait).toList();
  }

  private static Wait wait(Arm arm) {
    return new Wait(
        arm.direction == Direction.TAKE ? Operation.TAKE : Operation.PUT,
        String.valueOf(arm.channel));
  }
}
