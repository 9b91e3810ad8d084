package dev.circulate.internal;

import dev.circulate.Channel;
import dev.circulate.ReadPort;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The taking face of a channel.
 *
 * @param channel whose face it is
 * @param side where its takes come from
 */
public record ReadFace<T>(Channel<T> channel, TakeSide<T> side)
    implements ReadPort<T>, TakeSide<T> {
  @Override
  public @Nullable T take() throws InterruptedException {
    return channel.take();
  }

  @Override
  public @Nullable T poll() {
    return channel.poll();
  }

  @Override
  public @Nullable T poll(Duration timeout) throws InterruptedException {
    return channel.poll(timeout);
  }

  @Override
  public List<T> drain(int most) {
    return channel.drain(most);
  }

  @Override
  public boolean isClosed() {
    return channel.isClosed();
  }

  @Override
  public @Nullable Throwable closeCause() {
    return channel.closeCause();
  }

  @Override
  public LocalChannel<T> takeSide() {
    return side.takeSide();
  }

  @Override
  public Object asTaken(Object value) {
    return side.asTaken(value);
  }

  @Override
  public String toString() {
    return channel.toString();
  }
}
