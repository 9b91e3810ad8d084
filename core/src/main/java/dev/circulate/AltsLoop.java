package dev.circulate;

import dev.circulate.internal.Selection;
import dev.circulate.internal.TakeSide;
import dev.circulate.internal.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Takes from several ports, each value with the handler of its port, until all have ended.
 *
 * {@snippet :
 * Alts.each()
 *     .take(orders, order -> book(order))
 *     .take(stops, stop -> halt(stop))
 *     .run();
 * }
 *
 * <p>Which of several ready ports is next is chosen at random. A port that is closed and drained is
 * left out from then on. One that was closed with a cause ends the loop: its cause is thrown as a
 * {@link ChannelFailedException}; so does what a handler throws. <b>Threads.</b> A loop is built
 * and run once, by one thread, which runs the handlers, too.
 */
public final class AltsLoop {
  /**
   * What is done with a value; it may block, and throw anything.
   *
   * @param <T> the type of the values
   */
  @FunctionalInterface
  public interface Handler<T> {
    /**
     * Handles a value.
     *
     * @param value the value
     * @throws Exception whatever ends the loop
     */
    void accept(T value) throws Exception;
  }

  private record Input<T>(ReadPort<T> port, Handler<? super T> handler) {
    void accept(Object taken) throws Exception {
      @SuppressWarnings("unchecked")
      T value = (T) taken;
      handler.accept(value);
    }
  }

  private final List<Input<?>> inputs = new ArrayList<>();

  AltsLoop() {}

  /**
   * Adds a port.
   *
   * @param port where to take from
   * @param handler what to do with its values
   * @param <T> the type of the values
   * @throws IllegalArgumentException if that is no port of this library's
   */
  public <T> AltsLoop take(ReadPort<T> port, Handler<? super T> handler) {
    TakeSide.of(Objects.requireNonNull(port, "port"), "an alts");
    inputs.add(new Input<>(port, Objects.requireNonNull(handler, "handler")));
    return this;
  }

  /**
   * Takes until all ports have ended.
   *
   * @throws ChannelFailedException when a port was closed with a cause
   * @throws InterruptedException if interrupted, also where it never has to wait; the values that
   *     were taken have been handled then
   * @throws Exception what a handler throws
   */
  public void run() throws Exception {
    while (!inputs.isEmpty()) {
      Pump.throwIfInterrupted();
      Selection selection = new Selection();
      inputs.forEach(input -> selection.take(input.port));
      int chosen = selection.await(Time.NEVER);
      if (selection.isClosed()) {
        selection.throwCause();
        inputs.remove(chosen);
      } else {
        inputs.get(chosen).accept(Objects.requireNonNull(selection.value()));
      }
    }
  }
}
