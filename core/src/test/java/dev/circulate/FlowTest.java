package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.PATIENCE;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.contract.Forked;
import dev.circulate.service.CallException;
import dev.circulate.service.TypeOf;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CH-11: what the kit does not ask of the bridges to {@link Flow}. */
class FlowTest {
  private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

  @Test
  @DisplayName("CH-11 a channel goes through Flow into another, in order, with its end")
  void there() throws InterruptedException {
    Channel<Integer> from = chan(3);
    Channel<Integer> to = chan(2);
    Csp.<Integer>publisher(from).subscribe(Csp.subscriber(to, 8));
    go(
        () -> {
          for (int i : HUNDRED) {
            from.put(i);
          }
          from.close();
        });
    assertThat(to.stream().toList()).isEqualTo(HUNDRED);
    assertThat(to.isClosed()).isTrue();
  }

  @Test
  @DisplayName(
      "CH-11 a publisher of others fills a channel, and its failure is the channel's cause")
  void ofOthers() throws InterruptedException {
    Channel<Integer> to = chan();
    Forked<List<Integer>> taken =
        fork(() -> IntStream.range(0, 100).mapToObj(_ -> nextOf(to)).toList());
    try (SubmissionPublisher<Integer> others = new SubmissionPublisher<>(Runnable::run, 16)) {
      others.subscribe(Csp.subscriber(to, 16));
      HUNDRED.forEach(others::submit);
      assertThat(taken.join()).isEqualTo(HUNDRED);
      others.closeExceptionally(new IllegalStateException("out of numbers"));
    }
    assertThatThrownBy(to::take).hasRootCauseMessage("out of numbers");
  }

  private static Integer nextOf(Channel<Integer> channel) {
    try {
      Integer next = channel.take();
      return next == null ? -1 : next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName(
      "CH-11 whoever cancels the channel cancels the subscription; the rest is undelivered")
  void cancelledSink() throws InterruptedException {
    ConcurrentLinkedQueue<Integer> undelivered = new ConcurrentLinkedQueue<>();
    Channel<Integer> to =
        Channel.<Integer>builder().buffer(Csp.fixed(1)).onUndelivered(undelivered::add).open();
    Channel<Boolean> cancelled = chan(1);
    Flow.Subscriber<Integer> subscriber = Csp.subscriber(to, 4);
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {
            cancelled.offer(true);
          }
        });
    for (int i = 0; i < 4; i++) {
      subscriber.onNext(i);
    }
    to.cancel();
    assertThat(cancelled.take()).isTrue();
    while (undelivered.size() < 4) {
      Thread.onSpinWait();
    }
    assertThat(undelivered).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  @DisplayName("CH-11 a publisher that gives more than was requested is cancelled with a sentence")
  void overrun() throws InterruptedException {
    Channel<Integer> to = chan();
    Flow.Subscriber<Integer> subscriber = Csp.subscriber(to, 1);
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {}
        });
    for (int i = 0; i < 3; i++) {
      subscriber.onNext(i);
    }
    assertThatThrownBy(
            () -> {
              while (to.take() != null) {
                // until the end
              }
            })
        .hasRootCauseMessage("more was published than the 1 requested");
    assertThatIllegalArgumentException().isThrownBy(() -> Csp.subscriber(to, 0));
  }

  @Test
  @DisplayName("CH-11 what a subscriber did not ask for, or cancelled before, stays in the channel")
  void cancelledSubscription() throws InterruptedException {
    Channel<Integer> from = chan(10);
    HUNDRED.subList(0, 10).forEach(from::offer);
    Channel<Integer> got = chan(10);
    Channel<Thread> block = chan(1);
    Csp.<Integer>publisher(from)
        .subscribe(
            new Flow.Subscriber<>() {
              private Flow.@Nullable Subscription subscription;

              @Override
              public void onSubscribe(Flow.Subscription offered) {
                subscription = offered;
                block.offer(Thread.currentThread());
                offered.request(2);
              }

              @Override
              public void onNext(Integer value) {
                got.offer(value);
                if (value == 1 && subscription != null) {
                  subscription.cancel();
                }
              }

              @Override
              public void onError(Throwable cause) {
                got.close(cause);
              }

              @Override
              public void onComplete() {
                got.close();
              }
            });
    assertThat(got.take()).isEqualTo(0);
    assertThat(got.take()).isEqualTo(1);
    assertThat(from.drain(10)).isEqualTo(HUNDRED.subList(2, 10));
    from.close();
    assertThat(Objects.requireNonNull(block.take()).join(PATIENCE))
        .as("the publisher's block ends")
        .isTrue();
    assertThat(got.isClosed()).isFalse();
  }

  @Test
  @DisplayName("CH-11 a value that does not fit a typed port fails the publisher's subscriber")
  void misfit() throws InterruptedException {
    Channel<Object> waiting = chan(1);
    Channel<Integer> told = chan(1);
    publishTyped(waiting).subscribe(Csp.subscriber(told, 1));
    until("the publisher waits for a value", () -> waiting.waitingTakers() == 1);
    assertThat(waiting.put("seven")).isTrue();
    assertThat(fork(told::take).joinFailure(ChannelFailedException.class))
        .hasRootCauseInstanceOf(CallException.class);
    Channel<Object> filled = chan(1);
    assertThat(filled.put("seven")).isTrue();
    Channel<Integer> toldAtOnce = chan(1);
    publishTyped(filled).subscribe(Csp.subscriber(toldAtOnce, 1));
    assertThat(fork(toldAtOnce::take).joinFailure(ChannelFailedException.class))
        .hasRootCauseInstanceOf(CallException.class);
  }

  private static Flow.Publisher<Integer> publishTyped(Channel<Object> raw) {
    return Csp.publisher(TypeOf.channelOf(Integer.class).view(raw));
  }

  @Test
  @DisplayName("CH-11 GO-3 a publisher ends with its scope, also where it never has to wait")
  void busyInScope() throws InterruptedException {
    Channel<Integer> endless = chan(Csp.promise());
    assertThat(endless.offer(1)).isTrue();
    Channel<Integer> told = chan(Csp.sliding(1));
    Forked<Boolean> owner =
        fork(
            () -> {
              try (Scope scope = Scope.open()) {
                scope.go(() -> Csp.publisher(endless).subscribe(new Greedy(told))).take();
                scope.cancel();
              }
              return true;
            });
    assertThat(owner.join()).isTrue();
    assertThat(told.closeCause()).isInstanceOf(InterruptedException.class);
  }

  /** Who asks for all there will ever be. */
  private static class Greedy implements Flow.Subscriber<Integer> {
    private final Channel<Integer> told;

    Greedy(Channel<Integer> told) {
      this.told = told;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Integer value) {
      told.offer(value);
    }

    @Override
    public void onError(Throwable cause) {
      told.close(cause);
    }

    @Override
    public void onComplete() {
      told.close();
    }
  }

  @Test
  @DisplayName("CH-13 what comes when nobody wants it any more goes to the undelivered hook")
  void late() {
    ConcurrentLinkedQueue<Integer> undelivered = new ConcurrentLinkedQueue<>();
    Channel<Integer> to = Channel.<Integer>builder().onUndelivered(undelivered::add).open();
    Silent publisher = new Silent();
    Flow.Subscriber<Integer> subscriber = Csp.subscriber(to, 4);
    subscriber.onSubscribe(publisher);
    to.close();
    until("the subscription is cancelled", () -> publisher.cancelled);
    subscriber.onNext(1);
    assertThat(undelivered).containsExactly(1);
  }

  @Test
  @DisplayName("CH-13 of what is published beyond the window, all is taken or undelivered")
  void surplus() {
    ConcurrentLinkedQueue<Integer> undelivered = new ConcurrentLinkedQueue<>();
    Channel<Integer> to = Channel.<Integer>builder().onUndelivered(undelivered::add).open();
    Flow.Subscriber<Integer> subscriber = Csp.subscriber(to, 1);
    subscriber.onSubscribe(new Silent());
    for (int i = 0; i < 3; i++) {
      subscriber.onNext(i);
    }
    to.cancel();
    until(
        () -> "all three are undelivered, not " + undelivered,
        () -> undelivered.containsAll(List.of(0, 1, 2)));
    assertThat(undelivered).hasSize(3);
  }

  /** Who publishes what it likes. */
  private static final class Silent implements Flow.Subscription {
    private volatile boolean cancelled;

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  @Test
  @DisplayName("CH-5 CH-11 a subscriber that cancels while a value is taken for it loses it not")
  void cancelledMeanwhile() {
    Channel<Object> raw = chan(1);
    Channel<Integer> got = chan(1);
    CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
    publishTyped(raw)
        .subscribe(
            new Greedy(got) {
              @Override
              public void onSubscribe(Flow.Subscription offered) {
                offered.request(2);
                subscribed.complete(offered);
              }
            });
    Flow.Subscription subscription = subscribed.join();
    Telltale value = new Telltale(7, subscription::cancel);
    assertThat(raw.offer(value)).isTrue();
    until("it has been taken, and is back", () -> value.wasRead() && raw.buffered() == 1);
    assertThat(raw.poll()).isEqualTo(7);
    assertThat(got.poll()).isNull();
  }

  @Test
  @DisplayName("CH-11 a subscriber asks for more once the port has accepted, and not before")
  void noMoreThanAccepted() throws InterruptedException {
    Channel<Integer> to = chan();
    AtomicLong requested = new AtomicLong();
    Flow.Subscriber<Integer> subscriber = Csp.subscriber(to, 1);
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long more) {
            requested.addAndGet(more);
          }

          @Override
          public void cancel() {}
        });
    assertThat(requested).hasValue(1);
    subscriber.onNext(0);
    until("the value waits", () -> to.waitingPutters() == 1);
    assertThat(requested).hasValue(1);
    assertThat(to.take()).isEqualTo(0);
    until("more is asked for", () -> requested.get() == 2);
    to.cancel();
  }
}
