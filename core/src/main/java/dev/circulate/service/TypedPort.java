package dev.circulate.service;

import dev.circulate.Channel;
import dev.circulate.ChannelFailedException;
import dev.circulate.Ports;
import dev.circulate.ReadPort;
import dev.circulate.internal.LocalChannel;
import dev.circulate.internal.TakeSide;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A port of whatever comes, shown as one of values of a type: each is converted when it is taken.
 *
 * <p>A value that does not fit ends the port for its taker: the take throws, and the channel is
 * cancelled, if this port has the right to.
 */
sealed class TypedPort<T> implements ReadPort<T>, TakeSide<T> permits TypedChannel {
  private final ReadPort<T> port;
  private final Conversion element;

  /** What did not fit behind values that a drain has given, of a port that takes nothing back. */
  private final AtomicReference<@Nullable ChannelFailedException> untold = new AtomicReference<>();

  TypedPort(ReadPort<T> port, Conversion element) {
    this.port = port;
    this.element = element;
  }

  /**
   * A port with its element type.
   *
   * @param port a port of this library's
   */
  @SuppressWarnings("unchecked") // that its values have the type is what is seen to here
  static ReadPort<?> of(ReadPort<?> port, Conversion element) {
    return port instanceof Channel<?> channel
        ? new TypedChannel<>((Channel<Object>) channel, element)
        : new TypedPort<>((ReadPort<Object>) port, element);
  }

  @SuppressWarnings("unchecked")
  private T converted(Object value) throws Conversion.Misfit {
    return (T) element.convertToValue(value);
  }

  private T typed(Object value) {
    try {
      return converted(value);
    } catch (Conversion.Misfit misfit) {
      throw failed(misfit);
    }
  }

  private ChannelFailedException failed(Conversion.Misfit misfit) {
    CallException why =
        new CallException(
            new CallError.InvalidArgument("a value of " + port + ": " + misfit.getMessage()));
    if (port instanceof Channel<?> channel) {
      channel.cancel(why);
    }
    return new ChannelFailedException(String.valueOf(port), why);
  }

  private @Nullable T typedOrNull(@Nullable Object value) {
    return value == null ? null : typed(value);
  }

  /** Throws what the next take is to say. */
  private void tell() {
    ChannelFailedException misfit = untold.getAndSet(null);
    if (misfit != null) {
      throw misfit;
    }
  }

  @Override
  public @Nullable T take() throws InterruptedException {
    tell();
    return typedOrNull(port.take());
  }

  @Override
  public @Nullable T poll() {
    tell();
    return typedOrNull(port.poll());
  }

  @Override
  public @Nullable T poll(Duration timeout) throws InterruptedException {
    tell();
    return typedOrNull(port.poll(timeout));
  }

  @Override
  public List<T> drain(int most) {
    if (!hasTakeSide()) {
      return drainOne(most);
    }
    List<T> raw = port.drain(most);
    List<T> drained = new ArrayList<>(raw.size());
    for (T value : raw) {
      try {
        drained.add(converted(value));
      } catch (Conversion.Misfit misfit) {
        // the next take says so, unless this one does
        int kept = Math.max(drained.size(), 1);
        raw.subList(kept, raw.size()).reversed().forEach(rest -> Ports.giveBack(port, rest));
        if (drained.isEmpty()) {
          throw failed(misfit);
        }
        break;
      }
    }
    return drained;
  }

  /** One at a time, since a port of a program's own takes nothing back. */
  private List<T> drainOne(int most) {
    List<T> drained = new ArrayList<>();
    try {
      while (drained.size() < most) {
        T value = poll();
        if (value == null) {
          break;
        }
        drained.add(value);
      }
    } catch (ChannelFailedException e) {
      if (drained.isEmpty()) {
        throw e;
      }
      untold.set(e);
    }
    return drained;
  }

  @Override
  public boolean isClosed() {
    return port.isClosed();
  }

  @Override
  public @Nullable Throwable closeCause() {
    return port.closeCause();
  }

  @Override
  public boolean hasTakeSide() {
    return TakeSide.isThere(port);
  }

  @Override
  @SuppressWarnings("unchecked")
  public LocalChannel<T> takeSide() {
    return ((TakeSide<T>) port).takeSide();
  }

  @Override
  public Object asTaken(Object value) {
    return typed(((TakeSide<?>) port).asTaken(value));
  }

  @Override
  @SuppressWarnings("unchecked")
  public void giveBack(T value) {
    ((TakeSide<T>) port).giveBack(value);
  }

  @Override
  public Object beneath() {
    return port instanceof TakeSide<?> side ? side.beneath() : port;
  }

  @Override
  public String toString() {
    return port.toString();
  }
}
