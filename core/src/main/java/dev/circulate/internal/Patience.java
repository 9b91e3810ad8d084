package dev.circulate.internal;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.IntSupplier;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;

/**
 * How a thread spends the first microseconds of a wait, before it parks: it spins, lets another
 * run, or neither.
 *
 * <p>To park and to be unparked costs more than most waits last, above all when the carrier thread
 * of the waiting one goes to sleep meanwhile and has to be woken by the system. But who spins keeps
 * a carrier from whom could do what is waited for. So it depends on what the scheduler of virtual
 * threads has queued:
 *
 * <ul>
 *   <li>Nothing: the other side runs elsewhere, or waits for something else. Spin, a short while.
 *   <li>More than the other carriers could take: let others run, <em>once</em>. On a scheduler so
 *       busy the other side then often has what is waited for, at a fraction of the cost of a park
 *       and an unpark. Never twice: with one carrier a loop of yields can keep running in a queue
 *       that its partner is not in. And not in a long queue on Intel's processors with AVX-512:
 *       there a yield costs more than both. The JVM zeroes even the smallest objects with registers
 *       of 512 bits, and the next SSE instruction waits some 100 ns for that; a yield has both, the
 *       one in the scheduler, the other where the stack is thawed, and a park has neither.
 *   <li>A few: often it is the other side, just made runnable here, and another carrier is on its
 *       way to take it. Then a longer spin pays once and for all: two threads that stay on carriers
 *       of their own never sleep again. If it does not pay, it is not tried again for a while, and
 *       for twice as many waits after each disappointment.
 *   <li>With a single carrier spinning is in vain: the other side cannot run meanwhile.
 * </ul>
 *
 * <p>Whether those have their turn who come from outside the scheduler is the {@link Scout}'s
 * matter.
 *
 * <p>How long a spin may be follows from what came of those before: it doubles when one pays and
 * halves when one does not, so a program that waits for the world outside spends little on it. The
 * figures are shared by all threads without synchronization: they only advise, and a lost update
 * costs nothing.
 */
final class Patience {
  /** The advice to yield once. */
  static final int YIELD = -1;

  /** For so many waits an advice is good enough: to ask costs a good part of a yield. */
  static final int WAITS_BETWEEN_QUESTIONS = 15;

  /** In nanoseconds, as all that follow: at the most as long as a park and an unpark cost. */
  private static final int LONGEST_SPIN = 4_000;

  private static final int SHORTEST_SPIN = 250;

  /** What a {@link Thread#onSpinWait} takes at least; some processors make ten times of it. */
  static final int SHORTEST_PAUSE = 8;

  /** The timer makes more of it. */
  private static final Duration SHORTEST_SLEEP = Duration.ofNanos(1_000);

  /** Longer than a carrier takes to wake up. */
  static final int SPIN_FOR_A_CARRIER = 12_800;

  /** How long one waits at most for the other end of a buffer to get ahead. */
  static final int KEEPING_CLEAR = LONGEST_SPIN;

  /**
   * How long one looks away from a buffer: a few times as long as a cache line takes to another
   * processor, about as long as it takes to fill one.
   */
  private static final int BETWEEN_LOOKS = 400;

  private static final int MOST_DOUBLINGS = 3;

  private static final int MOST_PASSES = 1024;

  /** From so many queued threads on a yield that costs more than a park is not worth it. */
  private static final int LONG_QUEUE = 32;

  /** The first level of the option {@code UseAVX} with registers of 512 bits. */
  private static final int AVX_512 = 3;

  /** Null in a runtime that leaves the module out: then nobody knows, and all are polite. */
  private static final @Nullable VirtualThreadSchedulerMXBean SCHEDULER = scheduler();

  private static final boolean YIELDS_COST_MORE = SCHEDULER != null && waitsAfterZeroing();

  private static int spins = LONGEST_SPIN;

  /** For how many waits no long spin is to be tried, and for how many after the next failure. */
  private static int passes;

  private static int nextPasses = 1;

  private Patience() {}

  private static @Nullable VirtualThreadSchedulerMXBean scheduler() {
    return ModuleLayer.boot().findModule("jdk.management").isPresent()
        ? ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class)
        : null;
  }

  /** The JVM tells the make of its processor by a choice that it makes on Intel's alone. */
  private static boolean waitsAfterZeroing() {
    HotSpotDiagnosticMXBean options =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      return options != null
          && Integer.parseInt(options.getVMOption("UseAVX").getValue()) >= AVX_512
          && options.getVMOption("UseStoreImmI16").getValue().equals("false");
    } catch (IllegalArgumentException _) {
      return false; // it has no such options: another architecture, or another JVM
    }
  }

  /** How many nanoseconds to spin before parking; or {@link #YIELD}. */
  static int advice() {
    VirtualThreadSchedulerMXBean scheduler = SCHEDULER;
    if (scheduler == null) {
      return YIELD;
    }
    long queued = scheduler.getQueuedVirtualThreadCount();
    int carriers = scheduler.getParallelism();
    if (carriers == 1) {
      return queued > 0 ? YIELD : 0;
    }
    if (queued == 0) {
      return spins;
    }
    if (queued >= carriers) {
      return YIELDS_COST_MORE && queued >= LONG_QUEUE ? 0 : YIELD;
    }
    int passing = passes;
    if (passing > 0) {
      passes = passing - 1;
      return YIELD;
    }
    return SPIN_FOR_A_CARRIER;
  }

  /**
   * Waits until what is ahead, in a buffer that others fill or empty, is a batch, or grows no more.
   *
   * <p>Two sides that work at the same time on neighbouring slots take the slots' cache lines from
   * each other with every value, and each value costs what a line takes there and back. So who
   * waits does not take the first that comes, but looks away, during which the other side works
   * undisturbed, until there is enough for the lines to cross once for all. A single value is taken
   * at once: it may be all that comes. And a side that stands still is waited for no longer.
   *
   * @param ahead how many values there are to take, or how much room there is
   * @param before how much was there before
   * @param batch what is enough
   * @param nanos how long to wait at most
   * @return whether there is anything
   */
  static boolean awaitBatch(IntSupplier ahead, int before, int batch, int nanos) {
    int present = before;
    for (int waited = 0; waited < nanos; waited += BETWEEN_LOOKS) {
      lookAway(BETWEEN_LOOKS);
      int seen = present;
      present = ahead.getAsInt();
      if (present > 0 && (present == 1 || present >= batch || present <= seen)) {
        return true;
      }
    }
    return present > 0;
  }

  /**
   * Lets another who is at work at the same end of a buffer get ahead, the longer the more often.
   */
  static void giveWay(int failures) {
    lookAway(BETWEEN_LOOKS << Math.min(failures, MOST_DOUBLINGS));
  }

  private static void lookAway(int nanos) {
    long begun = System.nanoTime();
    for (int pauses = 0; pauses < nanos / SHORTEST_PAUSE; pauses++) {
      Thread.onSpinWait();
      if (System.nanoTime() - begun >= nanos) {
        break;
      }
    }
  }

  /**
   * For a loop that waits for a step which another thread is about to take. A yield would not do:
   * threads that only yield can keep the carriers busy in a queue that the other is not in. Nor
   * would a park, which an interrupt ends at once, and the next one, too. What was interrupted is
   * again afterwards.
   */
  static void letOthersRun() {
    boolean interrupted = Thread.interrupted();
    try {
      Thread.sleep(SHORTEST_SLEEP);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that a spin ended with what was waited for. */
  static void paid() {
    if (spins < LONGEST_SPIN) {
      spins = Math.min(LONGEST_SPIN, spins * 2);
    }
    if (nextPasses > 1) {
      nextPasses = 1;
    }
  }

  /** Says that a spin of this length ended with nothing. */
  static void inVain(int length) {
    if (length == SPIN_FOR_A_CARRIER) {
      passes = nextPasses;
      nextPasses = Math.min(MOST_PASSES, nextPasses * 2);
    } else if (length > SHORTEST_SPIN) {
      spins = length / 2;
    }
  }
}
