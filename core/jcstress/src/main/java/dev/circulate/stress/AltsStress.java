package dev.circulate.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.Csp;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

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
