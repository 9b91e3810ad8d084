package dev.circulate;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A port as a subscriber: what is published is put, and as much is requested as was accepted.
 *
 * <p>The publisher's thread never waits: it fills a buffer that holds all that was requested, and a
 * go block moves that on. When nobody wants what is put, the buffer is cancelled, and with it the
 * subscription.
 */
final class ChannelSubscriber<T> implements Flow.Subscriber<T> {
  private final WritePort<? super T> port;
  private final int window;
  private final Channel<T> buffer;

  /** Who publishes; null until it is known. Guarded by this. */
  private Flow.@Nullable Subscription subscription;

  /** Cancels the subscription when nobody wants more. */
  private volatile Ports.Watch watch = () -> {};

  ChannelSubscriber(WritePort<? super T> port, int window) {
    this.port = port;
    this.window = window;
    this.buffer =
        Channel.<T>builder()
            .buffer(Csp.fixed(window))
            .name("subscriber of " + port)
            .onUndelivered(value -> Ports.undelivered(port, value))
            .open();
  }

  @Override
  public void onSubscribe(Flow.Subscription offered) {
    Objects.requireNonNull(offered, "subscription");
    synchronized (this) {
      if (subscription != null) {
        offered.cancel();
        return;
      }
      subscription = offered;
    }
    watch = Ports.whenClosed(buffer, offered::cancel);
    Pump.start("subscriber of", buffer, List.of(port), new Moving(offered));
    offered.request(window);
  }

  /** Moves values on, and requests half a window at a time. */
  private final class Moving implements Pump.Step<T> {
    private final Flow.Subscription publisher;
    private int moved;

    Moving(Flow.Subscription publisher) {
      this.publisher = publisher;
    }

    @Override
    public boolean move(T value) throws InterruptedException {
      return port.put(value);
    }

    @Override
    public void moved(T value) {
      if (++moved >= Math.max(1, window / 2)) {
        publisher.request(moved);
        moved = 0;
      }
    }
  }

  @Override
  public void onNext(T value) {
    if (!buffer.offer(Objects.requireNonNull(value, "value"))) {
      if (!buffer.isClosed()) {
        buffer.cancel(
            new IllegalStateException("more was published than the " + window + " requested"));
      }
      Ports.undelivered(port, value);
    }
  }

  @Override
  public void onError(Throwable cause) {
    watch.close(); // what has ended is not cancelled
    buffer.close(Objects.requireNonNull(cause, "cause"));
  }

  @Override
  public void onComplete() {
    watch.close();
    buffer.close();
  }
}
