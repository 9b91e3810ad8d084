package dev.circulate.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.Csp;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.IZ_Result;

/**
 * Alts that meet alts in a cycle: each would take from one channel and put to the next (AL-1). In
 * the result, for each: what it took, 0 if it put, -1 if its time was over.
 */
public class AltsStress {
  private AltsStress() {}

  private static int takeOrPut(Channel<Integer> in, Channel<Integer> out, int value)
      throws InterruptedException {
    return Alts.<Integer>first().take(in, taken -> taken).put(out, value, () -> 0).await();
  }

  @JCStressTest
  @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "the second handed its value to the first")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the first handed its value to the second")
  @Outcome(expect = FORBIDDEN, desc = "both operations of an alts happened, or a half of one")
  @State
  public static class TwoChannels {
    private final Channel<Integer> a = Csp.chan();
    private final Channel<Integer> b = Csp.chan();

    @Actor
    public void first(II_Result r) {
      r.r1 = Threads.call(() -> takeOrPut(a, b, 1));
    }

    @Actor
    public void second(II_Result r) {
      r.r2 = Threads.call(() -> takeOrPut(b, a, 2));
    }
  }

  @JCStressTest
  @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "the second handed its value to the first")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the first handed its value to the second")
  @Outcome(expect = FORBIDDEN, desc = "both operations of an alts happened, or a half of one")
  @State
  public static class TwoChannelsVirtual {
    private final Channel<Integer> a = Csp.chan();
    private final Channel<Integer> b = Csp.chan();

    @Actor
    public void first(II_Result r) {
      r.r1 = Threads.callVirtual(() -> takeOrPut(a, b, 1));
    }

    @Actor
    public void second(II_Result r) {
      r.r2 = Threads.callVirtual(() -> takeOrPut(b, a, 2));
    }
  }

  @JCStressTest
  @Outcome(
      id = "0, 1, -1",
      expect = ACCEPTABLE,
      desc = "first to second; nobody left for the third")
  @Outcome(
      id = "-1, 0, 2",
      expect = ACCEPTABLE,
      desc = "second to third; nobody left for the first")
  @Outcome(
      id = "3, -1, 0",
      expect = ACCEPTABLE,
      desc = "third to first; nobody left for the second")
  @Outcome(id = "-1, -1, -1", expect = ACCEPTABLE, desc = "no two were there at the same time")
  @Outcome(expect = FORBIDDEN, desc = "both operations of an alts happened, or a half of one")
  @State
  public static class ThreeChannels {
    private static final Duration LIMIT = Duration.ofNanos(50_000);

    private final Channel<Integer> a = Csp.chan();
    private final Channel<Integer> b = Csp.chan();
    private final Channel<Integer> c = Csp.chan();

    private static int limited(Channel<Integer> in, Channel<Integer> out, int value) {
      return Threads.call(
          () ->
              Alts.<Integer>first()
                  .take(in, taken -> taken)
                  .put(out, value, () -> 0)
                  .timeout(LIMIT, () -> -1)
                  .await());
    }

    @Actor
    public void first(III_Result r) {
      r.r1 = limited(a, b, 1);
    }

    /** Two of the three, since a test with more actors than there are processors is left out. */
    @Actor
    public void secondAndThird(III_Result r) {
      Thread third = Thread.ofVirtual().start(() -> r.r3 = limited(c, a, 3));
      r.r2 = limited(b, c, 2);
      Threads.call(
          () -> {
            third.join();
            return r;
          });
    }
  }

  /** The same between virtual threads. */
  @JCStressTest
  @Outcome(
      id = "0, 1, -1",
      expect = ACCEPTABLE,
      desc = "first to second; nobody left for the third")
  @Outcome(
      id = "-1, 0, 2",
      expect = ACCEPTABLE,
      desc = "second to third; nobody left for the first")
  @Outcome(
      id = "3, -1, 0",
      expect = ACCEPTABLE,
      desc = "third to first; nobody left for the second")
  @Outcome(id = "-1, -1, -1", expect = ACCEPTABLE, desc = "no two were there at the same time")
  @Outcome(expect = FORBIDDEN, desc = "both operations of an alts happened, or a half of one")
  @State
  public static class ThreeChannelsVirtual {
    private final ThreeChannels three = new ThreeChannels();

    @Actor
    public void first(III_Result r) {
      r.r1 = Threads.callVirtual(() -> ThreeChannels.limited(three.a, three.b, 1));
    }

    @Actor
    public void secondAndThird(III_Result r) {
      Threads.callVirtual(
          () -> {
            three.secondAndThird(r);
            return 0;
          });
    }
  }

  /** In the result: what was taken from either of two channels, -2 if it found one closed. */
  @JCStressTest
  @Outcome(id = "1, true", expect = ACCEPTABLE, desc = "took the value before the other's close")
  @Outcome(id = "-2, true", expect = ACCEPTABLE, desc = "found it closed; the value is there yet")
  @Outcome(expect = FORBIDDEN, desc = "neither, or a value lost")
  @State
  public static class AgainstClose {
    private final Channel<Integer> closing = Csp.chan();
    private final Channel<Integer> filling = Csp.chan(1);

    @Actor
    public void chooser(IZ_Result r) {
      r.r1 =
          Threads.call(
              () ->
                  Alts.<Integer>first()
                      .take(closing, taken -> taken)
                      .take(filling, taken -> taken)
                      .onClosed(() -> -2)
                      .await());
    }

    @Actor
    public void closerAndPutter(IZ_Result r) {
      closing.close();
      filling.offer(1);
    }

    @Arbiter
    public void rest(IZ_Result r) {
      boolean left = filling.poll() != null;
      r.r2 = left == (r.r1 == -2) && closing.waitingTakers() + filling.waitingTakers() == 0;
    }
  }

  /** In the result: what each took from a channel that holds one value. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the first took it")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the second took it")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "nobody took it though it was there")
  @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "both took it")
  @State
  public static class OneValue {
    private final Channel<Integer> full = Csp.chan(1);
    private final Channel<Integer> empty = Csp.chan(1);

    public OneValue() {
      full.offer(1);
    }

    private int take() {
      return Threads.call(
          () ->
              Alts.<Integer>first()
                  .take(full, taken -> taken)
                  .take(empty, taken -> taken)
                  .orElse(() -> 0)
                  .await());
    }

    @Actor
    public void first(II_Result r) {
      r.r1 = take();
    }

    @Actor
    public void second(II_Result r) {
      r.r2 = take();
    }
  }
}
