package dev.circulate.internal;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Finds out whether virtual threads that are made runnable from outside their scheduler have their
 * turn.
 *
 * <p>The scheduler of virtual threads has a queue for each carrier, for what is made runnable
 * there, and others for what comes from outside: what timers, sockets and platform threads start or
 * wake. A carrier looks at those only when its own queue is empty. Go blocks that go on waking one
 * another keep it from that, with one carrier a single pair of them, with two a few; then no limit
 * ends, no frame is read, and what {@code main} starts does not begin, for as long as they are at
 * work.
 *
 * <p>So who begins to wait sends, now and then, a scout: a virtual thread that is started from
 * outside and does nothing. If it takes too long it is missing, and until it is back whoever begins
 * to wait leaves the scheduler for a moment, and so comes back from outside, behind the others: the
 * queues of the carriers run empty. It may also take long because very many are runnable. To leave
 * helps nobody then, and takes time; so the longer a scout was missing, the later the next one
 * goes.
 *
 * <pre>
 * HERE     nobody is under way         to SENT: who waits, when it is time
 * SENT     not yet outside             to OUTSIDE: the thread that starts it; to HERE: if it cannot
 * OUTSIDE  about to run                to MISSING: who waits, after PATIENCE; to HERE: the scout
 * MISSING  everybody makes way for it  to HERE: the scout
 * </pre>
 */
final class Scout {
  private enum State {
    HERE,
    SENT,
    OUTSIDE,
    MISSING
  }

  /** How long after one is back the next is sent at the earliest. */
  static final Duration INTERVAL = Duration.ofMillis(20);

  /** How long one may take. */
  static final Duration PATIENCE = Duration.ofMillis(2);

  /** How many times as long as one was missing there is none after it. */
  static final int REST = 20;

  static final Duration LONGEST_REST = Duration.ofMillis(500);

  private final Executor outside;
  private final Executor scheduler;
  private final LongSupplier clock;
  private final AtomicReference<State> state = new AtomicReference<>(State.HERE);

  /** When the next may be sent; written before this one is here again. */
  private volatile long next;

  /** When it was started; written before it is outside. */
  private volatile long started;

  /** When it was missed; written before it is missing. */
  private volatile long missed;

  /**
   * Makes one that is here.
   *
   * @param outside runs tasks in a thread that is not virtual
   * @param scheduler starts a virtual thread for each task
   * @param clock tells nanoseconds
   */
  Scout(Executor outside, Executor scheduler, LongSupplier clock) {
    this.outside = outside;
    this.scheduler = scheduler;
    this.clock = clock;
    this.next = clock.getAsLong();
  }

  /** Whether others wait longer for their turn than they should. */
  boolean isMissing() {
    return state.get() == State.MISSING;
  }

  /** Asked now and then by who begins to wait: sends the scout when it is time, or misses it. */
  void look() {
    long now = clock.getAsLong();
    switch (state.get()) {
      case HERE -> {
        if (now - next >= 0 && state.compareAndSet(State.HERE, State.SENT)) {
          runOrStay(outside, this::start);
        }
      }
      case OUTSIDE -> {
        if (now - started >= PATIENCE.toNanos()) {
          missed = now;
          state.compareAndSet(State.OUTSIDE, State.MISSING);
        }
      }
      case SENT, MISSING -> {}
    }
  }

  private void start() {
    started = clock.getAsLong();
    state.set(State.OUTSIDE);
    runOrStay(scheduler, this::back);
  }

  /** One that cannot go, for want of memory, is here: nobody must wait for it. */
  private void runOrStay(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (Throwable e) {
      back();
      throw e;
    }
  }

  private void back() {
    long now = clock.getAsLong();
    long rest = isMissing() ? REST * (now - missed) : 0;
    next = now + Math.clamp(rest, INTERVAL.toNanos(), LONGEST_REST.toNanos());
    state.set(State.HERE);
  }
}
