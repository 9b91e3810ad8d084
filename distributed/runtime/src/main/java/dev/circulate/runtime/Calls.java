package dev.circulate.runtime;

import org.jspecify.annotations.Nullable;

/** The calls of one session that wait for their answer, in both directions. */
final class Calls {
  private int underWay;
  private @Nullable Runnable onNone;

  synchronized void begun() {
    underWay++;
  }

  void ended() {
    Runnable task;
    synchronized (this) {
      underWay--;
      task = taskIfNone();
    }
    if (task != null) {
      task.run();
    }
  }

  /** Runs a task, which must not block, as soon as no call is under way. */
  void whenNone(Runnable task) {
    Runnable now;
    synchronized (this) {
      onNone = task;
      now = taskIfNone();
    }
    if (now != null) {
      now.run();
    }
  }

  private @Nullable Runnable taskIfNone() {
    return underWay == 0 ? onNone : null;
  }
}
