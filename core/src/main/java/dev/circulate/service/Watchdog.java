package dev.circulate.service;

import dev.circulate.internal.Interrupter;
import dev.circulate.internal.Pending;
import dev.circulate.internal.PutSide;
import dev.circulate.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts the thread that serves a request when that has become pointless: its deadline passed,
 * its command's timeout, or its caller closed the reply channel. Costs no thread.
 */
final class Watchdog {
  private final Request request;
  private final Reply reply;
  private final Interrupter interrupter = new Interrupter();
  private final @Nullable CommandTimeout timeout;
  private final Journey.Leg served;
  private Time.Timer timer = () -> {};
  private Pending watch = Pending.DONE;

  /** Why the thread was interrupted. */
  private volatile @Nullable CallError cut;

  private Watchdog(Request request, Reply reply, @Nullable CommandTimeout timeout) {
    this.request = request;
    this.reply = reply;
    this.timeout = timeout;
    this.served = request.journey().served();
  }

  /**
   * Watches over the calling thread, until {@link #end()}.
   *
   * @param moment until when
   * @param timeout whose moment that is; null if it is the deadline of the request
   */
  static Watchdog over(
      Request request, Reply reply, long moment, @Nullable CommandTimeout timeout) {
    Watchdog watchdog = new Watchdog(request, reply, timeout);
    if (moment != Time.NEVER) {
      watchdog.timer = Time.current().schedule(moment, watchdog::momentPassed);
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
  @Nullable CallError end() {
    request.journey().done(served);
    timer.cancel();
    watch.withdraw();
    return interrupter.end() ? cut : null;
  }

  private void momentPassed() {
    CallError why =
        timeout != null
            ? timeout.passed()
            : new CallError.DeadlineExceeded(
                "the deadline passed while '"
                    + request.command()
                    + "' was under way: "
                    + request.journey());
    // interrupted first: a request that is just being passed on is either not passed on, or not
    // ours
    if (interrupt(why) && request.journey().isAnsweredBy(served)) {
      reply.apart(why); // the method may take its time to notice
    }
  }

  private void callerLeft() {
    interrupt(
        new CallError.Cancelled(
            "the caller of '" + request.command() + "' closed its reply channel"));
  }

  /** The first reason stands, and is there before the thread can learn that it was interrupted. */
  private synchronized boolean interrupt(CallError why) {
    if (cut == null) {
      cut = why;
    }
    return interrupter.fire();
  }
}
