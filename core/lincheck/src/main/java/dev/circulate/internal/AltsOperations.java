package dev.circulate.internal;

import dev.circulate.Buffer;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;

/**
 * Alts, offers and polls over two channels. Who waits does it as any thread does, in the slot or
 * the queues, but where it would park its time is over and it gives up.
 *
 * <p>The alts with a default is not here: it looks at one channel after the other, so it may find
 * nothing although at no single moment there was nothing.
 */
@Param(name = "value", gen = IntGen.class, conf = "1:4")
public abstract class AltsOperations {
  private static final Duration MOMENT = Duration.ofNanos(1);

  private final int capacity;
  private final LocalChannel<Integer> a;
  private final LocalChannel<Integer> b;

  AltsOperations(Buffer buffer) {
    capacity = buffer instanceof Buffer.Fixed(int bound) ? bound : 0;
    a = ChannelOperations.warm(LocalChannel.open(buffer, null, null));
    b = ChannelOperations.warm(LocalChannel.open(buffer, null, null));
    Time.install(new Impatient());
  }

  @Operation(params = "value")
  public Move offer(int value) {
    return a.offer(value) ? put("a", value) : neither("+a");
  }

  @Operation
  public Move poll() {
    Integer value = b.poll();
    return value == null ? neither("-b") : took("b", value);
  }

  /** Waits for one channel, where an alts may find it. */
  @Operation(params = "value")
  public Move putInTime(int value) throws InterruptedException {
    return a.offer(value, MOMENT) ? put("a", value) : neither("+a");
  }

  /** Likewise. */
  @Operation
  public Move takeInTime() throws InterruptedException {
    Integer value = a.poll(MOMENT);
    return value == null ? neither("-a") : took("a", value);
  }

  @Operation(params = "value")
  public Move putToEither(int value) throws InterruptedException {
    Selection alts = new Selection();
    alts.put(a, value);
    alts.put(b, value);
    return switch (alts.await(moment())) {
      case 0 -> put("a", value);
      case 1 -> put("b", value);
      default -> neither("+a+b");
    };
  }

  @Operation
  public Move takeFromEither() throws InterruptedException {
    Selection alts = new Selection();
    alts.take(a);
    alts.take(b);
    return switch (alts.await(moment())) {
      case 0 -> took("a", alts.value());
      case 1 -> took("b", alts.value());
      default -> neither("-a-b");
    };
  }

  @Operation(params = "value")
  public Move putOrTake(int value) throws InterruptedException {
    return putOrTake(a, "a", b, "b", value);
  }

  @Operation(params = "value")
  public Move putOrTakeCrosswise(int value) throws InterruptedException {
    return putOrTake(b, "b", a, "a", value);
  }

  /** One that could meet itself, if that were possible. */
  @Operation(params = "value")
  public Move putOrTakeTheSame(int value) throws InterruptedException {
    return putOrTake(a, "a", a, "a", value);
  }

  private Move putOrTake(
      LocalChannel<Integer> to, String toName, LocalChannel<Integer> from, String fromName, int v)
      throws InterruptedException {
    Selection alts = new Selection();
    alts.put(to, v);
    alts.take(from);
    return switch (alts.await(moment())) {
      case 0 -> put(toName, v);
      case 1 -> took(fromName, alts.value());
      default -> neither("+" + toName + "-" + fromName);
    };
  }

  private static long moment() {
    return Time.current().nanoTime() + 1;
  }

  private Move put(String channel, int value) {
    return new Move(Move.Kind.PUT, channel, value, capacity);
  }

  private Move took(String channel, @Nullable Object value) {
    return new Move(Move.Kind.TOOK, channel, value == null ? 0 : (int) value, capacity);
  }

  private Move neither(String arms) {
    return new Move(Move.Kind.NEITHER, arms, 0, capacity);
  }

  /** Checks this class's operations; its size is set by the build. */
  final void check() {
    Scenarios.checking()
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(0)
        .actorsAfter(0)
        .iterations(Integer.getInteger("lincheck.scenarios"))
        .invocationsPerIteration(Integer.getInteger("lincheck.interleavings"))
        .verifier(MovesVerifier.class)
        .check(getClass());
  }
}
