package dev.circulate.internal;

import dev.circulate.Buffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What closes a timeout channel at its moment.
 *
 * <p>A timer runs only while somebody waits. Between, the moment is compared with the clock when
 * the channel is looked at, so an abandoned timeout is a few words of memory that nothing else
 * refers to.
 */
public final class Timeout implements Feed {
  private final long moment;
  private final LocalChannel<Void> channel;

  /** The running timer; guarded by this. */
  private Time.@Nullable Timer timer;

  private Timeout(Duration delay) {
    this.moment = Time.after(delay);
    this.channel = LocalChannel.fed(new Buffer.Rendezvous(), "timeout " + delay, null, this);
  }

  /** A channel that closes after {@code delay}. */
  public static LocalChannel<Void> after(Duration delay) {
    return new Timeout(delay).channel;
  }

  @Override
  public void refresh() {
    if (Time.passed(moment)) {
      channel.close();
    }
  }

  @Override
  public synchronized void demandChanged() {
    boolean wanted = channel.isAwaited();
    if (wanted && timer == null) {
      timer = Time.current().schedule(moment, channel::close);
    } else if (!wanted && timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
