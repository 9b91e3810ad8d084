package dev.circulate.rabbitmq;

import dev.circulate.Buffer;
import dev.circulate.ReadPort;
import dev.circulate.internal.ForwardingReadPort;
import dev.circulate.internal.GoBlock;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.TakeSide;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The taking side of a {@link WorkQueue} as a port: what comes waits here, and belongs to the go
 * block that takes it.
 */
final class WorkTakes<T>
    implements ForwardingReadPort<Work<T>>, TakeSide<Work<T>>, Consumer.Receiver<T> {
  private final DurableQueue queue;
  private final int atOnce;
  private final Holdings<T> holdings;

  /** What nobody has taken yet: no more than the broker gives at once. */
  private final LocalChannel<Work<T>> arrived;

  WorkTakes(WorkQueue<T> work, int atOnce, Holdings<T> holdings) {
    this.queue = work.queue();
    this.atOnce = atOnce;
    this.holdings = holdings;
    this.arrived =
        LocalChannel.open(
            new Buffer.Unbounded(), "takes of " + queue, left -> left.delivery().putBack());
  }

  // ---- what comes

  @Override
  public boolean came(Delivery<T> delivery) {
    Work<T> work = delivery.readable();
    if (work == null) {
      GoBlock.background("work of " + queue, delivery::setAside);
      return true;
    }
    return arrived.offer(work);
  }

  @Override
  public void lost() {
    for (Work<T> work : arrived.drain(Integer.MAX_VALUE)) {
      work.delivery().lost();
    }
  }

  @Override
  public void ended() {
    arrived.cancel();
  }

  // ---- taking

  @Override
  public ReadPort<Work<T>> source() {
    return arrived;
  }

  private @Nullable Work<T> taken(@Nullable Work<T> work) {
    if (work != null) {
      holdings.taken(work.delivery());
    }
    return work;
  }

  @Override
  public @Nullable Work<T> take() throws InterruptedException {
    if (holdings.mine() >= atOnce) {
      throw new IllegalStateException(
          "this go block has taken %d values of %s and is done with none of them, and no more are given at once"
              .formatted(atOnce, queue));
    }
    return taken(arrived.take());
  }

  @Override
  public @Nullable Work<T> poll() {
    return taken(arrived.poll());
  }

  @Override
  public @Nullable Work<T> poll(Duration timeout) throws InterruptedException {
    return taken(arrived.poll(timeout));
  }

  @Override
  public List<Work<T>> drain(int most) {
    List<Work<T>> drained = arrived.drain(most);
    drained.forEach(this::taken);
    return drained;
  }

  @Override
  public LocalChannel<Work<T>> takeSide() {
    return arrived;
  }

  @Override
  @SuppressWarnings("unchecked")
  public Object asTaken(Object value) {
    taken((Work<T>) value);
    return value;
  }

  @Override
  public void giveBack(Work<T> work) {
    holdings.givenBack(work.delivery());
    arrived.giveBack(work);
  }

  /** Nothing that can be sent: a peer's take would be acknowledged by nobody. */
  @Override
  public Object beneath() {
    return toString();
  }

  @Override
  public String toString() {
    return arrived.toString();
  }
}
