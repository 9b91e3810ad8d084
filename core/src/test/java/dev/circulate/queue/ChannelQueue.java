package dev.circulate.queue;

import dev.circulate.Buffer;
import dev.circulate.Channel;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TransferQueue;
import org.jspecify.annotations.Nullable;

/**
 * An open channel as a queue. Nobody can look into a channel without taking, so the view has
 * neither {@code peek} nor an iterator.
 */
final class ChannelQueue<E> extends AbstractQueue<E> implements TransferQueue<E> {
  private final Channel<E> channel;
  private final int capacity;

  ChannelQueue(int capacity) {
    this.capacity = capacity;
    this.channel =
        Channel.<E>builder()
            .buffer(capacity == 0 ? new Buffer.Rendezvous() : new Buffer.Fixed(capacity))
            .open();
  }

  private static Duration in(long timeout, TimeUnit unit) {
    return Duration.of(timeout, unit.toChronoUnit());
  }

  @Override
  public boolean offer(E value) {
    return channel.offer(value);
  }

  @Override
  public boolean offer(E value, long timeout, TimeUnit unit) throws InterruptedException {
    return channel.offer(value, in(timeout, unit));
  }

  @Override
  public void put(E value) throws InterruptedException {
    if (!channel.put(value)) {
      throw new IllegalStateException(channel + " was closed");
    }
  }

  @Override
  public E take() throws InterruptedException {
    return Objects.requireNonNull(channel.take());
  }

  @Override
  public @Nullable E poll() {
    return channel.poll();
  }

  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    return channel.poll(in(timeout, unit));
  }

  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  @Override
  public int drainTo(Collection<? super E> target, int most) {
    List<E> drained = channel.drain(most);
    target.addAll(drained);
    return drained.size();
  }

  @Override
  public int size() {
    return channel.buffered();
  }

  @Override
  public int remainingCapacity() {
    return capacity - channel.buffered();
  }

  @Override
  public boolean tryTransfer(E value) {
    return requireRendezvous().offer(value);
  }

  @Override
  public void transfer(E value) throws InterruptedException {
    requireRendezvous();
    put(value);
  }

  @Override
  public boolean tryTransfer(E value, long timeout, TimeUnit unit) throws InterruptedException {
    return requireRendezvous().offer(value, in(timeout, unit));
  }

  /** Only there an accepted put means that somebody has taken. */
  private Channel<E> requireRendezvous() {
    if (capacity > 0) {
      throw new UnsupportedOperationException("a put into a buffer waits for no taker");
    }
    return channel;
  }

  @Override
  public boolean hasWaitingConsumer() {
    return channel.waitingTakers() > 0;
  }

  @Override
  public int getWaitingConsumerCount() {
    return channel.waitingTakers();
  }

  int waitingPutters() {
    return channel.waitingPutters();
  }

  @Override
  public E peek() {
    throw new UnsupportedOperationException("nobody can look into a channel without taking");
  }

  @Override
  public Iterator<E> iterator() {
    throw new UnsupportedOperationException("nobody can look into a channel without taking");
  }
}
