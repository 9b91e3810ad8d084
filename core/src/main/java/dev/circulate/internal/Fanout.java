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

  /** Gets a value when a tap has left, so that a delivery that waits for it looks again. */
  private final Channel<Boolean> left = Csp.chan(Csp.sliding(1));

  private volatile @Nullable Closing ended;

  /** Adds a tap, or gives one that is there another policy; closes it if all has ended. */
  public void add(WritePort<? super T> port, SlowTap policy) {
    remove(port);
    taps.add(new Tap<>(port, policy));
    Closing why = ended;
    if (why != null) {
      Pump.close(port, why.cause());
    }
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
        } else {
          switch (tap.policy) {
            case WAIT -> waitFor.add(tap);
            case DROP -> Pump.undelivered(tap.port, value);
            case DETACH -> detach(tap);
          }
        }
      }
    }
    while (!waitFor.isEmpty()) {
      deliverOne(value, waitFor);
      waitFor.retainAll(taps);
    }
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
