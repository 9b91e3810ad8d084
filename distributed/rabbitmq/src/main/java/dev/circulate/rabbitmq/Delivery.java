package dev.circulate.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.circulate.runtime.codec.CodecException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A value that the broker has given to this process, until the broker may forget it: after it has
 * what follows from it, which is nothing, or a copy in another place.
 *
 * <p><b>Failures are counted</b> in the message, by whoever sees one: an attempt that throws is
 * followed by a copy with one failure more. The broker forgets the original when it has the copy
 * safe, so a value may be doubled, and never lost. No queue's feature is needed for that.
 *
 * <p><b>Orphans are counted</b> the same way and apart: the broker marks what it gave to somebody
 * who is gone, whether that one died of it or had not begun, and all that a broker holds that was
 * killed. So a mark is no failure, and it takes many of them to believe that a value kills.
 *
 * <p><b>Where no copy can be made</b>, since the queue is full or the broker refuses it, the value
 * itself goes back to the broker, marked, and this process keeps in mind what the copy would have
 * said ({@link Returned}). So it holds no place here for longer than the broker needs to say so.
 */
final class Delivery<T> {
  /** Between a copy that was refused and the value's coming again. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final int MOST_ORPHANED = 20;

  private final WorkQueue<T> work;
  private final Holdings<T> holdings;
  private final Channel channel;
  private final long tag;
  private final boolean orphaned;
  private final WorkMessage message;
  private final byte[] bytes;
  private final AtomicBoolean settled = new AtomicBoolean();

  /** The thread of the go block that has taken it; guarded by {@link Holdings}. */
  @Nullable Thread holder;

  /**
   * What came.
   *
   * @param orphaned whether somebody had it before, of whom nothing was heard
   */
  Delivery(
      WorkQueue<T> work,
      Holdings<T> holdings,
      Channel channel,
      long tag,
      boolean orphaned,
      WorkMessage message,
      byte[] bytes) {
    this.work = work;
    this.holdings = holdings;
    this.channel = channel;
    this.tag = tag;
    this.orphaned = orphaned;
    this.message = message;
    this.bytes = bytes;
  }

  /** What there is to do; null if {@link #setAside} is to see to it. Does not wait. */
  @Nullable Work<T> readable() {
    try {
      return orphaned || isHopeless(message) ? null : read();
    } catch (Throwable _) {
      return null;
    }
  }

  private Work<T> read() {
    return new Work<>(work.body().read(bytes), message.isRedelivered(), this);
  }

  private boolean isHopeless(WorkMessage which) {
    return which.failed() >= work.attempts() || which.orphaned() >= MOST_ORPHANED;
  }

  /**
   * Settles what is not {@linkplain #readable readable}: nothing was heard of who had it, which
   * counts, or it has failed too often, or is nothing of the type; or the program's code that reads
   * it fails, which counts as an attempt.
   *
   * @throws CodecException if it is nothing of the type; the message says why
   */
  void setAside() {
    if (orphaned) {
      follow(message.orphanedAgain());
    } else if (isHopeless(message)) {
      follow(message);
    } else {
      setUnreadableAside();
    }
  }

  private void setUnreadableAside() {
    try {
      read();
      putBack(); // it could not be read before, and can now
    } catch (CodecException e) {
      replace(work.queue().dead(), message.failedAgain());
      throw e;
    } catch (Throwable e) {
      failed();
      throw e;
    }
  }

  /** Whether somebody has said what becomes of it. */
  boolean isSettled() {
    return settled.get();
  }

  /** It was worked on, and that ended well. */
  void done() {
    if (settled.compareAndSet(false, true)) {
      acknowledge();
      holdings.left(this);
    }
  }

  /** Aside, since the thread can be one that is interrupted. */
  private void acknowledge() {
    try {
      boolean _ =
          Aside.call(
              "acknowledge work of " + work.queue(),
              () -> {
                channel.basicAck(tag, false);
                return true;
              });
    } catch (IOException _) {
      // the channel is gone, and the broker gives the value to another
    }
  }

  /** It was worked on, and that did not end well. */
  void failed() {
    follow(message.failedAgain());
  }

  /** Nobody has begun, and the broker gives it again by itself. */
  void lost() {
    if (settled.compareAndSet(false, true)) {
      work.returned().add(known());
      holdings.left(this);
    }
  }

  /** Nobody has begun. */
  void putBack() {
    replace(work.queue().name(), known());
  }

  /** What is true of it though nobody has begun here: somebody may have had it before. */
  private WorkMessage known() {
    return orphaned ? message.orphanedAgain() : message;
  }

  private void follow(WorkMessage next) {
    replace(isHopeless(next) ? work.queue().dead() : work.queue().name(), next);
  }

  /** Nobody waits for it but who waits for all. */
  private void replace(String queue, WorkMessage copy) {
    if (settled.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("settle work of " + work.queue())
          .start(
              () -> {
                try {
                  copyOrReturn(queue, copy);
                } finally {
                  holdings.left(this);
                }
              });
    }
  }

  private void copyOrReturn(String queue, WorkMessage copy) {
    try {
      if (channel.isOpen()) {
        work.publisher().publish(queue, copy, bytes);
        channel.basicAck(tag, false);
        return;
      }
    } catch (IOException | ShutdownSignalException _) {
      // no copy, or the broker does not know that it has one
    }
    work.returned().add(copy);
    returnToBroker();
  }

  /** It comes again marked, here or elsewhere. */
  private void returnToBroker() {
    try {
      if (channel.isOpen()) {
        Thread.sleep(PAUSE);
        channel.basicNack(tag, false, true);
      }
    } catch (IOException | ShutdownSignalException _) {
      // the channel is gone, and the broker has it back by that
    } catch (InterruptedException e) {
      throw new AssertionError("nobody has this thread", e);
    }
  }
}
