package dev.circulate.contract;

import dev.circulate.Channel;

/**
 * One channel as its two parties hold it.
 *
 * <p>Each end's {@link Channel#waitingPutters()} and {@link Channel#waitingTakers()} must count the
 * operations that wait at that end: the tests wait for them.
 *
 * @param putting where the tests put and close
 * @param taking where the tests take and cancel; may be the same object
 * @param slack how many values may be on the way between the two, beyond the channel's capacity; 0
 *     says that both ends are the channel itself
 * @param <T> the type of the values
 */
public record Ends<T>(Channel<T> putting, Channel<T> taking, int slack) {

  /** The wiring of a channel that both parties hold directly. */
  public static <T> Ends<T> same(Channel<T> channel) {
    return new Ends<>(channel, channel, 0);
  }
}
