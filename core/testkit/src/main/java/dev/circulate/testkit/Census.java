package dev.circulate.testkit;

import dev.circulate.internal.BlockCensus;
import dev.circulate.internal.Parked;
import dev.circulate.testkit.ManualTime.Sleep;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The go blocks that started since the test time was installed, from before their first step to
 * after their last.
 *
 * <p><b>When does every block wait?</b> Each park is an object of its own, used once: it begins
 * when the block is about to park and ends, for good, when the block is given what it waits for or
 * runs again. What the thread's state says is not asked: a thread that was woken while it parked is
 * "waiting" for a moment more, when whoever woke it may have come to rest already. So if the same
 * blocks are seen in the same parks twice, and none started or ended between, there was a moment,
 * after the last block was seen for the first time and before the first was seen for the second
 * time, at which all were waiting: nobody was left to wake anybody.
 */
final class Census implements BlockCensus {
  private static final int FRAMES = 8;

  private final ManualTime time;
  private final Set<Thread> alive = ConcurrentHashMap.newKeySet();
  private final AtomicLong changes = new AtomicLong();

  /** Threads are numbered in the order in which they are made. */
  private final long firstThread = Thread.ofVirtual().unstarted(() -> {}).threadId();

  Census(ManualTime time) {
    this.time = time;
  }

  @Override
  public void started(Thread block) {
    alive.add(block);
    changes.incrementAndGet();
  }

  @Override
  public void ended(Thread block) {
    alive.remove(block);
    changes.incrementAndGet();
  }

  int alive() {
    return alive.size();
  }

  /** Whether there was a moment of this call at which every block waited. */
  boolean allWait() {
    long before = changes.get();
    IdentityHashMap<Thread, Sleep> first = waits();
    return first != null && first.equals(waits()) && changes.get() == before;
  }

  /** What each block waits for; null if one does not wait. */
  private @Nullable IdentityHashMap<Thread, Sleep> waits() {
    IdentityHashMap<Thread, Sleep> waits = new IdentityHashMap<>();
    for (Thread block : alive) {
      Sleep wait = waitOf(block);
      if (wait == null) {
        return null;
      }
      waits.put(block, wait);
    }
    return waits;
  }

  private @Nullable Sleep waitOf(Thread block) {
    Sleep sleep = time.sleep(block);
    return sleep == null
            || block.isInterrupted()
            || time.isPast(sleep.moment())
            || sleep.until().isOver()
        ? null
        : sleep;
  }

  /** What other threads that began since the time was installed wait for at a channel. */
  List<String> otherWaits() {
    return time.parked().stream()
        .filter(thread -> thread.threadId() > firstThread && !alive.contains(thread))
        .map(Parked::describe)
        .filter(Objects::nonNull)
        .map(
            wait ->
                "thread '%s' #%d waits to %s"
                    .formatted(wait.name(), wait.threadId(), wait.operation()))
        .toList();
  }

  /** Each block that has not ended: what it waits for, or where it is. */
  String listing() {
    return String.join("\n", lines());
  }

  List<String> lines() {
    return alive.stream().map(Census::line).toList();
  }

  private static String line(Thread block) {
    var waiting = Parked.describe(block);
    if (waiting != null) {
      return waiting.toString();
    }
    StringBuilder text = new StringBuilder("go block");
    text.append(block.getName().isEmpty() ? "" : " '" + block.getName() + "'");
    text.append(" #").append(block.threadId()).append(" does not wait for a channel; it is");
    StackTraceElement[] trace = block.getStackTrace();
    for (int i = 0; i < trace.length && i < FRAMES; i++) {
      text.append("\n    at ").append(trace[i]);
    }
    return text.toString();
  }
}
