package dev.circulate.rabbitmq;

import dev.circulate.Csp;

/** Starts a go block for each value that comes, which is done with when the block ends well. */
final class Workers<T> implements Consumer.Receiver<T> {
  private final String name;
  private final WorkQueue.Worker<T> worker;
  private final Holdings<T> holdings;
  private volatile boolean ended;

  Workers(WorkQueue<T> work, WorkQueue.Worker<T> worker, Holdings<T> holdings) {
    this.name = "work of " + work.queue();
    this.worker = worker;
    this.holdings = holdings;
  }

  @Override
  public boolean came(Delivery<T> delivery) {
    if (ended) {
      return false; // it came between a close and the broker's hearing of it
    }
    Csp.go(name, () -> work(delivery));
    return true;
  }

  private void work(Delivery<T> delivery) throws Exception {
    holdings.taken(delivery);
    Work<T> work = delivery.readable();
    if (work == null) {
      delivery.setAside();
    } else {
      worker.work(work);
    }
  }

  @Override
  public void lost() {
    // each was begun, and its block goes on
  }

  @Override
  public void ended() {
    ended = true;
  }
}
