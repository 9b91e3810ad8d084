package dev.circulate.benchmarks;

/**
 * One library under the scenarios: each method is a shape of program, written in that library's own
 * idiom.
 *
 * <p>Every shape starts its tasks, waits until the last has ended, and answers the sum of all
 * values taken, so that no library can do less than another unnoticed. Each putter puts 0, 1, 2 and
 * so on. Values are boxed by all of them.
 *
 * <p>A capacity of 0 is a rendezvous.
 */
interface Peer {
  /**
   * One channel, {@code values} through it.
   *
   * @param values in all; a multiple of {@code putters} and of {@code takers}
   */
  long transfer(int capacity, int putters, int takers, int values) throws Exception;

  /**
   * One channel, {@code values} through it, by as many putters as takers, who never wait but try
   * again.
   *
   * @param values in all; a multiple of {@code pairs}
   */
  default long tryingTransfer(int capacity, int pairs, int values) throws Exception {
    throw new UnsupportedOperationException("this library waits");
  }

  /** Two tasks and two rendezvous channels: there and back, {@code rounds} times. */
  long pingPong(int rounds) throws Exception;

  /** A line of {@code stages} tasks that each take from one channel and put into the next. */
  long chain(int capacity, int stages, int values) throws Exception;

  /** So many putters, each with a taker and a channel of its own, {@code values} through each. */
  long pairs(int capacity, int pairs, int values) throws Exception;

  /**
   * One task that selects among {@code arms} channels, each with a putter of its own.
   *
   * @param values in all; a multiple of {@code arms}
   */
  long select(int capacity, int arms, int values) throws Exception;

  /**
   * One task that selects among {@code arms} rendezvous channels, of which only the last has a
   * putter.
   */
  long selectOneBusy(int arms, int values) throws Exception;

  /**
   * One putter and one taker that go round {@code channels} channels.
   *
   * @param values in all
   */
  long roundRobin(int capacity, int channels, int values) throws Exception;

  /** A task that starts {@code tasks} others and joins them, {@code rounds} times. */
  long spawn(int tasks, int rounds) throws Exception;

  /** Rendezvous in which the taker waits a minute at most, and never so long. */
  long timedTakes(int values) throws Exception;

  /** A channel that nobody uses. */
  Object idleChannel(int capacity) throws Exception;

  /**
   * Starts so many tasks that each take from a rendezvous channel of their own, for ever.
   *
   * @return what keeps them reachable
   */
  Object parkedTakers(int count) throws Exception;
}
