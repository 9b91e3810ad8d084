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
  @SuppressWarnings("ReferenceEquality") // a failure is itself and no other
  public static void report(String where, Throwable failure) {
    try {
      handler.uncaught(where, failure);
    } catch (Throwable e) {
      if (e != failure) {
        e.addSuppressed(failure);
      }
      LOG.uncaught(where + ", and then its uncaught handler", e);
    }
  }

  /**
   * Hands over a failure while the JVM exits. The logging system may be gone by then without a
   * word, so what would be logged is printed.
   */
  static void reportAtExit(String where, Throwable failure) {
    if (!handler.equals(LOG)) {
      report(where, failure);
      return;
    }
    System.err.print("dev.circulate: " + where + ": " + trace(failure));
  }

  @SuppressWarnings("CatchAndPrintStackTrace") // the last resort
  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    try {
      failure.printStackTrace(new PrintWriter(text));
      return text.toString();
    } catch (RuntimeException | Error e) {
      return Words.of(failure) + System.lineSeparator();
    }
  }
}
