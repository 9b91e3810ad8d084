package dev.circulate.benchmarks;

/** One library between two address spaces, seen from the side that asks. Safe for many threads. */
interface RemotePeer extends AutoCloseable {
  /** A call: the other side adds one. Waits for the answer. */
  int plusOne(int value) throws Exception;

  /**
   * Has the other side send 0, 1, 2 and so on, no faster than they are taken here.
   *
   * @param values how many
   * @return their sum
   */
  long sent(int values) throws Exception;

  /**
   * The same where this side has to ask for each value.
   *
   * @param values how many
   * @return their sum
   */
  long taken(int values) throws Exception;

  /** Ends the connection. */
  @Override
  void close();
}
