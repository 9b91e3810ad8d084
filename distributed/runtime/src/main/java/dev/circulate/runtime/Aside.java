package dev.circulate.runtime;

import dev.circulate.internal.Uncaught;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Does one thing after the other in a go block, which lasts as long as there is something to do:
 * for what may run the program's code, where the thread that comes to it must not, since that may
 * wait for what the thread is to bring.
 *
 * <p>Safe for use by several threads.
 */
final class Aside {
  private final Executor blocks;

  /** Guarded by this, as the flag is. */
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  private boolean atWork;

  /**
   * Nothing to do yet.
   *
   * @param blocks runs each task in a go block of its own
   */
  Aside(Executor blocks) {
    this.blocks = blocks;
  }

  /** Does something after all that was to be done before. */
  void add(Runnable task) {
    synchronized (this) {
      tasks.add(task);
      if (atWork) {
        return;
      }
      atWork = true;
    }
    blocks.execute(this::work);
  }

  private void work() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (Throwable e) {
        Uncaught.report("what a peer has asked for", e);
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable task = tasks.poll();
    atWork = task != null;
    return task;
  }
}
