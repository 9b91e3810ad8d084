package dev.circulate.internal;

import dev.circulate.Channel;

/**
 * The taking face of a channel.
 *
 * @param channel whose face it is
 * @param side where its takes come from
 */
public record ReadFace<T>(Channel<T> channel, TakeSide<T> side)
    implements ForwardingReadPort<T>, TakeSide<T> {
  @Override
  public Channel<T> source() {
    return channel;
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
