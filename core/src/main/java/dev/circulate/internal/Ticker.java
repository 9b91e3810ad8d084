package dev.circulate.internal;

import dev.circulate.Buffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What fills a ticker channel at its moments.
 *
 * <p>As with a {@link Timeout} a timer runs only while somebody waits; between, the clock is looked
 * at when the channel is. The channel keeps the last tick only.
 */
public final class Ticker implements Feed {
  private final long start;
  private final long period;
  private final LocalChannel<Long> channel;

  /** The number of the last tick that was put; guarded by this. */
  private long last;

  /** A timer for the next tick, told apart from one that fires while it is cancelled. */
  private final class Running {
    private final Time.Timer timer =
        Time.current().schedule(start + (last + 1) * period, this::tick);

    @SuppressWarnings("ReferenceEquality") // a timer is this object
    private void tick() {
      synchronized (Ticker.this) {
        if (running == this) {
          running = null;
        }
      }
      refresh();
      demandChanged();
    }
  }

  /** The running timer; guarded by this. */
  private @Nullable Running running;

  private Ticker(Duration period) {
    this.period = period.toNanos();
    this.start = Time.current().nanoTime();
    this.channel = LocalChannel.fed(new Buffer.Sliding(1), "ticker " + period, null, this);
  }

  /** A channel that gets the number of each period that has passed. */
  public static LocalChannel<Long> every(Duration period) {
    if (!period.isPositive() || period.compareTo(Duration.ofNanos(Long.MAX_VALUE / 4)) > 0) {
      throw new IllegalArgumentException(
          "a ticker ticks after a positive time of at most 73 years, not " + period);
    }
    return new Ticker(period).channel;
  }

  @Override
  public void refresh() {
    long due = (Time.current().nanoTime() - start) / period;
    Arm served = null;
    synchronized (this) {
      if (due > last) {
        last = due;
        served = channel.supply(due); // or two threads could put their ticks in either order
      }
    }
    WaitingRoom.wake(served);
  }

  @Override
  public synchronized void demandChanged() {
    boolean wanted = channel.waitingTakers() > 0;
    if (wanted && running == null) {
      running = new Running();
    } else if (!wanted && running != null) {
      running.timer.cancel();
      running = null;
    }
  }
}
