package dev.circulate;

import dev.circulate.internal.Context;
import dev.circulate.internal.Time;
import java.time.Duration;

/**
 * The moment until which a caller waits, and after which work for it is in vain.
 *
 * <p>A deadline travels with a request: while a command runs, {@link #current()} is its caller's,
 * the go blocks that it starts inherit it, and the calls that it makes in turn have no longer than
 * what is left. When it passes, the thread that runs the command is interrupted. Work that is to
 * outlast the call begins in a thread that inherits nothing: {@code Thread.startVirtualThread}.
 *
 * {@snippet :
 * @Command
 * List<Hit> search(String words) {
 *   boolean hurried = Deadline.current().remaining().compareTo(Duration.ofMillis(200)) < 0;
 *   return hurried ? index.first(words) : index.all(words);
 * }
 * }
 */
public final class Deadline {
  private static final Deadline NONE = new Deadline(Time.NEVER);

  private final long moment;

  private Deadline(long moment) {
    this.moment = moment;
  }

  /** The deadline that the calling thread works under; {@link #none()} outside of commands. */
  public static Deadline current() {
    return at(Context.current().deadline());
  }

  /** No deadline. */
  public static Deadline none() {
    return NONE;
  }

  /**
   * A deadline that lies ahead.
   *
   * @param wait how far, from now; zero or less has passed at once
   */
  public static Deadline after(Duration wait) {
    return at(Time.after(wait));
  }

  private static Deadline at(long moment) {
    return moment == Time.NEVER ? NONE : new Deadline(moment);
  }

  /** Whether there is one. */
  public boolean exists() {
    return moment != Time.NEVER;
  }

  /** Whether there is one and it has passed. */
  public boolean hasPassed() {
    return Time.passed(moment);
  }

  /** How long until then, at least zero; some 292 years when there is none. */
  public Duration remaining() {
    if (!exists()) {
      return Duration.ofNanos(Long.MAX_VALUE);
    }
    return Duration.ofNanos(Math.max(0, moment - Time.current().nanoTime()));
  }

  /** Whichever comes first. */
  public Deadline earlier(Deadline other) {
    if (!exists() || !other.exists()) {
      return exists() ? this : other;
    }
    return moment - other.moment <= 0 ? this : other;
  }

  @Override
  public String toString() {
    return exists() ? "deadline in " + remaining() : "no deadline";
  }
}
