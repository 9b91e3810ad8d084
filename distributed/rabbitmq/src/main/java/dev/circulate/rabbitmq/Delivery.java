package dev.circulate.rabbitmq;

import com.rabbitmq.client.Channel;
import dev.circulate.runtime.codec.CodecException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A value that the broker has given to this process, until the broker may forget it: after it has
 * what follows from it, which is nothing, or a copy in another place.
 *
 * <p><b>Failures are counted</b> in the message, by whoever sees one: an attempt that throws is
 * followed by a copy with one failure more, and so is a delivery that the broker marks as
 * redelivered, since its former worker has died. The broker forgets the original when it has the
 * copy safe, so a value may be doubled, and never lost. No queue's feature is needed for that.
 */
final class Delivery<T> {
  private final WorkQueue<T> work;
  private final Holdings<T> holdings;
  private final Channel channel;
  private final long tag;
  private final boolean redelivered;
  private final WorkMessage message;
  private final byte[] bytes;
  private final AtomicBoolean settled = new AtomicBoolean();

  /** The thread of the go block that has taken it; guarded by {@link Holdings}. */
  @Nullable Thread holder;

  Delivery(
      WorkQueue<T> work,
      Holdings<T> holdings,
      Channel channel,
      long tag,
      boolean redelivered,
      WorkMessage message,
      byte[] bytes) {
    this.work = work;
    this.holdings = holdings;
    this.channel = channel;
    this.tag = tag;
    this.redelivered = redelivered;
    this.message = message;
    this.bytes = bytes;
  }

  /** What there is to do; null if {@link #setAside} is to see to it. Does not wait. */
  @Nullable Work<T> readable() {
    try {
      return redelivered ? null : read();
    } catch (CodecException _) {
      return null;
    }
  }

  private Work<T> read() {
    return new Work<>(work.body().read(bytes), message.failed() > 0, this);
  }

  /**
   * Settles what is not {@linkplain #readable readable}: whoever had it has died, which counts, or
   * it is nothing of the type.
   *
   * @throws CodecException if it is nothing of the type; the message says why
   */
  void setAside() {
    if (redelivered) {
      failed();
      return;
    }
    try {
      read();
    } catch (CodecException e) {
      settle(work.queue().dead(), message.again());
      throw e;
    }
  }

  /** It was worked on, and that ended well. */
  void done() {
    settle(null, message);
  }

  /** It was worked on, and that did not end well. */
  void failed() {
    WorkMessage again = message.again();
    settle(again.failed() < work.attempts() ? work.queue().name() : work.queue().dead(), again);
  }

  /** Nobody has begun. */
  void putBack() {
    settle(work.queue().name(), message);
  }

  /** Aside, since the thread can be one that is interrupted. */
  private void settle(@Nullable String copyTo, WorkMessage copy) {
    if (!settled.compareAndSet(false, true)) {
      return;
    }
    try {
      boolean _ =
          Aside.call(
              "settle work of " + work.queue(),
              () -> {
                if (!channel.isOpen()) {
                  return false; // the broker gives it to another
                }
                if (copyTo != null) {
                  work.publisher().publish(copyTo, copy.properties(), bytes);
                }
                channel.basicAck(tag, false);
                return true;
              });
    } catch (IOException _) {
      // the channel is gone, and the broker gives the value to another
    } finally {
      holdings.left(this);
    }
  }
}
