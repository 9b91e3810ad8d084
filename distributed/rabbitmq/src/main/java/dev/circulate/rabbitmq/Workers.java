package dev.circulate.rabbitmq;

import dev.circulate.Csp;

/** Starts a go block for each value that comes, which is done with when the block ends well. */
final class Workers<T> implements Consumer.Receiver<T> {
  private final String name;
  private final WorkQueue.Worker<T> worker;
  private final Holdings<T> holdings;

  Workers(WorkQueue<T> work, WorkQueue.Worker<T> worker, Holdings<T> holdings) {
    this.name = "work of " + work.queue();
    this.worker = worker;
    this.holdings = holdings;
  }

  @Override
  public void came(Delivery<T> delivery) {
    Csp.go(name, () -> work(delivery));
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
    // the same
  }
}
