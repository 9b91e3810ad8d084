package dev.circulate.rabbitmq;

import dev.circulate.internal.GoBlock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Starts a go block for each value that comes, which is done with when the block ends well.
 *
 * <p>The broker gives no more at once than may be worked on. But when it was lost it gives again
 * what is still worked on here, and more beside: so what comes then waits here.
 */
final class Workers<T> implements Consumer.Receiver<T> {
  private final String name;
  private final int atOnce;
  private final WorkQueue.Worker<T> worker;
  private final Holdings<T> holdings;

  /** What came while as many were worked on as may be; guarded by this. */
  private final Queue<Delivery<T>> waiting = new ArrayDeque<>();

  /** How many are worked on; guarded by this. */
  private int busy;

  /** Guarded by this. */
  private boolean ended;

  Workers(WorkQueue<T> work, int atOnce, WorkQueue.Worker<T> worker, Holdings<T> holdings) {
    this.name = "work of " + work.queue();
    this.atOnce = atOnce;
    this.worker = worker;
    this.holdings = holdings;
  }

  @Override
  public synchronized boolean came(Delivery<T> delivery) {
    if (ended) {
      return false; // it came between a close and the broker's hearing of it
    }
    if (busy < atOnce) {
      busy++;
      begin(delivery);
    } else {
      waiting.add(delivery);
    }
    return true;
  }

  private void begin(Delivery<T> delivery) {
    GoBlock.background(name, () -> work(delivery));
  }

  private void work(Delivery<T> delivery) throws Exception {
    try {
      holdings.taken(delivery);
      Work<T> work = delivery.readable();
      if (work == null) {
        delivery.setAside();
      } else {
        worker.work(work);
      }
    } finally {
      beginNext();
    }
  }

  private synchronized void beginNext() {
    @Nullable Delivery<T> next = waiting.poll();
    if (next == null) {
      busy--;
    } else {
      begin(next);
    }
  }

  /** Each that was begun goes on. */
  @Override
  public void lost() {
    notBegun().forEach(Delivery::lost);
  }

  @Override
  public void ended() {
    synchronized (this) {
      ended = true;
    }
    notBegun().forEach(Delivery::putBack);
  }

  /** What will not be begun here. */
  private synchronized List<Delivery<T>> notBegun() {
    List<Delivery<T>> left = List.copyOf(waiting);
    waiting.clear();
    return left;
  }
}
