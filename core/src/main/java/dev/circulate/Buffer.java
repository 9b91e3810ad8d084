package dev.circulate;

/**
 * How many values a channel holds, and what a put does when it is full.
 *
 * {@snippet :
 * Channel<Order> orders = chan(fixed(100)); // a put waits for room
 * Channel<Price> newest = chan(sliding(1)); // the older price is lost
 * Channel<Config> config = chan(promise()); // the first one, for everybody
 * }
 *
 * <p>{@link Csp} has these as static methods, too, so that {@code chan(sliding(1))} reads well. A
 * buffer is a description without state: one may serve for many channels.
 */
public sealed interface Buffer {

  /** The largest capacity of a {@link Fixed}, {@link Dropping} or {@link Sliding} buffer. */
  int MAX_CAPACITY = 1 << 30;

  /** Holds nothing: a put waits until a taker takes its value. */
  record Rendezvous() implements Buffer {}

  /**
   * Holds up to {@code capacity} values: a put into a full one waits.
   *
   * @param capacity the number of values, from 1 to {@link #MAX_CAPACITY}
   */
  record Fixed(int capacity) implements Buffer {
    /** Checks the capacity. */
    public Fixed {
      checkCapacity("fixed", capacity);
    }
  }

  /**
   * Holds up to {@code capacity} values: a put into a full one succeeds at once, and its value is
   * lost.
   *
   * @param capacity the number of values, from 1 to {@link #MAX_CAPACITY}
   */
  record Dropping(int capacity) implements Buffer {
    /** Checks the capacity. */
    public Dropping {
      checkCapacity("dropping", capacity);
    }
  }

  /**
   * Holds up to {@code capacity} values: a put into a full one succeeds at once, and the oldest
   * value is lost.
   *
   * @param capacity the number of values, from 1 to {@link #MAX_CAPACITY}
   */
  record Sliding(int capacity) implements Buffer {
    /** Checks the capacity. */
    public Sliding {
      checkCapacity("sliding", capacity);
    }
  }

  /**
   * Holds the first value for ever and gives it to every taker; later values are lost. An iteration
   * over such a channel never ends once it has its value.
   */
  record Promise() implements Buffer {}

  /** Holds whatever is put: no put ever waits, and nothing but memory bounds it. */
  record Unbounded() implements Buffer {}

  private static void checkCapacity(String kind, int capacity) {
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "a "
              + kind
              + " buffer holds from 1 to "
              + MAX_CAPACITY
              + " values, not "
              + capacity
              + "; a channel that holds none is chan(), one without a bound is chan(unbounded())");
    }
  }
}
