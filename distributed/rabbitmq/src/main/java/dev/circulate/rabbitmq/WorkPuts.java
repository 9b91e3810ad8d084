package dev.circulate.rabbitmq;

import dev.circulate.Alts;
import dev.circulate.Buffer;
import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.Selection;
import dev.circulate.internal.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The putting side of a {@link WorkQueue} as a port.
 *
 * <p>Whoever puts hands the value to a carrier, which is there as long as the broker is, and waits
 * until that has the broker's confirm. So who waits in line can give up without a trace, an alts
 * chooses a put only while the broker is there, and no more are on their way than there are
 * carriers. The keeper, a thread that nobody interrupts, has carriers for each connection.
 *
 * <p><b>What the broker will never take</b> costs all carriers their AMQP channel, and the broker
 * does not say which value it was. So the keeper carries each of those that were under way over a
 * channel of its own, and that which loses it again is the one.
 */
final class WorkPuts<T> implements WritePort<T>, PutSide<T> {
  private static final int CARRIERS = 32;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final WorkQueue<T> work;
  private final Duration patience;

  /** Where those who put meet the carriers. */
  private final LocalChannel<Object> handed;

  /** What was under way when its connection was lost. */
  private final Channel<WorkPut> again = Csp.chan(Csp.unbounded());

  private final Channel<Void> closed = Csp.chan();
  private final Refusals refusals;
  private final Thread keeper;

  WorkPuts(WorkQueue<T> work) {
    this.work = work;
    this.patience = work.broker().options().patience();
    this.handed = LocalChannel.open(new Buffer.Rendezvous(), "puts to " + work.queue(), null);
    this.refusals = new Refusals("puts to " + work.queue());
    this.keeper = Thread.ofVirtual().name("keeper of " + this).unstarted(this::keep);
  }

  void start() {
    keeper.start();
  }

  // ---- putting

  @Override
  public boolean put(T value) throws InterruptedException {
    WorkPut put = asPut(value);
    return handed.put(put) && accepted(put, put.await(WorkPut.FOR_EVER));
  }

  @Override
  public boolean offer(T value, Duration timeout) throws InterruptedException {
    WorkPut put = asPut(value);
    long begin = System.nanoTime();
    return handed.offer(put, timeout)
        && accepted(put, put.await(timeout.minusNanos(System.nanoTime() - begin)));
  }

  @Override
  public boolean offer(T value) {
    WorkPut put = asPut(value);
    return handed.offer(put) && accepted(put, put.awaitAnswer());
  }

  private boolean accepted(WorkPut put, boolean safe) {
    IOException refusal = put.refusal();
    if (refusal != null) {
      throw new ChannelFailedException(toString(), refusal);
    }
    return safe;
  }

  @Override
  public boolean isClosed() {
    return handed.isClosed();
  }

  @Override
  public WorkPut asPut(T value) {
    return new WorkPut(work.body().write(Objects.requireNonNull(value, "value")), patience);
  }

  /** What goes in there is {@link #asPut} of a value. */
  @Override
  @SuppressWarnings("unchecked")
  public LocalChannel<T> putSide() {
    return (LocalChannel<T>) (LocalChannel<?>) handed;
  }

  @Override
  public void afterPut(Object put, Selection alts) {
    WorkPut chosen = (WorkPut) put;
    if (!accepted(chosen, chosen.awaitSafe(left(alts.moment())))) {
      throw new ChannelFailedException(
          toString(),
          new IOException(
              "closed, late or interrupted before the broker confirmed: it may be there"));
    }
  }

  private static Duration left(long moment) {
    return moment == Time.NEVER
        ? WorkPut.FOR_EVER
        : Duration.ofNanos(moment - Time.current().nanoTime());
  }

  /** A peer's put would be accepted before the broker has it. */
  @Override
  public boolean canBeSent() {
    return false;
  }

  // ---- carrying

  private void keep() {
    Duration pause = FIRST_PAUSE;
    while (!closed.isClosed()) {
      try {
        Publisher publisher = work.publisher().opened();
        carryUntilGone(publisher);
        if (publisher.refusal() != null) {
          carryEachAlone();
        }
        pause = FIRST_PAUSE;
      } catch (IOException e) {
        refusals.failed(e); // or the broker is not back yet
      }
      pause = paused(pause);
    }
    handed.cancel();
    again.close();
    for (WorkPut put : again) {
      put.end();
    }
  }

  private void carryUntilGone(Publisher publisher) {
    List<Thread> carriers = new ArrayList<>();
    for (int i = 0; i < CARRIERS; i++) {
      carriers.add(Thread.ofVirtual().name("carrier of " + this).start(() -> carryAll(publisher)));
    }
    try {
      for (Thread carrier : carriers) {
        carrier.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }

  private void carryAll(Publisher publisher) {
    try {
      for (WorkPut put = next(publisher); put != null; put = next(publisher)) {
        carry(put, publisher);
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }

  /** Null when the connection is gone, or this is closed and nobody waits. */
  private @Nullable WorkPut next(Publisher publisher) throws InterruptedException {
    return Alts.<Optional<WorkPut>>first()
        .take(publisher.gone(), _ -> Optional.empty())
        .take(again, Optional::of)
        .take(handed, put -> Optional.of((WorkPut) put))
        .onClosed(Optional::empty)
        .priority()
        .await()
        .orElse(null);
  }

  private void carry(WorkPut put, Publisher publisher) {
    Duration pause = FIRST_PAUSE;
    while (put.depart()) {
      try {
        publisher.publish(work.queue().name(), put.properties(), put.body());
        put.confirmed();
        return;
      } catch (IOException _) {
        put.failed();
        if (!publisher.isOpen()) {
          again.offer(put);
          return;
        }
        if (closed.isClosed()) {
          put.end();
          return;
        }
        pause = paused(pause); // refused: the queue is full, or gone
        declare();
      }
    }
  }

  private void carryEachAlone() {
    for (WorkPut put : again.drain(Integer.MAX_VALUE)) {
      try {
        carryAlone(put);
      } catch (IOException _) {
        again.offer(put); // the broker is lost
      }
    }
  }

  private void carryAlone(WorkPut put) throws IOException {
    Publisher publisher = Publisher.open(work.broker());
    carry(put, publisher);
    IOException refusal = publisher.refusal();
    if (refusal != null) {
      put.refused(refusal);
    }
    publisher.close();
  }

  private void declare() {
    try {
      work.queue().declare(work.broker());
    } catch (IOException _) {
      // told by the next attempt
    }
  }

  /** Waits, unless this is closed; answers how long to wait the next time. */
  private Duration paused(Duration pause) {
    try {
      closed.poll(pause);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  // ---- the end

  /** Accepts no more; who waits is still served, if the broker is there. */
  void close() {
    handed.close();
    closed.close();
  }

  /** After a close: waits until nothing is under way, or for as long as the broker may take. */
  void awaitEnd() {
    try {
      if (!keeper.join(patience)) {
        handed.cancel();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * After that: waits for the broker's answer to what was handed over last. Not for a thread that
   * is interrupted.
   */
  void awaitCarried() {
    try {
      boolean _ = keeper.join(patience); // beyond that the broker counts as lost
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }

  @Override
  public String toString() {
    return handed.toString();
  }
}
