package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.ends;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** CH-11: what is left of a subscription that is over, and who is told that it is. */
@Timeout(60)
class SubscriptionEndTest {
  /** Does something when it is cancelled, and gives nothing. */
  private record WhenCancelled(Runnable task) implements Flow.Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
      task.run();
    }
  }

  @Test
  @DisplayName("CH-11 a subscription that has ended is not cancelled")
  void notCancelled() throws Exception {
    endsUncancelled(Flow.Subscriber::onComplete);
    endsUncancelled(subscriber -> subscriber.onError(new IllegalStateException("the end")));
  }

  private static void endsUncancelled(Consumer<Flow.Subscriber<Integer>> end) {
    AtomicInteger cancels = new AtomicInteger();
    Channel<Integer> to = chan(1);
    Flow.Subscriber<Integer> subscriber = Csp.subscriber(to, 1);
    subscriber.onSubscribe(new WhenCancelled(cancels::incrementAndGet));
    end.accept(subscriber);
    until("the channel has ended", to::isClosed);
    assertThat(cancels).hasValue(0);
  }

  @Test
  @DisplayName("CH-15 whoever cancels a subscription may wait for who tells of its end")
  void cancelledUnlocked() throws Exception {
    Channel<Integer> to = chan();
    Channel<Boolean> ended = chan(1);
    Flow.Subscriber<Integer> subscriber = Csp.subscriber(to, 1);
    subscriber.onSubscribe(
        new WhenCancelled(
            () -> ended.offer(ends(Thread.startVirtualThread(subscriber::onComplete)))));
    to.cancel();
    assertThat(fork(ended::take).join()).isTrue();
  }

  @Test
  @DisplayName("CH-15 CH-13 a subscription whose cancel throws hides no end, and loses no value")
  void cancelThrows() throws Exception {
    RuntimeException thrown = new IllegalStateException("cannot be cancelled");
    List<Throwable> told = new CopyOnWriteArrayList<>();
    UncaughtHandler before = Csp.setUncaughtHandler((_, failure) -> told.add(failure));
    try {
      RuntimeException refusal = new IllegalStateException("cannot be put");
      Channel<Integer> refusing = chan(1);
      Flow.Subscriber<Integer> subscriber = Csp.subscriber(refusesPuts(refusing, refusal), 1);
      subscriber.onSubscribe(throwing(thrown));
      subscriber.onNext(1);
      until("the channel is closed", refusing::isClosed);
      assertThat(refusing.closeCause()).isSameAs(refusal);
      List<Integer> undelivered = new CopyOnWriteArrayList<>();
      Channel<Integer> slow = Channel.<Integer>builder().onUndelivered(undelivered::add).open();
      Flow.Subscriber<Integer> flooded = Csp.subscriber(slow, 1);
      flooded.onSubscribe(throwing(thrown));
      for (int i = 0; i < 3; i++) {
        flooded.onNext(i);
      }
      slow.cancel();
      until("all are undelivered", () -> undelivered.containsAll(List.of(0, 1, 2)));
      assertThat(told).contains(thrown);
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  private static Flow.Subscription throwing(RuntimeException thrown) {
    return new WhenCancelled(
        () -> {
          throw thrown;
        });
  }

  @SuppressWarnings("unchecked")
  private static Channel<Integer> refusesPuts(Channel<Integer> channel, RuntimeException refusal) {
    return (Channel<Integer>)
        Proxy.newProxyInstance(
            Channel.class.getClassLoader(),
            new Class<?>[] {Channel.class},
            (_, method, arguments) -> {
              if (method.getName().equals("put")) {
                throw refusal;
              }
              return method.invoke(channel, arguments);
            });
  }

  @Test
  @DisplayName("GO-2 CH-11 what a subscriber throws ends its subscription, and is told at once")
  void subscriberThrows() throws Exception {
    Channel<Throwable> told = chan(Csp.unbounded());
    UncaughtHandler before = Csp.setUncaughtHandler((_, failure) -> told.offer(failure));
    try {
      RuntimeException thrown = new IllegalStateException("not that one");
      Channel<Integer> from = chan(2);
      assertThat(from.offer(1)).isTrue();
      assertThat(from.offer(2)).isTrue();
      Csp.<Integer>publisher(from).subscribe(new Throwing(thrown));
      assertThat(fork(told::take).join()).isSameAs(thrown);
      assertThat(from.drain(2)).containsExactly(2);
    } finally {
      Csp.setUncaughtHandler(before);
    }
  }

  /** Asks for all, and takes none. */
  private record Throwing(RuntimeException thrown) implements Flow.Subscriber<Integer> {
    @Override
    public void onSubscribe(Flow.Subscription offered) {
      offered.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Integer value) {
      throw thrown;
    }

    @Override
    public void onError(Throwable cause) {
      throw new AssertionError("it has failed itself", cause);
    }

    @Override
    public void onComplete() {
      throw new AssertionError("it has failed");
    }
  }

  @Test
  @DisplayName("CH-12 a port keeps nothing of a subscriber that has cancelled")
  void forgotten() throws Exception {
    Channel<Integer> from = chan();
    WeakReference<?> subscriber = subscribeAndCancel(from);
    until(
        "it is collected",
        () -> {
          System.gc();
          return subscriber.get() == null;
        });
    assertThat(from.isClosed()).isFalse();
  }

  private static WeakReference<?> subscribeAndCancel(Channel<Integer> from)
      throws InterruptedException {
    Channel<Thread> block = chan(1);
    Flow.Subscriber<Integer> subscriber =
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription offered) {
            block.offer(Thread.currentThread());
            offered.cancel();
          }

          @Override
          public void onNext(Integer value) {
            throw new AssertionError("nobody asked for " + value);
          }

          @Override
          public void onError(Throwable cause) {
            throw new AssertionError("it was cancelled", cause);
          }

          @Override
          public void onComplete() {
            throw new AssertionError("it was cancelled");
          }
        };
    Csp.<Integer>publisher(from).subscribe(subscriber);
    Thread publishing = block.take();
    assertThat(publishing != null && publishing.join(PATIENCE)).isTrue();
    return new WeakReference<>(subscriber);
  }
}
