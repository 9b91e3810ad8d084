package dev.circulate.internal;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Runs what is due, each at its moment, as the test moves the clock. */
final class SteppedTimers implements FarTimers.Exact {
  /** A task and its moment. */
  record Due(long moment, Runnable task) {}

  final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::moment));
  long now;

  /** How many were scheduled at all. */
  int scheduled;

  @Override
  public Time.Timer schedule(long wait, Runnable task) {
    Due timer = new Due(now + Math.max(0, wait), task);
    due.add(timer);
    scheduled++;
    return () -> due.remove(timer);
  }

  void advanceTo(long moment) {
    while (!due.isEmpty() && due.peek().moment <= moment) {
      Due next = due.remove();
      now = Math.max(now, next.moment);
      next.task.run();
    }
    now = moment;
  }
}
