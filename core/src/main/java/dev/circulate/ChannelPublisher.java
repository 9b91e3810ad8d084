package dev.circulate;

import dev.circulate.internal.Pending;
import dev.circulate.internal.Selection;
import dev.circulate.internal.TakeSide;
import dev.circulate.internal.Time;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A port as a publisher: each subscription is one more taker, in a go block of its own. */
final class ChannelPublisher<T> implements Flow.Publisher<T> {
  private final ReadPort<T> port;
  private final TakeSide<T> side;

  ChannelPublisher(ReadPort<T> port) {
    this.port = port;
    this.side = TakeSide.of(port, "a publisher");
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    Csp.go("publisher of " + port, () -> new Subscribed<>(port, side, subscriber).run());
  }

  /**
   * One subscription. Every signal is given by its go block, so signals come one at a time; what
   * others ask for is noted, and the block is woken.
   */
  private static final class Subscribed<T> implements Flow.Subscription {
    /** The demand of a subscriber that asked for less than one value. */
    private static final long MISUSED = -1;

    private final ReadPort<T> port;
    private final TakeSide<T> side;
    private final Flow.Subscriber<? super T> subscriber;
    private final Channel<Boolean> wake = Csp.chan(Csp.sliding(1));
    private final AtomicLong demand = new AtomicLong();
    private volatile boolean cancelled;

    Subscribed(ReadPort<T> port, TakeSide<T> side, Flow.Subscriber<? super T> subscriber) {
      this.port = port;
      this.side = side;
      this.subscriber = subscriber;
    }

    @Override
    public void request(long more) {
      demand.updateAndGet(
          wanted -> {
            if (more < 1 || wanted == MISUSED) {
              return MISUSED;
            }
            long sum = wanted + more;
            return sum < 0 ? Long.MAX_VALUE : sum;
          });
      wake.offer(true);
    }

    @Override
    public void cancel() {
      cancelled = true;
      wake.offer(true);
    }

    void run() {
      Ports.handOn();
      Pending watch = side.takeSide().onEnd(() -> wake.offer(true));
      try {
        signal();
      } catch (Throwable e) {
        UncaughtHandler.report("publisher of " + port, e);
      } finally {
        watch.withdraw();
      }
    }

    private void signal() {
      try {
        subscriber.onSubscribe(this);
        publish();
      } catch (InterruptedException e) { // with the scope that it was subscribed in
        subscriber.onError(e);
      }
    }

    private void publish() throws InterruptedException {
      while (!cancelled) {
        Pump.throwIfInterrupted();
        long wanted = demand.get();
        if (wanted == MISUSED) {
          subscriber.onError(
              new IllegalArgumentException("a subscriber requests at least one value (rule 3.9)"));
          return;
        }
        if (wanted == 0 && !hasEnded()) {
          wake.take();
        } else if (!publishNext()) {
          return;
        }
      }
    }

    private boolean hasEnded() {
      return side.takeSide().isDrained();
    }

    /** Gives one signal, unless it is woken before; false if that was the last. */
    private boolean publishNext() throws InterruptedException {
      T value;
      try {
        value = port.poll();
        if (value == null) {
          value = awaitNext();
        }
      } catch (ChannelFailedException e) { // by a value that does not fit
        end(e.getCause());
        return false;
      }
      if (value == null) {
        if (!hasEnded()) {
          return true;
        }
        end(port.closeCause());
        return false;
      }
      if (cancelled) {
        side.giveBack(value);
        return false;
      }
      demand.updateAndGet(
          wanted -> wanted == MISUSED || wanted == Long.MAX_VALUE ? wanted : wanted - 1);
      subscriber.onNext(value);
      return true;
    }

    /** The next value; null if it is woken before, or the port has ended. */
    @SuppressWarnings("unchecked")
    private @Nullable T awaitNext() throws InterruptedException {
      Selection selection = new Selection();
      selection.take(port);
      selection.take(wake);
      return selection.await(Time.NEVER) == 1 ? null : (T) selection.value();
    }

    private void end(@Nullable Throwable cause) {
      if (cause == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(cause);
      }
    }
  }
}
