package dev.circulate.service;

import dev.circulate.Channel;
import dev.circulate.ReadPort;
import dev.circulate.WritePort;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.PutSide;
import java.time.Duration;

/** A whole channel, of which what is taken is converted to a type; see {@link TypedPort}. */
final class TypedChannel<T> extends TypedPort<T> implements Channel<T>, PutSide<T> {
  private final Channel<T> channel;
  private final Conversion element;

  TypedChannel(Channel<T> channel, Conversion element) {
    super(channel, element);
    this.channel = channel;
    this.element = element;
  }

  @Override
  public boolean put(T value) throws InterruptedException {
    return channel.put(value);
  }

  @Override
  public boolean offer(T value) {
    return channel.offer(value);
  }

  @Override
  public boolean offer(T value, Duration timeout) throws InterruptedException {
    return channel.offer(value, timeout);
  }

  @Override
  public void close() {
    channel.close();
  }

  @Override
  public void close(Throwable cause) {
    channel.close(cause);
  }

  @Override
  public void cancel() {
    channel.cancel();
  }

  @Override
  public void cancel(Throwable cause) {
    channel.cancel(cause);
  }

  @Override
  public ReadPort<T> readPort() {
    return new TypedPort<>(channel.readPort(), element);
  }

  @Override
  public WritePort<T> writePort() {
    return channel.writePort();
  }

  @Override
  public int buffered() {
    return channel.buffered();
  }

  @Override
  public int waitingTakers() {
    return channel.waitingTakers();
  }

  @Override
  public int waitingPutters() {
    return channel.waitingPutters();
  }

  @Override
  @SuppressWarnings("unchecked")
  public LocalChannel<T> putSide() {
    return ((PutSide<T>) channel).putSide();
  }

  @Override
  @SuppressWarnings("unchecked")
  public Object asPut(T value) {
    return ((PutSide<T>) channel).asPut(value);
  }

  @Override
  public void afterPut(Object put) {
    ((PutSide<?>) channel).afterPut(put);
  }
}
