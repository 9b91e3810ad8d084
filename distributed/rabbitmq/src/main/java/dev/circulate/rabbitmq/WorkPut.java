package dev.circulate.rabbitmq;

import com.rabbitmq.client.AMQP;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A value that a carrier has, and its putter waits for what becomes of it.
 *
 * <pre>
 *   UNDER_WAY ---confirmed---&gt; SAFE
 *    |     ^ \
 *    |     |  failed, as the broker is lost or refuses
 *    |  depart \
 *    |     +--- HERE
 *    |           | whoever puts it gave up
 *    +---------&gt; ENDED
 *       the same, and the broker did not answer in time; or it refuses for good
 * </pre>
 *
 * <p>Whoever gives up while it is under way waits a little longer for the broker's answer, since
 * only that tells whether it is there.
 */
final class WorkPut {
  private enum State {
    /** The broker is to answer. */
    UNDER_WAY,
    /** It has not, or not well; the carrier tries again. */
    HERE,
    /** The broker has it. */
    SAFE,
    /** Nobody will send it again. */
    ENDED
  }

  static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

  private final byte[] body;
  private final AMQP.BasicProperties properties = WorkMessage.first().properties();
  private final Duration patience;

  /** Guarded by this. */
  private State state = State.UNDER_WAY;

  /** Guarded by this. */
  private @Nullable IOException refusal;

  /**
   * A value that a carrier is to send at once.
   *
   * @param patience how long the broker may take to confirm it after whoever puts it gave up
   */
  WorkPut(byte[] body, Duration patience) {
    this.body = body;
    this.patience = patience;
  }

  byte[] body() {
    return body;
  }

  AMQP.BasicProperties properties() {
    return properties;
  }

  // ---- who carries it

  /** Whether it is to be sent. */
  synchronized boolean depart() {
    if (state == State.HERE) {
      state = State.UNDER_WAY;
    }
    return state == State.UNDER_WAY;
  }

  /** The broker has it. */
  void confirmed() {
    become(State.UNDER_WAY, State.SAFE);
  }

  /** The broker has not said that it has it, and will not. */
  void failed() {
    become(State.UNDER_WAY, State.HERE);
  }

  /** Nobody will send it any more. */
  void end() {
    become(State.HERE, State.ENDED);
  }

  /** The broker will not have it, now or later. */
  synchronized void refused(IOException why) {
    refusal = why;
    end();
  }

  private synchronized void become(State from, State to) {
    if (state == from) {
      state = to;
      notifyAll();
    }
  }

  // ---- who puts it

  /** Why the broker will not have it, if it is not safe for that reason. */
  synchronized @Nullable IOException refusal() {
    return refusal;
  }

  /**
   * Waits until it is safe.
   *
   * @param limit how long at most
   * @return whether it is safe
   * @throws InterruptedException if interrupted, and it is not
   */
  synchronized boolean await(Duration limit) throws InterruptedException {
    try {
      awaitWhile(limit, true);
    } catch (InterruptedException e) {
      if (giveUp()) {
        Thread.currentThread().interrupt(); // it came too late to have an effect
        return true;
      }
      throw e;
    }
    return giveUp();
  }

  /**
   * Waits until it is safe, in a thread that cannot say that it was interrupted: that remains to be
   * seen.
   *
   * @param limit how long at most
   */
  synchronized boolean awaitSafe(Duration limit) {
    boolean interrupted = false;
    try {
      awaitWhile(limit, true);
    } catch (InterruptedException _) {
      interrupted = true;
    }
    boolean safe = giveUp();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return safe;
  }

  /** Waits for the broker's answer, and no longer; whether it is safe. */
  synchronized boolean awaitAnswer() {
    return giveUp();
  }

  /** Waits no more, but for an answer that is due; whether it is safe. */
  private boolean giveUp() {
    boolean interrupted = false;
    Duration left = patience;
    long begin = System.nanoTime();
    while (state == State.UNDER_WAY && left.isPositive()) {
      try {
        awaitWhile(left, false);
      } catch (InterruptedException _) {
        interrupted = true;
      }
      left = patience.minusNanos(System.nanoTime() - begin);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (state != State.SAFE) {
      state = State.ENDED;
    }
    return state == State.SAFE;
  }

  private void awaitWhile(Duration limit, boolean orHere) throws InterruptedException {
    long nanos = TimeUnit.NANOSECONDS.convert(limit);
    long begin = System.nanoTime();
    long left = nanos;
    while (left > 0 && (state == State.UNDER_WAY || (orHere && state == State.HERE))) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = nanos - (System.nanoTime() - begin);
    }
  }
}
