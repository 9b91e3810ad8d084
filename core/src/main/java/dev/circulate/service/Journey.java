package dev.circulate.service;

import dev.circulate.internal.Time;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far one request has come, and when, so that its timeout can tell where the time went.
 *
 * <pre>
 *  WAITING ------&gt; TAKEN -------&gt; SERVED ------&gt; DONE
 *     the service's    a go block     the method
 *     channel          calls the      returns or
 *     accepts it       method         throws
 *
 *  SERVED ------&gt; TAKEN: it was passed on, to another's channel
 * </pre>
 *
 * <p>Who asks and who serves share it while both are in one address space. A request that goes to
 * another begins a journey of its own there; what is known of that comes back as the text of an
 * error, if it comes back.
 */
final class Journey {
  /** Where a request is. */
  private enum Stage {
    WAITING,
    TAKEN,
    SERVED,
    RUNNING,
    DONE
  }

  /** One part of the way, from a moment of {@link Time} on. */
  static final class Leg {
    private final Stage stage;
    private final long since = Time.current().nanoTime();
    private final @Nullable Leg before;

    /** Whether who had it has passed it on; guarded by the journey. */
    private boolean passedOn;

    private Leg(Stage stage, @Nullable Leg before) {
      this.stage = stage;
      this.before = before;
    }
  }

  private final @Nullable String peer;

  /** Guarded by this. */
  private Leg last;

  private Journey(@Nullable String peer, Stage stage) {
    this.peer = peer;
    this.last = new Leg(stage, null);
  }

  /**
   * Begins where a request is asked.
   *
   * @param peer which peer has the service, in words; null if it is in this address space
   */
  static Journey asked(@Nullable String peer) {
    return new Journey(peer, Stage.WAITING);
  }

  /** Begins where a request arrives. */
  static Journey arrived() {
    return new Journey(null, Stage.TAKEN);
  }

  /** Begins, and ends, in a piece of code that was called without a request. */
  static Journey running() {
    return new Journey(null, Stage.RUNNING);
  }

  /** The service's channel has accepted it; who serves it may have been quicker than this word. */
  synchronized void taken() {
    if (last.stage == Stage.WAITING) {
      last = new Leg(Stage.TAKEN, last);
    }
  }

  /** A method is called for it. */
  synchronized Leg served() {
    taken();
    last = new Leg(Stage.SERVED, last);
    return last;
  }

  /** It is now with somebody else, who will serve it, and answer. */
  synchronized void passedOn() {
    last.passedOn = true;
    last = new Leg(Stage.TAKEN, last);
  }

  /** Whether who served it is to answer it still. */
  synchronized boolean isAnsweredBy(Leg served) {
    return !served.passedOn;
  }

  /** The method has ended; that counts unless it passed the request on. */
  synchronized void done(Leg served) {
    if (last == served) {
      last = new Leg(Stage.DONE, last);
    }
  }

  /** Where the time went until now. */
  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder();
    long until = Time.current().nanoTime();
    for (Leg leg = last; leg != null; leg = leg.before) {
      String part = TimeUnit.NANOSECONDS.toMillis(until - leg.since) + " ms " + where(leg);
      text.insert(0, text.isEmpty() ? part : part + ", ");
      until = leg.since;
    }
    return text.toString();
  }

  private String where(Leg leg) {
    return switch (leg.stage) {
      case WAITING ->
          peer == null ? "waiting for the service's channel" : "waiting for the window to " + peer;
      case TAKEN ->
          peer != null
              ? "since it was sent to " + peer
              : leg == last ? "in the queue or in the service's hands" : "in the queue";
      case SERVED -> "in the method";
      case RUNNING -> "in the step's own code";
      case DONE -> "on the way back";
    };
  }
}
