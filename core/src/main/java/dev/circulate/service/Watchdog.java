package dev.circulate.service;

import dev.circulate.internal.Pending;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts the thread that serves a request when that has become pointless: its deadline passed,
 * or its caller closed the reply channel. Costs no thread.
 */
final class Watchdog {
  private final Request request;
  private final Thread thread = Thread.currentThread();
  private final Reply reply;
  private Time.Timer timer = () -> {};
  private Pending watch = Pending.DONE;

  /** Guarded by this. */
  private boolean ended;

  /** Why the thread was interrupted; guarded by this. */
  private @Nullable CallError cut;

  private Watchdog(Request request, Reply reply) {
    this.request = request;
    this.reply = reply;
  }

  /** Watches over the calling thread, until {@link #end()}. */
  static Watchdog over(Request request, long moment, Reply reply) {
    Watchdog watchdog = new Watchdog(request, reply);
    if (moment != Time.NEVER) {
      watchdog.timer = Time.current().schedule(moment, watchdog::deadlinePassed);
    }
    if (request.replyTo() instanceof PutSide<?> side) {
      watchdog.watch = side.putSide().onClose(watchdog::callerLeft);
    }
    return watchdog;
  }

  /**
   * Ends the watch: from here on the thread is not interrupted, and a pending interrupt that came
   * from here is cleared.
   *
   * @return why the thread was interrupted; null if it was not
   */
  synchronized @Nullable CallError end() {
    ended = true;
    timer.cancel();
    watch.withdraw();
    if (cut != null) {
      Thread.interrupted();
    }
    return cut;
  }

  private void deadlinePassed() {
    CallError why =
        new CallError.DeadlineExceeded(
            "the deadline passed while '" + request.command() + "' was under way");
    if (interrupt(why)) {
      reply.now(why); // the method may take its time to notice
    }
  }

  private void callerLeft() {
    interrupt(
        new CallError.Cancelled(
            "the caller of '" + request.command() + "' closed its reply channel"));
  }

  private synchronized boolean interrupt(CallError why) {
    if (ended || cut != null) {
      return false;
    }
    cut = why;
    thread.interrupt();
    return true;
  }
}
