package dev.circulate.internal;

import dev.circulate.UncaughtHandler;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Where a failure goes that no caller can be told of. */
public final class Uncaught {
  private static final UncaughtHandler LOG =
      (where, failure) ->
          System.getLogger("dev.circulate").log(System.Logger.Level.WARNING, where, failure);

  private static volatile UncaughtHandler handler = LOG;

  private Uncaught() {}

  /** Puts a handler in force; answers the one it replaces. */
  public static synchronized UncaughtHandler install(UncaughtHandler handler) {
    UncaughtHandler before = Uncaught.handler;
    Uncaught.handler = handler;
    return before;
  }

  /**
   * Hands over a failure; a handler that fails itself is logged together with what it was given.
   */
  public static void report(String where, Throwable failure) {
    try {
      handler.uncaught(where, failure);
    } catch (RuntimeException | Error e) {
      e.addSuppressed(failure);
      LOG.uncaught(where + ", and then its uncaught handler", e);
    }
  }

  /**
   * Hands over a failure while the JVM exits. The logging system may be gone by then without a
   * word, so what would be logged is printed.
   */
  @SuppressWarnings("CatchAndPrintStackTrace") // the last resort
  static void reportAtExit(String where, Throwable failure) {
    if (!handler.equals(LOG)) {
      report(where, failure);
      return;
    }
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    System.err.print("dev.circulate: " + where + ": " + text);
  }
}
