package dev.circulate.http;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.ReadPort;
import java.time.Duration;

/** The requests that are being answered: counted, so that a stop can wait for them. */
final class UnderWay {
  private final Channel<Void> idle = Csp.chan();
  private final Channel<Void> cutOff = Csp.chan();

  /** Guarded by this. */
  private int count;

  /** Guarded by this. */
  private boolean stopping;

  /** Counts a request, unless a stop has begun. */
  synchronized boolean begin() {
    if (stopping) {
      return false;
    }
    count++;
    return true;
  }

  synchronized void end() {
    count--;
    closeIfIdle();
  }

  synchronized int count() {
    return count;
  }

  private void closeIfIdle() {
    if (stopping && count == 0) {
      idle.close();
    }
  }

  /** Closed when those that are still being answered must end. */
  ReadPort<Void> cutOff() {
    return cutOff;
  }

  /**
   * Begins no more, waits for those under way, and then cuts off the rest.
   *
   * @param grace how long to wait
   * @throws InterruptedException if interrupted while waiting
   */
  void stop(Duration grace) throws InterruptedException {
    synchronized (this) {
      stopping = true;
      closeIfIdle();
    }
    try {
      idle.poll(grace);
    } finally {
      cutOff.close();
    }
  }

  /** Waits for those that were cut off to say their last word. */
  void awaitIdle(Duration patience) throws InterruptedException {
    idle.poll(patience);
  }
}
