package dev.circulate.internal;

/** An operation that was begun with a handler. */
@FunctionalInterface
public interface Pending {
  /** One that has ended. */
  Pending DONE = () -> false;

  /**
   * Withdraws the operation.
   *
   * @return true if it was still waiting: it had no effect and its handler will not be called;
   *     false if it has ended or is just ending
   */
  boolean withdraw();
}
