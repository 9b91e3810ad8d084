package dev.circulate.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.circulate.Channel;
import dev.circulate.Csp;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZI_Result;

/**
 * An interrupt against a hand-over: the take throws and takes nothing, or gets its value and leaves
 * the interrupt pending (CH-6). In the result: what was taken (-1 if it threw), whether an
 * interrupt was pending afterwards, what is left in the channel.
 */
public class InterruptStress {
  private InterruptStress() {}

  /** A taker, and somebody who interrupts it. */
  private static final class Target {
    private volatile @Nullable Thread thread;
    private volatile boolean interrupted;

    void take(Channel<Integer> channel, IZI_Result r) {
      thread = Thread.currentThread();
      int taken;
      try {
        Integer value = channel.take();
        taken = value == null ? 0 : value;
      } catch (InterruptedException e) {
        taken = -1;
      }
      while (!interrupted) {
        Thread.onSpinWait();
      }
      r.r2 = Thread.interrupted();
      r.r1 = taken;
    }

    void interrupt() {
      Thread target = thread;
      while (target == null) {
        Thread.onSpinWait();
        target = thread;
      }
      target.interrupt();
      interrupted = true;
    }
  }

  private static int poll(Channel<Integer> channel) {
    Integer value = channel.poll();
    return value == null ? 0 : value;
  }

  @JCStressTest
  @Outcome(id = "-1, false, 1", expect = ACCEPTABLE, desc = "interrupted, and took nothing")
  @Outcome(
      id = "1, true, 0",
      expect = ACCEPTABLE,
      desc = "took the value; the interrupt is pending")
  @Outcome(id = "-1, false, 0", expect = FORBIDDEN, desc = "interrupted, and the value is gone")
  @Outcome(id = "1, false, 0", expect = FORBIDDEN, desc = "took the value, and lost the interrupt")
  @Outcome(expect = FORBIDDEN, desc = "both, or neither")
  @State
  public static class PlatformThread {
    private final Channel<Integer> channel = Csp.chan(1);
    private final Target target = new Target();

    @Actor
    public void taker(IZI_Result r) {
      target.take(channel, r);
    }

    @Actor
    public void interrupterAndPutter() {
      target.interrupt();
      channel.offer(1);
    }

    @Arbiter
    public void rest(IZI_Result r) {
      r.r3 = poll(channel);
    }
  }

  @JCStressTest
  @Outcome(id = "-1, false, 1", expect = ACCEPTABLE, desc = "interrupted, and took nothing")
  @Outcome(
      id = "1, true, 0",
      expect = ACCEPTABLE,
      desc = "took the value; the interrupt is pending")
  @Outcome(id = "-1, false, 0", expect = FORBIDDEN, desc = "interrupted, and the value is gone")
  @Outcome(id = "1, false, 0", expect = FORBIDDEN, desc = "took the value, and lost the interrupt")
  @Outcome(expect = FORBIDDEN, desc = "both, or neither")
  @State
  public static class VirtualThread {
    private final Channel<Integer> channel = Csp.chan(1);
    private final Target target = new Target();

    @Actor
    public void taker(IZI_Result r) {
      Threads.callVirtual(
          () -> {
            target.take(channel, r);
            return 0;
          });
    }

    @Actor
    public void interrupterAndPutter() {
      target.interrupt();
      channel.offer(1);
    }

    @Arbiter
    public void rest(IZI_Result r) {
      r.r3 = poll(channel);
    }
  }
}
