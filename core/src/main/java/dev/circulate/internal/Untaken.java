package dev.circulate.internal;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The failures of go blocks that nobody has taken yet.
 *
 * <p>One whose channel can no longer be reached will never be taken: the uncaught handler is told.
 * So it is, when the JVM exits, of all that are left. Only failures cost anything. One that was
 * seen is watched no longer: it may know its channel, which then would be reachable for ever.
 */
final class Untaken implements Runnable {
  private static final Set<Untaken> WAITING = ConcurrentHashMap.newKeySet();

  /** Whether the JVM exits, and what is left was reported. */
  private static volatile boolean exiting;

  static {
    try {
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform().name("circulate-failures").unstarted(Untaken::reportAll));
    } catch (IllegalStateException e) {
      exiting = true; // the first failure came too late for a hook
    }
  }

  private final String where;
  private final Closing why;

  private Untaken(String where, Closing why) {
    this.where = where;
    this.why = why;
  }

  /** Sees to it that a failure is taken from a channel or reported. */
  static void watch(LocalChannel<?> channel, String where, Closing why) {
    Untaken failure = new Untaken(where, why);
    WAITING.add(failure);
    why.whenSeen(Collected.watch(channel, failure)::clean);
    if (exiting) {
      failure.reportAtExit();
    }
  }

  /** The channel can no longer be reached. */
  @Override
  public void run() {
    if (WAITING.remove(this) && !why.wasSeen()) {
      Uncaught.report(where, cause());
    }
  }

  private static void reportAll() {
    exiting = true;
    WAITING.forEach(Untaken::reportAtExit);
  }

  private void reportAtExit() {
    if (WAITING.remove(this) && !why.wasSeen()) {
      Uncaught.reportAtExit(where, cause());
    }
  }

  private Throwable cause() {
    return Objects.requireNonNull(why.cause());
  }
}
