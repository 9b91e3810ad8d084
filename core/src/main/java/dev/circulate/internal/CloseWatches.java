package dev.circulate.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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
      synchronized (watches) {
        return watches.remove(this);
      }
    }
  }

  private final Set<Watch> watches = new LinkedHashSet<>(4);

  /** Keeps a task until it is run or withdrawn. */
  Pending add(Runnable task) {
    Watch watch = new Watch(task);
    synchronized (watches) {
      watches.add(watch);
    }
    return watch;
  }

  /** Runs what is kept, each task once, however many threads call this. */
  void fire() {
    List<Watch> due;
    synchronized (watches) {
      due = new ArrayList<>(watches);
      watches.clear();
    }
    due.forEach(watch -> watch.task.run());
  }
}
