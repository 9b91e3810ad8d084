package dev.circulate.internal;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.SlowTap;
import dev.circulate.TapDetachedException;
import dev.circulate.WritePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Gives values to several taps, each with its policy for when it is slow. Taps come and go at any
 * time, by themselves when they are closed; one go block at a time delivers.
 *
 * @param <T> the type of the values
 */
public final class Fanout<T> {
  /** A tap with its policy, told apart from others by being this object. */
  public static final class Tap<T> {
    private final WritePort<? super T> port;
    private final SlowTap policy;

    // both guarded by this

    /** What is to be withdrawn when the tap leaves. */
    private Pending watch = Pending.DONE;

    private boolean hasLeft;

    /**
     * Makes one that is in no fan-out yet.
     *
     * @throws IllegalArgumentException if the port is to be waited for and is not one of this
     *     library's
     */
    public Tap(WritePort<? super T> port, SlowTap policy) {
      if (policy == SlowTap.WAIT) {
        PutSide.of(port, "SlowTap.WAIT");
      }
      this.port = port;
      this.policy = policy;
    }

    private void watch(Runnable whenClosed) {
      if (port instanceof PutSide<?> side) {
        keep(side.putSide().onClose(whenClosed));
      }
    }

    private void keep(Pending begun) {
      synchronized (this) {
        if (!hasLeft) {
          watch = begun;
          return;
        }
      }
      begun.withdraw();
    }

    private void leave() {
      Pending begun;
      synchronized (this) {
        hasLeft = true;
        begun = watch;
        watch = Pending.DONE;
      }
      begun.withdraw();
    }
  }

  private final CopyOnWriteArrayList<Tap<T>> taps = new CopyOnWriteArrayList<>();

  private final Runnable whenEmpty;

  /** Gets a value when taps have changed, so that a delivery that waits for one looks again. */
  private final Channel<Boolean> left = Csp.chan(Csp.sliding(1));

  private volatile @Nullable Closing ended;

  /** Makes one without taps. */
  public Fanout() {
    this(() -> {});
  }

  /**
   * Makes one without taps.
   *
   * @param whenEmpty is run whenever the last tap has left, by whoever made it leave
   */
  public Fanout(Runnable whenEmpty) {
    this.whenEmpty = whenEmpty;
  }

  /** Adds a tap, or gives one that is there another policy; closes it if all has ended. */
  public void add(Tap<T> tap) {
    enter(tap);
    attend(tap);
  }

  /** The first half of {@link #add}, which runs nobody else's code. */
  public void enter(Tap<T> tap) {
    Tap<T> former = put(tap);
    if (former != null) {
      former.leave();
    }
    left.offer(true);
  }

  /** The second half; for who holds no lock, since it may close a tap. */
  public void attend(Tap<T> tap) {
    tap.watch(() -> forget(tap));
    Closing why = ended;
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
  public void remove(WritePort<?> port) {
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
  public void removeAll() {
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

  public boolean isEmpty() {
    return taps.isEmpty();
  }

  /** Gives a value to every tap; waits for those whose policy says so. */
  public void deliver(T value) throws InterruptedException {
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
      }
    } catch (InterruptedException e) {
      waitFor.forEach(tap -> Pump.undelivered(tap.port, value));
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
      if (forget(tap)) {
        if (tap.port instanceof Channel<?> channel) {
          channel.close(refusal);
        } else {
          Uncaught.report(tap.port + ", a tap that is removed", refusal);
        }
      }
      return true;
    }
  }

  /** Does what the policy of a tap without room says, unless that is to wait. */
  private boolean isWaitedFor(Tap<T> tap, T value) {
    return switch (tap.policy) {
      case WAIT -> true;
      case DROP -> {
        Pump.undelivered(tap.port, value);
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

  private void deliverOne(T value, List<Tap<T>> waitFor) throws InterruptedException {
    Selection selection = new Selection();
    selection.take(left);
    waitFor.forEach(tap -> selection.put(tap.port, value));
    int chosen = selection.await(Time.NEVER) - 1;
    if (chosen >= 0) {
      Tap<T> tap = waitFor.remove(chosen);
      if (selection.isClosed()) {
        forget(tap);
      }
    }
  }

  /**
   * Closes all taps, those to come, too.
   *
   * @return whether there was one to close
   */
  public boolean end(@Nullable Throwable cause) {
    ended = cause == null ? Closing.PLAIN : new Closing(cause);
    boolean told = false;
    for (Tap<T> tap : takeAll()) {
      told |= tap.port instanceof Channel<?> && !tap.port.isClosed();
      Pump.close(tap.port, cause);
    }
    return told;
  }
}
