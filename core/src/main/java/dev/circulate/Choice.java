package dev.circulate;

/**
 * Which operation an alts did, and its value, for a {@code switch} that the compiler checks.
 *
 * {@snippet :
 * switch (alts(take(orders), take(stops))) {
 *   case First(Order order) -> book(order);
 *   case Second(Stop stop) -> halt(stop);
 *   case Closed(int arm) -> finish();
 * }
 * }
 *
 * <p>The records have a type parameter for each operation, so that a pattern knows the type of its
 * own; they are never written out.
 */
public sealed interface Choice permits Choice.Of2, Choice.Of3, Choice.Of4 {

  /**
   * The outcome of one of two operations.
   *
   * @param <A> the type of the first one's value
   * @param <B> the type of the second one's value
   */
  sealed interface Of2<A, B> extends Choice permits First, Second, Closed {}

  /**
   * The outcome of one of three operations.
   *
   * @param <A> the type of the first one's value
   * @param <B> the type of the second one's value
   * @param <C> the type of the third one's value
   */
  sealed interface Of3<A, B, C> extends Choice permits First, Second, Third, Closed {}

  /**
   * The outcome of one of four operations.
   *
   * @param <A> the type of the first one's value
   * @param <B> the type of the second one's value
   * @param <C> the type of the third one's value
   * @param <D> the type of the fourth one's value
   */
  sealed interface Of4<A, B, C, D> extends Choice permits First, Second, Third, Fourth, Closed {}

  /**
   * The first operation happened.
   *
   * @param value what it took or put
   */
  record First<A, B, C, D>(A value) implements Of2<A, B>, Of3<A, B, C>, Of4<A, B, C, D> {}

  /**
   * The second operation happened.
   *
   * @param value what it took or put
   */
  record Second<A, B, C, D>(B value) implements Of2<A, B>, Of3<A, B, C>, Of4<A, B, C, D> {}

  /**
   * The third operation happened.
   *
   * @param value what it took or put
   */
  record Third<A, B, C, D>(C value) implements Of3<A, B, C>, Of4<A, B, C, D> {}

  /**
   * The fourth operation happened.
   *
   * @param value what it took or put
   */
  record Fourth<A, B, C, D>(D value) implements Of4<A, B, C, D> {}

  /**
   * An operation found its channel closed: a put was refused, or there was nothing left to take. A
   * take from a channel that was closed with a cause throws it instead.
   *
   * @param arm which operation, from 1
   */
  record Closed<A, B, C, D>(int arm) implements Of2<A, B>, Of3<A, B, C>, Of4<A, B, C, D> {}
}
