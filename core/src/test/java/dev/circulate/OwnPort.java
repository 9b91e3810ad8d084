package dev.circulate;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A port of a user's own, whose end cannot be watched.
 *
 * @param answer what each value that is put to it, or offered, comes to
 * @param isClosed what it says of itself
 */
public record OwnPort<T>(BooleanSupplier answer, boolean isClosed) implements WritePort<T> {
  @Override
  public boolean put(T value) {
    return answer.getAsBoolean();
  }

  @Override
  public boolean offer(T value) {
    return answer.getAsBoolean();
  }

  @Override
  public boolean offer(T value, Duration timeout) {
    return answer.getAsBoolean();
  }
}
