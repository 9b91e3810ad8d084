package dev.circulate;

import java.util.Objects;

/**
 * Something that an {@link Csp#alts alts} may do: a take or a put.
 *
 * <p>{@link Csp#take} and {@link Csp#put} make one; it does nothing by itself, and may serve in
 * many alts.
 *
 * @param <T> the type of what is taken or put
 */
public sealed interface Operation<T> {

  /**
   * Takes from a port.
   *
   * @param port where to take from
   * @param <T> the type of the values
   */
  record Take<T>(ReadPort<T> port) implements Operation<T> {
    /** Checks that there is a port. */
    public Take {
      Objects.requireNonNull(port, "port");
    }
  }

  /**
   * Puts a value to a port.
   *
   * @param port where to put
   * @param value what to put
   * @param <T> the type of the value
   */
  record Put<T>(WritePort<? super T> port, T value) implements Operation<T> {
    /** Checks that there is a port and a value. */
    public Put {
      Objects.requireNonNull(port, "port");
      Objects.requireNonNull(value, "null cannot be put into a channel");
    }
  }
}
