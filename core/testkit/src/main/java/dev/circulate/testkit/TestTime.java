package dev.circulate.testkit;

import dev.circulate.internal.GoBlock;
import dev.circulate.internal.Keepers;
import dev.circulate.internal.Parked;
import dev.circulate.internal.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A clock that the test moves, so that a test of timeouts neither sleeps nor depends on how fast
 * the machine is. Timeouts, timed operations and deadlines follow it.
 *
 * {@snippet :
 * try (TestTime time = TestTime.install()) {
 *   Channel<String> outcome = go(() -> limiter.acquire(Duration.ofMinutes(5)));
 *   time.runUntilEveryBlockWaits();
 *   time.advance(Duration.ofMinutes(5));
 *   assertThat(outcome.take()).isEqualTo("too late");
 *   time.assertNothingLeftOver();
 * }
 * }
 *
 * <p><b>Go blocks</b> that start while it is installed are counted until they end. They really run,
 * in threads of their own; {@link #runUntilEveryBlockWaits()} waits until each has ended or is
 * blocked in a channel's operation, an alts or a scope. A block that waits for something else (a
 * sleep, a lock, a socket) counts as running.
 *
 * <p><b>A test that hangs</b> fails instead: when the blocks do not come to rest, or the test's own
 * thread waits for a channel, for longer than the patience (10 seconds of the system's clock unless
 * {@link #install(Duration)} says otherwise), an {@link AssertionError} is thrown whose message
 * lists what every block waits for.
 *
 * <p><b>Threads.</b> There is one clock for the process, so tests that use it do not run side by
 * side; it is for the thread that installed it. Threads that are not go blocks are not counted.
 */
public final class TestTime implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What a clock of nanoseconds can tell apart from a step back. */
  private static final Duration LONGEST_STEP = Duration.ofNanos(Long.MAX_VALUE / 4);

  private final Thread owner = Thread.currentThread();
  private final Duration patience;
  private final ManualTime time = new ManualTime(this::parkOwner);
  private final Census census = new Census(time);
  private final Time before;
  private final Set<Keepers.Keeper> keepersBefore = Keepers.known();
  private boolean closed;

  private TestTime(Duration patience) {
    this.patience = patience;
    this.before = Time.install(time);
    GoBlock.count(census);
  }

  /**
   * Puts a clock in force that stands still.
   *
   * @throws IllegalStateException if another test time is installed
   */
  public static TestTime install() {
    return install(PATIENCE);
  }

  /**
   * Puts a clock in force that stands still.
   *
   * @param patience how long, by the system's clock, before a test counts as hung
   * @throws IllegalStateException if another test time is installed
   */
  public static TestTime install(Duration patience) {
    if (!patience.isPositive()) {
      throw new IllegalArgumentException("patience must be longer than zero, not " + patience);
    }
    synchronized (TestTime.class) {
      if (Time.current() instanceof ManualTime) {
        throw new IllegalStateException(
            "another test time is installed: close it first, and do not run such tests in"
                + " parallel");
      }
      return new TestTime(patience);
    }
  }

  /**
   * Waits until every go block that started since the time was installed has ended or waits, and no
   * timer is due: until nothing more happens unless the test does something.
   *
   * @throws AssertionError if that does not come about; its message lists the blocks
   */
  public void runUntilEveryBlockWaits() {
    checkUse();
    do {
      awaitRest();
    } while (time.fireOne());
  }

  @SuppressWarnings("ThreadPriorityCheck") // it polls; the blocks must get their turn
  private void awaitRest() {
    long begin = System.nanoTime();
    while (!census.allWait()) {
      if (System.nanoTime() - begin > patienceNanos()) {
        throw new AssertionError(
            "after " + patience + " not every go block waits:\n" + census.listing());
      }
      Thread.yield();
    }
  }

  /**
   * Moves the clock: whatever is to happen until then happens in the order of its moments, and
   * after each the blocks run until every one waits.
   *
   * @param step how far; not negative, and at most some 73 years
   * @throws IllegalArgumentException if it is
   * @throws AssertionError if the blocks do not come to rest; its message lists them
   */
  public void advance(Duration step) {
    if (step.isNegative()) {
      throw new IllegalArgumentException("time does not go back: " + step);
    }
    if (step.compareTo(LONGEST_STEP) > 0) {
      throw new IllegalArgumentException("a step is at most " + LONGEST_STEP + ", not " + step);
    }
    runUntilEveryBlockWaits();
    long target = time.nanoTime() + step.toNanos();
    for (OptionalLong next = time.next(target); next.isPresent(); next = time.next(target)) {
      time.moveTo(next.getAsLong());
      runUntilEveryBlockWaits();
    }
    time.moveTo(target);
    runUntilEveryBlockWaits();
  }

  /**
   * Checks that nothing is left of what began since the time was installed: that every go block has
   * ended, no other thread of that time waits for a channel, no timer is pending, and no peer of a
   * session holds a channel of ours. A peer lets go a little later than a test ends, and only of
   * what is garbage: so this collects garbage, and waits for that as long as its patience lasts.
   *
   * @throws AssertionError if something is left; its message says what
   */
  public void assertNothingLeftOver() {
    runUntilEveryBlockWaits();
    List<String> exports = awaitLettingGo();
    List<String> waits = census.otherWaits();
    List<String> left = new ArrayList<>();
    count(left, census.alive(), "go block");
    count(left, waits.size(), "waiting thread");
    count(left, time.timers(), "timer");
    left.addAll(exports);
    if (!left.isEmpty()) {
      throw new AssertionError(
          Stream.of(List.of("left over: " + String.join(", ", left)), census.lines(), waits)
              .flatMap(List::stream)
              .collect(Collectors.joining("\n")));
    }
  }

  private static void count(List<String> left, int number, String what) {
    if (number > 0) {
      left.add(number + " " + what + (number == 1 ? "" : "s"));
    }
  }

  /** What is kept for peers when it has become nothing, or the patience is over. */
  @SuppressWarnings("ThreadPriorityCheck") // it polls; the peers must get their turn
  private List<String> awaitLettingGo() {
    long begin = System.nanoTime();
    List<String> kept = Keepers.keptBesides(keepersBefore);
    while (!kept.isEmpty() && System.nanoTime() - begin < patienceNanos()) {
      System.gc();
      Thread.yield();
      kept = Keepers.keptBesides(keepersBefore);
    }
    return kept;
  }

  private long patienceNanos() {
    return TimeUnit.NANOSECONDS.convert(patience); // or as long as nanoseconds can tell
  }

  /** How the test's own thread waits: not for a clock that only it moves, and not for ever. */
  private void parkOwner(Time.Wait wait, long moment) {
    long begin = System.nanoTime();
    LockSupport.parkNanos(wait, patienceNanos());
    if (System.nanoTime() - begin >= patienceNanos() && Parked.giveUp(wait)) {
      String limit = moment == Time.NEVER ? "" : ", for a time that it does not advance itself";
      throw new AssertionError(
          "the test waited "
              + patience
              + " for a channel"
              + limit
              + "; the go blocks:\n"
              + census.listing());
    }
  }

  private void checkUse() {
    if (closed) {
      throw new IllegalStateException("this test time is closed");
    }
    if (!Thread.currentThread().equals(owner)) {
      throw new IllegalCallerException("a test time is for the thread that installed it, " + owner);
    }
  }

  /** Puts the clock from before in force again; what still waits here goes on by it. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      GoBlock.count(null);
      Time.install(before);
      time.handOver(before);
    }
  }
}
