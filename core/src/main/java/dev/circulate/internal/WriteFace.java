package dev.circulate.internal;

import dev.circulate.Channel;
import dev.circulate.WritePort;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The putting face of a channel.
 *
 * @param channel whose face it is
 * @param side where its puts go
 */
public record WriteFace<T>(Channel<T> channel, PutSide<T> side)
    implements WritePort<T>, PutSide<T> {
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
  public boolean isClosed() {
    return channel.isClosed();
  }

  @Override
  public LocalChannel<T> putSide() {
    return side.putSide();
  }

  @Override
  public Object asPut(T value) {
    return side.asPut(value);
  }

  @Override
  public void afterPut(Object put) {
    side.afterPut(put);
  }

  @Override
  public @Nullable String peer() {
    return side.peer();
  }

  @Override
  public String toString() {
    return channel.toString();
  }
}
