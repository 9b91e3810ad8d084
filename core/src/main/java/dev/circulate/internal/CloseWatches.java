package dev.circulate.internal;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who wants to be told, without a thread that waits, that a channel was closed or cancelled. */
final class CloseWatches {
  /** One who is to be told, told apart from others by being this object. */
  private final class Watch implements Pending {
    private final Runnable task;

    Watch(Runnable task) {
      this.task = task;
    }

    @Override
    public boolean withdraw() {
      return remove(this);
    }
  }

  // both guarded by this

  /** Who watches alone, as nearly all do: a service, over the reply channel of its caller. */
  private @Nullable Watch only;

  /** All of them, once there were several. */
  private @Nullable Set<Watch> several;

  /** Keeps a task until it is run or withdrawn. */
  synchronized Pending add(Runnable task) {
    Watch watch = new Watch(task);
    if (several != null) {
      several.add(watch);
    } else if (only == null) {
      only = watch;
    } else {
      several = new LinkedHashSet<>(List.of(only, watch));
      only = null;
    }
    return watch;
  }

  @SuppressWarnings("ReferenceEquality") // a watch is this object
  private synchronized boolean remove(Watch watch) {
    if (several != null) {
      return several.remove(watch);
    }
    boolean there = only == watch;
    if (there) {
      only = null;
    }
    return there;
  }

  /**
   * Runs what is kept, each task once, however many threads call this. A task can come to a
   * program's code: where that throws, the others are told all the same.
   */
  void fire() {
    due().forEach(CloseWatches::tell);
  }

  private static void tell(Watch watch) {
    try {
      watch.task.run();
    } catch (Throwable e) {
      Uncaught.report("what was to be done when a channel closed", e);
    }
  }

  private synchronized Collection<Watch> due() {
    Collection<Watch> due = several != null ? several : only != null ? List.of(only) : List.of();
    several = null;
    only = null;
    return due;
  }
}
