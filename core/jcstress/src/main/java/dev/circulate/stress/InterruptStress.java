package dev.circulate.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.circulate.Alts;
import dev.circulate.Channel;
import dev.circulate.Csp;
import java.util.concurrent.Callable;
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

  /** A thread that waits for a channel, and somebody who interrupts it. */
  private static final class Target {
    private volatile @Nullable Thread thread;
    private volatile boolean interrupted;

    void take(Channel<Integer> channel, IZI_Result r) {
      run(
          () -> {
            Integer value = channel.take();
            return value == null ? 0 : value;
          },
          r);
    }

    void run(Callable<Integer> operation, IZI_Result r) {
      thread = Thread.currentThread();
      int outcome;
      try {
        outcome = operation.call();
      } catch (InterruptedException e) {
        outcome = -1;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      while (!interrupted) {
        Thread.onSpinWait();
      }
      r.r2 = Thread.interrupted();
      r.r1 = outcome;
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

  /** The other side: a put without a buffer. In the result: 1 if accepted; what the taker got. */
  @JCStressTest
  @Outcome(id = "-1, false, 0", expect = ACCEPTABLE, desc = "interrupted, and put nothing")
  @Outcome(id = "1, true, 1", expect = ACCEPTABLE, desc = "handed over; the interrupt is pending")
  @Outcome(id = "-1, false, 1", expect = FORBIDDEN, desc = "interrupted, and taken all the same")
  @Outcome(id = "1, .*, 0", expect = FORBIDDEN, desc = "accepted, and nobody has it")
  @Outcome(expect = FORBIDDEN, desc = "both, or neither")
  @State
  public static class Put {
    private final Channel<Integer> channel = Csp.chan();
    private final Target target = new Target();

    @Actor
    public void putter(IZI_Result r) {
      target.run(() -> channel.put(1) ? 1 : 0, r);
    }

    @Actor
    public void interrupterAndTaker(IZI_Result r) {
      target.interrupt();
      r.r3 = poll(channel);
    }
  }

  /** The same in a virtual thread. */
  @JCStressTest
  @Outcome(id = "-1, false, 0", expect = ACCEPTABLE, desc = "interrupted, and put nothing")
  @Outcome(id = "1, true, 1", expect = ACCEPTABLE, desc = "handed over; the interrupt is pending")
  @Outcome(id = "-1, false, 1", expect = FORBIDDEN, desc = "interrupted, and taken all the same")
  @Outcome(id = "1, .*, 0", expect = FORBIDDEN, desc = "accepted, and nobody has it")
  @Outcome(expect = FORBIDDEN, desc = "both, or neither")
  @State
  public static class PutVirtual {
    private final Channel<Integer> channel = Csp.chan();
    private final Target target = new Target();

    @Actor
    public void putter(IZI_Result r) {
      Threads.callVirtual(
          () -> {
            target.run(() -> channel.put(1) ? 1 : 0, r);
            return 0;
          });
    }

    @Actor
    public void interrupterAndTaker(IZI_Result r) {
      target.interrupt();
      r.r3 = poll(channel);
    }
  }

  /** An alts over two channels, of which the second gets a value. */
  @JCStressTest
  @Outcome(id = "-1, false, 1", expect = ACCEPTABLE, desc = "interrupted, and took nothing")
  @Outcome(
      id = "1, true, 0",
      expect = ACCEPTABLE,
      desc = "took the value; the interrupt is pending")
  @Outcome(expect = FORBIDDEN, desc = "both, or neither")
  @State
  public static class AltsOverTwo {
    private final Channel<Integer> empty = Csp.chan();
    private final Channel<Integer> channel = Csp.chan(1);
    private final Target target = new Target();

    @Actor
    public void taker(IZI_Result r) {
      target.run(() -> Alts.<Integer>first().take(empty, v -> v).take(channel, v -> v).await(), r);
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

  /** A take, and the channel is closed: in the result 0 for that it was told so. */
  @JCStressTest
  @Outcome(id = "-1, false, 0", expect = ACCEPTABLE, desc = "interrupted")
  @Outcome(id = "0, true, 0", expect = ACCEPTABLE, desc = "ended; the interrupt is pending")
  @Outcome(id = "0, false, 0", expect = FORBIDDEN, desc = "ended, and lost the interrupt")
  @Outcome(expect = FORBIDDEN, desc = "both, or neither")
  @State
  public static class AgainstClose {
    private final Channel<Integer> channel = Csp.chan();
    private final Target target = new Target();

    @Actor
    public void taker(IZI_Result r) {
      target.take(channel, r);
    }

    @Actor
    public void interrupterAndCloser() {
      target.interrupt();
      channel.close();
    }
  }
}
