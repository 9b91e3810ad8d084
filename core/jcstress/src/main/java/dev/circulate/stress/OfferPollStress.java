package dev.circulate.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.circulate.Channel;
import dev.circulate.Csp;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.ZII_Result;

/** offer and poll say no only when they must (CH-3). */
public class OfferPollStress {
  private OfferPollStress() {}

  private static int poll(Channel<Integer> channel) {
    Integer value = channel.poll();
    return value == null ? 0 : value;
  }

  @JCStressTest
  @Outcome(id = "false, .*", expect = FORBIDDEN, desc = "refused a value while there was room")
  @Outcome(id = "true, 1, 0", expect = ACCEPTABLE, desc = "put, then taken")
  @Outcome(id = "true, 0, 1", expect = ACCEPTABLE, desc = "looked too early; the value is there")
  @Outcome(expect = FORBIDDEN, desc = "the value was lost or doubled")
  @State
  public static class WithRoom {
    private final Channel<Integer> channel = Csp.chan(1);

    @Actor
    public void putter(ZII_Result r) {
      r.r1 = channel.offer(1);
    }

    @Actor
    public void taker(ZII_Result r) {
      r.r2 = poll(channel);
    }

    @Arbiter
    public void rest(ZII_Result r) {
      r.r3 = poll(channel);
    }
  }

  @JCStressTest
  @Outcome(id = ".*, 0, .*", expect = FORBIDDEN, desc = "found nothing in a full channel")
  @Outcome(id = "false, 7, 0", expect = ACCEPTABLE, desc = "offered while it was full")
  @Outcome(id = "true, 7, 1", expect = ACCEPTABLE, desc = "offered after the take made room")
  @Outcome(expect = FORBIDDEN, desc = "a value was lost or doubled")
  @State
  public static class WhenFull {
    private final Channel<Integer> channel = Csp.chan(1);

    public WhenFull() {
      channel.offer(7);
    }

    @Actor
    public void putter(ZII_Result r) {
      r.r1 = channel.offer(1);
    }

    @Actor
    public void taker(ZII_Result r) {
      r.r2 = poll(channel);
    }

    @Arbiter
    public void rest(ZII_Result r) {
      r.r3 = poll(channel);
    }
  }

  /** In the result: which of the offers was accepted, as a sum of 1 and 2; then what was in. */
  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the first came first")
  @Outcome(id = "0, 2, 2", expect = ACCEPTABLE, desc = "the second came first")
  @Outcome(id = "0, 0, 0", expect = FORBIDDEN, desc = "both were refused while there was room")
  @Outcome(expect = FORBIDDEN, desc = "two values in one place, or one lost")
  @State
  public static class TwoForOnePlace {
    private final Channel<Integer> channel = Csp.chan(1);

    @Actor
    public void first(III_Result r) {
      r.r1 = channel.offer(1) ? 1 : 0;
    }

    @Actor
    public void second(III_Result r) {
      r.r2 = channel.offer(2) ? 2 : 0;
    }

    @Arbiter
    public void rest(III_Result r) {
      r.r3 = poll(channel) + 10 * poll(channel);
    }
  }
}
