package dev.circulate.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.circulate.Channel;
import dev.circulate.Csp;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A put is before the close, and delivered, or after it, and refused (CH-5, CH-7). */
public class CloseStress {
  private static final Duration MOMENT = Duration.ofNanos(20_000);

  private CloseStress() {}

  private static int take(Channel<Integer> channel) {
    Integer value = Threads.call(channel::take);
    return value == null ? 0 : value;
  }

  @JCStressTest
  @Outcome(id = "true, 0", expect = FORBIDDEN, desc = "accepted, and lost")
  @Outcome(id = "false, 1", expect = FORBIDDEN, desc = "refused, and taken all the same")
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "put before the close, and delivered")
  @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "put after the close, and refused")
  @State
  public static class AgainstPut {
    private final Channel<Integer> channel = Csp.chan(1);

    @Actor
    public void putter(ZI_Result r) {
      r.r1 = Threads.call(() -> channel.put(1));
    }

    @Actor
    public void closer() {
      channel.close();
    }

    @Arbiter
    public void rest(ZI_Result r) {
      r.r2 = take(channel);
    }
  }

  @JCStressTest
  @Outcome(id = "true, 0", expect = FORBIDDEN, desc = "accepted, and lost")
  @Outcome(id = "false, 1", expect = FORBIDDEN, desc = "refused, and taken all the same")
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "waited at the close, and delivered")
  @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "put after the close, and refused")
  @State
  public static class AgainstWaitingPut {
    private final Channel<Integer> channel = Csp.chan();

    @Actor
    public void putter(ZI_Result r) {
      r.r1 = Threads.call(() -> channel.put(1));
    }

    @Actor
    public void closerAndTaker(ZI_Result r) {
      channel.close();
      r.r2 = take(channel);
    }
  }

  @JCStressTest
  @Outcome(id = "true, true", expect = FORBIDDEN, desc = "saw the close and put after it")
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "saw the close and was refused")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "came before the close")
  @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "the close came between")
  @State
  public static class IsSeenFirst {
    private final Channel<Integer> channel = Csp.chan(2);

    public IsSeenFirst() {
      channel.offer(1); // so that there is a ring
    }

    @Actor
    public void putter(ZZ_Result r) {
      r.r1 = channel.isClosed();
      r.r2 = channel.offer(2);
    }

    @Actor
    public void closer() {
      channel.close();
    }
  }

  /** In the result: what the taker got, what the hook was given. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "taken before the cancel")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "cancelled before the take")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "lost without a word")
  @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "taken, and handed to the hook as well")
  @State
  public static class CancelAgainstTake {
    private volatile int undelivered;
    private final Channel<Integer> channel =
        Channel.<Integer>builder()
            .buffer(Csp.fixed(1))
            .onUndelivered(value -> undelivered = value)
            .open();

    public CancelAgainstTake() {
      channel.offer(1);
    }

    @Actor
    public void taker(II_Result r) {
      r.r1 = take(channel);
    }

    @Actor
    public void canceller() {
      channel.cancel();
    }

    @Arbiter
    public void hook(II_Result r) {
      r.r2 = undelivered;
    }
  }

  /** In the result: whether the put was accepted, what the hook was given. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "put before the cancel, and told")
  @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "put after the cancel, and refused")
  @Outcome(id = "true, 0", expect = FORBIDDEN, desc = "accepted, and lost without a word")
  @Outcome(id = "false, 1", expect = FORBIDDEN, desc = "refused, and handed to the hook as well")
  @State
  public static class CancelAgainstPut {
    private final AtomicInteger undelivered = new AtomicInteger();
    private final Channel<Integer> channel =
        Channel.<Integer>builder()
            .buffer(Csp.fixed(2))
            .onUndelivered(undelivered::addAndGet)
            .open();

    public CancelAgainstPut() {
      channel.offer(7);
      channel.poll(); // so that there is a ring
    }

    @Actor
    public void putter(ZI_Result r) {
      r.r1 = channel.offer(1);
    }

    @Actor
    public void canceller() {
      channel.cancel();
    }

    @Arbiter
    public void hook(ZI_Result r) {
      r.r2 = undelivered.get();
    }
  }

  /** In the result: whether the put was accepted, what was taken just before the cancel. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "handed over before the cancel")
  @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "nobody took it, and the cancel refused it")
  @Outcome(id = "true, 0", expect = FORBIDDEN, desc = "accepted, and nobody has it")
  @Outcome(id = "false, 1", expect = FORBIDDEN, desc = "taken, and refused all the same")
  @State
  public static class CancelAgainstWaitingPut {
    private final Channel<Integer> channel = Csp.chan();

    @Actor
    public void putter(ZI_Result r) {
      r.r1 = Threads.call(() -> channel.put(1));
    }

    @Actor
    public void takerAndCanceller(ZI_Result r) {
      Integer value = channel.poll();
      channel.cancel();
      r.r2 = value == null ? 0 : value;
    }
  }

  /** In the result: whether the value was accepted in time, what is left. */
  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "let in by the take, or waited at the close")
  @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "its time was over, or the channel closed")
  @Outcome(id = "true, 0", expect = FORBIDDEN, desc = "accepted, and lost")
  @Outcome(id = "false, 1", expect = FORBIDDEN, desc = "refused, and there all the same")
  @State
  public static class AgainstPutInTime {
    private final Channel<Integer> channel = Csp.chan(1);

    public AgainstPutInTime() {
      channel.offer(7);
    }

    @Actor
    public void putter(ZI_Result r) {
      r.r1 = Threads.call(() -> channel.offer(1, MOMENT));
    }

    @Actor
    public void takerAndCloser() {
      channel.poll();
      channel.close();
    }

    @Arbiter
    public void rest(ZI_Result r) {
      r.r2 = take(channel);
    }
  }
}
