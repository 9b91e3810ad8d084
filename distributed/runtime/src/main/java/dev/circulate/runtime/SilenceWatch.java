package dev.circulate.runtime;

import dev.circulate.internal.Time;
import dev.circulate.runtime.session.Session;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks with every beat whether the peer has been silent for longer than the session allows.
 *
 * <p>A look that comes late, since the process stood still, asks how it was at its own moment: what
 * the peer has said since then is still in the link, and is heard before the next look.
 */
final class SilenceWatch {
  /** Guarded by itself. */
  private final Session session;

  private final Duration beat;
  private final BooleanSupplier mayBeSilent;
  private final Supplier<@Nullable Line> line;
  private final BiConsumer<Line, Duration> silent;

  /** Looks the next time; null before the first. */
  private volatile Time.@Nullable Timer next;

  private volatile boolean stopped;

  /**
   * Does not look yet.
   *
   * @param mayBeSilent whether nothing is to be heard of the peer now
   * @param line what the peer is to be heard on
   * @param silent told the line, and for how long a silence is allowed, with every beat that it
   *     lasts; must not block
   */
  SilenceWatch(
      Session session,
      Duration beat,
      BooleanSupplier mayBeSilent,
      Supplier<@Nullable Line> line,
      BiConsumer<Line, Duration> silent) {
    this.session = session;
    this.beat = beat;
    this.mayBeSilent = mayBeSilent;
    this.line = line;
    this.silent = silent;
  }

  /** Begins to look, or goes on. */
  void watch() {
    long moment = Time.after(beat);
    next = Time.current().schedule(moment, () -> look(moment));
    if (stopped) {
      cancel();
    }
  }

  private void look(long moment) {
    Line present = line.get(); // before the silence: another line begins with none
    Duration silence = present == null ? null : silence(moment);
    if (present != null && silence != null) {
      silent.accept(present, silence);
    }
    watch();
  }

  /** How long the peer may be silent, if at a moment it had been for longer; else null. */
  private @Nullable Duration silence(long moment) {
    synchronized (session) {
      return session.due(moment) == Session.Due.SILENCE && !mayBeSilent.getAsBoolean()
          ? session.patience()
          : null;
    }
  }

  void stop() {
    stopped = true;
    cancel();
  }

  private void cancel() {
    Time.Timer last = next;
    if (last != null) {
      last.cancel();
    }
  }
}
