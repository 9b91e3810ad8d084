package dev.circulate.internal;

import org.jspecify.annotations.Nullable;

/** That a channel was closed, and why; set once. */
final class Closing {
  /** A close without a cause. */
  static final Closing PLAIN = new Closing(null);

  private final @Nullable Throwable cause;
  private volatile boolean seen;
  private volatile @Nullable Runnable onSeen;

  Closing(@Nullable Throwable cause) {
    this.cause = cause;
  }

  /** A close with a cause, or without. */
  static Closing of(@Nullable Throwable cause) {
    return cause == null ? PLAIN : new Closing(cause);
  }

  /** The cause, which from now on counts as seen by somebody. */
  @Nullable Throwable cause() {
    if (cause != null && !seen) {
      seen = true;
      Runnable task = onSeen;
      if (task != null) {
        task.run();
      }
    }
    return cause;
  }

  /** Runs a task, perhaps more than once, when the cause is first seen; set before it can be. */
  void whenSeen(Runnable task) {
    onSeen = task;
  }

  boolean wasSeen() {
    return seen;
  }
}
