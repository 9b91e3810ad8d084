package dev.circulate.internal;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.SlowTap;
import dev.circulate.TapDetachedException;
import dev.circulate.WritePort;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Gives values to several taps, each with its policy for when it is slow. Taps come and go at any
 * time; one go block at a time delivers.
 *
 * @param <T> the type of the values
 */
public final class Fanout<T> {
  private record Tap<T>(WritePort<? super T> port, SlowTap policy) {}

  private final CopyOnWriteArrayList<Tap<T>> taps = new CopyOnWriteArrayList<>();

  /** Gets a value when taps have changed, so that a delivery that waits for one looks again. */
  private final Channel<Boolean> left = Csp.chan(Csp.sliding(1));

  private volatile @Nullable Closing ended;

  /** Adds a tap, or gives one that is there another policy; closes it if all has ended. */
  public void add(WritePort<? super T> port, SlowTap policy) {
    put(new Tap<>(port, policy));
    left.offer(true);
    Closing why = ended;
    if (why != null) {
      Pump.close(port, why.cause());
    }
  }

  /** A delivery sees either the former policy or the new one: nobody leaves meanwhile. */
  private synchronized void put(Tap<T> tap) {
    taps.replaceAll(present -> present.port.equals(tap.port) ? tap : present);
    taps.addIfAbsent(tap);
  }

  /** Removes a tap; does nothing if it is not there. */
  public void remove(WritePort<?> port) {
    if (taps.removeIf(tap -> tap.port.equals(port))) {
      left.offer(true);
    }
  }

  /** Removes all taps. */
  public void removeAll() {
    taps.clear();
    left.offer(true);
  }

  public boolean isEmpty() {
    return taps.isEmpty();
  }

  /** Gives a value to every tap; waits for those whose policy says so. */
  public void deliver(T value) throws InterruptedException {
    List<Tap<T>> waitFor = new ArrayList<>();
    for (Tap<T> tap : taps) {
      if (!tap.port.offer(value)) {
        if (tap.port.isClosed()) {
          taps.remove(tap);
        } else if (isWaitedFor(tap, value)) {
          waitFor.add(tap);
        }
      }
    }
    while (!waitFor.isEmpty()) {
      deliverOne(value, waitFor);
      waitFor.removeIf(tap -> !taps.contains(tap) && !isStillWaitedFor(tap, value));
    }
  }

  /** Does what the policy of a tap without room says, unless that is to wait. */
  private boolean isWaitedFor(Tap<T> tap, T value) {
    switch (tap.policy) {
      case WAIT -> {
        return true;
      }
      case DROP -> Pump.undelivered(tap.port, value);
      case DETACH -> detach(tap);
    }
    return false;
  }

  /** The same for a tap that was waited for: it may be there with another policy. */
  private boolean isStillWaitedFor(Tap<T> former, T value) {
    return taps.stream()
        .filter(tap -> tap.port.equals(former.port))
        .anyMatch(tap -> isWaitedFor(tap, value));
  }

  private void detach(Tap<T> tap) {
    taps.remove(tap);
    Pump.close(tap.port, new TapDetachedException(tap.port + " had no room for the next value"));
  }

  private void deliverOne(T value, List<Tap<T>> waitFor) throws InterruptedException {
    Selection selection = new Selection();
    selection.take(left);
    waitFor.forEach(tap -> selection.put(tap.port, value));
    int chosen = selection.await(Time.NEVER) - 1;
    if (chosen >= 0) {
      Tap<T> tap = waitFor.remove(chosen);
      if (selection.isClosed()) {
        taps.remove(tap);
      }
    }
  }

  /** Closes all taps, those to come, too. */
  public void end(@Nullable Throwable cause) {
    ended = cause == null ? Closing.PLAIN : new Closing(cause);
    for (Tap<T> tap : taps) {
      Pump.close(tap.port, cause);
    }
  }
}
