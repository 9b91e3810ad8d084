package dev.circulate;

import java.util.Objects;

/**
 * Copies every value of a channel to any number of taps.
 *
 * {@snippet :
 * Mult<Tick> ticks = Mult.of(source);
 * Channel<Tick> chart = ticks.tap(chan(sliding(1)), SlowTap.DROP);
 * Channel<Tick> journal = ticks.tap(chan(1_000), SlowTap.WAIT);
 * }
 *
 * <p>A value that comes when there is no tap is lost. <b>Closing.</b> When the source has ended,
 * taps that are {@link Channel}s are closed, with its cause if it has one; a tap that is only a
 * {@link WritePort} stays open. A tap that is closed or cancelled is forgotten. So is one that
 * refuses a value with an exception, which it is closed with, or which the {@linkplain
 * Csp#setUncaughtHandler uncaught handler} is told; the others go on. A value that it waits to give
 * to a tap when it is interrupted with its scope goes to that tap's undelivered hook. The mult ends
 * with its source: one that is never closed keeps the go block that waits for its next value, and
 * so the taps, though nobody else holds any of them. <b>Threads.</b> Every method may be called by
 * any thread at any time; none blocks.
 *
 * @param <T> the type of the values
 */
public final class Mult<T> {
  private final Fanout<T> fanout = new Fanout<>();

  private Mult() {}

  /**
   * Begins to copy.
   *
   * @param source what to copy; nobody else should take from it
   * @param <T> the type of the values
   */
  public static <T> Mult<T> of(ReadPort<T> source) {
    Objects.requireNonNull(source, "source");
    Mult<T> mult = new Mult<>();
    Pump.fanOut("mult of", source, mult.fanout::deliver, mult.fanout::end);
    return mult;
  }

  /**
   * Adds a tap, which gets every value from now on; one that is there gets the policy.
   *
   * @param tap where to put the values
   * @param policy what happens when it has no room
   * @param <P> the type of the tap
   * @return the tap
   * @throws IllegalArgumentException if the tap is to be waited for and is no port of this
   *     library's
   */
  public <P extends WritePort<? super T>> P tap(P tap, SlowTap policy) {
    fanout.add(
        new Fanout.Tap<>(
            Objects.requireNonNull(tap, "tap"), Objects.requireNonNull(policy, "policy")));
    return tap;
  }

  /**
   * Removes a tap, which stays open; does nothing if it is none.
   *
   * @param tap which
   */
  public void untap(WritePort<? super T> tap) {
    fanout.remove(tap);
  }

  /** Removes all taps, which stay open. */
  public void untapAll() {
    fanout.removeAll();
  }
}
