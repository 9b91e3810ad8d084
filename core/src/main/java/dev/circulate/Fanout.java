package dev.circulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives values to several taps, each with its policy for when it is slow. Taps come and go at any
 * time, by themselves when they are closed; one go block at a time delivers.
 *
 * @param <T> the type of the values
 */
final class Fanout<T> {
  private static final Ports.Watch NOTHING = () -> {};

  /** That all has ended, and why. */
  private record End(@Nullable Throwable cause) {}

  /** A tap with its policy, told apart from others by being this object. */
  static final class Tap<T> {
    private final WritePort<? super T> port;
    private final SlowTap policy;

    // both guarded by this

    /** What ends when the tap leaves. */
    private Ports.Watch watch = NOTHING;

    private boolean hasLeft;

    /**
     * Makes one that is in no fan-out yet.
     *
     * @throws IllegalArgumentException if the port is to be waited for and is not one of this
     *     library's
     */
    Tap(WritePort<? super T> port, SlowTap policy) {
      if (policy == SlowTap.WAIT && !Ports.isSelectable(port)) {
        throw new IllegalArgumentException(
            "SlowTap.WAIT puts to this library's channels, not to " + port);
      }
      this.port = port;
      this.policy = policy;
    }

    private void watch(Runnable whenClosed) {
      keep(Ports.whenClosed(port, whenClosed));
    }

    private void keep(Ports.Watch begun) {
      synchronized (this) {
        if (!hasLeft) {
          watch = begun;
          return;
        }
      }
      begun.close();
    }

    private void leave() {
      Ports.Watch begun;
      synchronized (this) {
        hasLeft = true;
        begun = watch;
        watch = NOTHING;
      }
      begun.close();
    }
  }

  private final CopyOnWriteArrayList<Tap<T>> taps = new CopyOnWriteArrayList<>();

  private final Runnable whenEmpty;

  /** Gets a value when taps have changed, so that a delivery that waits for one looks again. */
  private final Channel<Boolean> left = Csp.chan(Csp.sliding(1));

  private volatile @Nullable End ended;

  /** Makes one without taps. */
  Fanout() {
    this(() -> {});
  }

  /**
   * Makes one without taps.
   *
   * @param whenEmpty is run whenever the last tap has left, by whoever made it leave
   */
  Fanout(Runnable whenEmpty) {
    this.whenEmpty = whenEmpty;
  }

  /** Adds a tap, or gives one that is there another policy; closes it if all has ended. */
  void add(Tap<T> tap) {
    enter(tap);
    attend(tap);
  }

  /** The first half of {@link #add}, which runs nobody else's code. */
  void enter(Tap<T> tap) {
    Tap<T> former = put(tap);
    if (former != null) {
      former.leave();
    }
    left.offer(true);
  }

  /** The second half; for who holds no lock, since it may close a tap. */
  void attend(Tap<T> tap) {
    tap.watch(() -> forget(tap));
    End why = ended;
    if (why != null && forget(tap)) {
      Pump.close(tap.port, why.cause());
    }
  }

  /** A delivery sees either the former policy or the new one: nobody leaves meanwhile. */
  private synchronized @Nullable Tap<T> put(Tap<T> tap) {
    Tap<T> former = find(tap.port);
    taps.replaceAll(present -> present.port.equals(tap.port) ? tap : present);
    taps.addIfAbsent(tap);
    return former;
  }

  private @Nullable Tap<T> find(WritePort<?> port) {
    for (Tap<T> tap : taps) {
      if (tap.port.equals(port)) {
        return tap;
      }
    }
    return null;
  }

  /** Removes a tap; does nothing if it is not there. */
  void remove(WritePort<?> port) {
    Tap<T> tap = find(port);
    if (tap != null) {
      forget(tap);
    }
  }

  /** Removes a tap; false if another did. */
  private boolean forget(Tap<T> tap) {
    if (!taps.remove(tap)) {
      return false;
    }
    tap.leave();
    somebodyLeft();
    return true;
  }

  /** Removes all taps. */
  void removeAll() {
    takeAll();
  }

  private Set<Tap<T>> takeAll() {
    Set<Tap<T>> all = Set.copyOf(taps);
    taps.removeAll(all);
    all.forEach(Tap::leave);
    somebodyLeft();
    return all;
  }

  private void somebodyLeft() {
    left.offer(true);
    if (taps.isEmpty()) {
      whenEmpty.run();
    }
  }

  boolean isEmpty() {
    return taps.isEmpty();
  }

  /** Gives a value to every tap; waits for those whose policy says so. */
  void deliver(T value) throws InterruptedException {
    List<Tap<T>> waitFor = new ArrayList<>();
    for (Tap<T> tap : taps) {
      if (!isDealtWith(tap, value)) {
        if (tap.port.isClosed()) {
          forget(tap);
        } else if (isWaitedFor(tap, value)) {
          waitFor.add(tap);
        }
      }
    }
    try {
      while (!waitFor.isEmpty()) {
        deliverOne(value, waitFor);
        waitFor.removeIf(tap -> !taps.contains(tap) && !isStillWaitedFor(tap, value));
        waitFor.removeIf(tap -> isDealtWith(tap, value)); // those that have room by now
      }
    } catch (InterruptedException e) {
      waitFor.forEach(tap -> Ports.undelivered(tap.port, value));
      throw e;
    }
  }

  /**
   * Offers a value to a tap. One that refuses it with an exception, as a channel of another address
   * space does that the value cannot be sent to, leaves with that; the others go on.
   *
   * @return false if it has no room, or is closed
   */
  private boolean isDealtWith(Tap<T> tap, T value) {
    try {
      return tap.port.offer(value);
    } catch (Throwable refusal) {
      refused(tap, refusal);
      return true;
    }
  }

  private void refused(Tap<T> tap, Throwable refusal) {
    if (forget(tap)) {
      if (tap.port instanceof Channel<?>) {
        Pump.close(tap.port, refusal);
      } else {
        UncaughtHandler.report(tap.port + ", a tap that is removed", refusal);
      }
    }
  }

  /** Does what the policy of a tap without room says, unless that is to wait. */
  private boolean isWaitedFor(Tap<T> tap, T value) {
    return switch (tap.policy) {
      case WAIT -> true;
      case DROP -> {
        Ports.undelivered(tap.port, value);
        yield false;
      }
      case DETACH -> !detach(tap) && isStillWaitedFor(tap, value);
    };
  }

  /** The same for a tap that has left meanwhile: it may be there with another policy. */
  private boolean isStillWaitedFor(Tap<T> former, T value) {
    return taps.stream()
        .filter(tap -> tap.port.equals(former.port))
        .anyMatch(tap -> isWaitedFor(tap, value));
  }

  /** Removes and closes a tap; false if it has left meanwhile, and so stays open. */
  private boolean detach(Tap<T> tap) {
    boolean removed = forget(tap);
    if (removed) {
      Pump.close(tap.port, new TapDetachedException(tap.port + " had no room for the next value"));
    }
    return removed;
  }

  /** Waits until one of them has the value, is closed or refuses it, or the taps have changed. */
  private void deliverOne(T value, List<Tap<T>> waitFor) throws InterruptedException {
    Alts<Boolean> next = Alts.<Boolean>first().take(left, anybody -> anybody);
    for (Tap<T> tap : waitFor) {
      Function<@Nullable Throwable, Boolean> leaves =
          refusal -> {
            if (refusal == null) {
              forget(tap); // it is closed
            } else {
              refused(tap, refusal);
            }
            return waitFor.remove(tap);
          };
      try {
        next.put(tap.port, value, () -> waitFor.remove(tap), leaves);
      } catch (Throwable refusal) {
        boolean _ = leaves.apply(refusal);
        return;
      }
    }
    boolean _ = next.await();
  }

  /**
   * Closes all taps, those to come, too.
   *
   * @return whether there was one to close
   */
  boolean end(@Nullable Throwable cause) {
    ended = new End(cause);
    boolean told = false;
    for (Tap<T> tap : takeAll()) {
      told |= tap.port instanceof Channel<?> && !tap.port.isClosed();
      Pump.close(tap.port, cause);
    }
    return told;
  }
}
