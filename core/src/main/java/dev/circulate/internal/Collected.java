package dev.circulate.internal;

import java.lang.ref.Cleaner;

/** Tells when an object can no longer be reached. */
public final class Collected {
  private static final Cleaner CLEANER = Cleaner.create();

  private Collected() {}

  /**
   * Runs a task some time after an object became unreachable, in a thread that all such tasks
   * share: it must neither block nor refer to the object.
   *
   * @return runs the task now, and keeps what that refers to no longer
   */
  public static Cleaner.Cleanable watch(Object object, Runnable task) {
    return CLEANER.register(object, task);
  }
}
