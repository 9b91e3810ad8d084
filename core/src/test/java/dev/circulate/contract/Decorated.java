package dev.circulate.contract;

import dev.circulate.WritePort;
import java.time.Duration;

/**
 * A channel as a program of a user's decorates it: a port of which the library knows nothing but
 * the interface.
 *
 * @param port where it puts
 * @param <T> the type of the values
 */
public record Decorated<T>(WritePort<T> port) implements WritePort<T> {
  @Override
  public boolean put(T value) throws InterruptedException {
    return port.put(value);
  }

  @Override
  public boolean offer(T value) {
    return port.offer(value);
  }

  @Override
  public boolean offer(T value, Duration timeout) throws InterruptedException {
    return port.offer(value, timeout);
  }

  @Override
  public boolean isClosed() {
    return port.isClosed();
  }

  @Override
  public String toString() {
    return "decorated port";
  }
}
