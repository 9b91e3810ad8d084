package dev.circulate.internal;

import dev.circulate.WritePort;
import java.util.Objects;

/** Adds to a {@link Selection} what an alts puts, in the form that the port's side wants. */
public final class Arms {
  private Arms() {}

  /**
   * Adds the operation that puts a value.
   *
   * @return what the thread of the alts has to do once the value is accepted
   */
  public static <T> Runnable put(Selection selection, WritePort<? super T> port, T value) {
    Objects.requireNonNull(value, "null cannot be put into a channel");
    if (!(port instanceof PutSide<?>)) {
      throw new IllegalArgumentException("an alts puts to this library's channels, not to " + port);
    }
    @SuppressWarnings("unchecked")
    PutSide<Object> side = (PutSide<Object>) port;
    @SuppressWarnings("unchecked")
    WritePort<Object> target = (WritePort<Object>) port;
    Object put = side.asPut(value);
    selection.put(target, put);
    return () -> side.afterPut(put);
  }
}
