package dev.circulate;

import static dev.circulate.Csp.chan;
import static dev.circulate.Numbers.numbers;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.service.TypeOf;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Channels as futures, and futures as channels. */
@Timeout(60)
class FuturesTest {
  private final RuntimeException cause = new IllegalStateException("the well is dry");

  @Test
  @DisplayName(
      "CH-11 a future gives the next value, the cause, or the end; cancelled it takes none")
  void futures() throws Exception {
    Channel<Integer> source = chan(1);
    CompletableFuture<Integer> given = Csp.future(source);
    assertThat(source.put(1)).isTrue();
    assertThat(given.get()).isEqualTo(1);
    CompletableFuture<Integer> cancelled = Csp.future(source);
    until("the future waits", () -> source.waitingTakers() == 1);
    assertThat(cancelled.cancel(false)).isTrue();
    until("it waits no more", () -> source.waitingTakers() == 0);
    assertThat(source.put(2)).isTrue();
    assertThat(source.poll()).isEqualTo(2);
    source.close(cause);
    assertThat(Csp.future(source).handle((_, failure) -> failure).get()).isSameAs(cause);
    assertThat(Csp.future(numbers(0)).handle((_, failure) -> failure).get())
        .isInstanceOf(ChannelClosedException.class);
  }

  @Test
  @DisplayName("CH-11 CH-12 a future that is cancelled before it waits does not begin to")
  void cancelledAtOnce() throws Exception {
    Channel<Integer> never = chan();
    try (Scope scope = Scope.open("futures")) {
      for (int i = 0; i < 1_000; i++) {
        scope.go(() -> Csp.future(never).cancel(false));
      }
    } // which waits for the blocks of the futures, too
    assertThat(never.waitingTakers()).isZero();
  }

  @Test
  @DisplayName("CH-11 what depends on a future runs in a thread that nobody has interrupted")
  void dependents() throws Exception {
    Channel<Integer> source = chan();
    for (int i = 0; i < 100; i++) {
      CompletableFuture<Boolean> interrupted =
          Csp.future(source).thenApply(_ -> Thread.currentThread().isInterrupted());
      until("the future waits", () -> source.waitingTakers() == 1);
      assertThat(source.put(i)).isTrue();
      assertThat(interrupted.get()).isFalse();
    }
  }

  @Test
  @DisplayName("CH-11 a channel gives the result of a stage, or its failure")
  void stages() throws Exception {
    Channel<Integer> result = chan(CompletableFuture.completedFuture(1));
    assertThat(result.take()).isEqualTo(1);
    assertThat(result.take()).isNull();
    Channel<Integer> failed = chan(CompletableFuture.<Integer>failedFuture(cause));
    assertThat(fork(failed::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
    Channel<Integer> dependent =
        chan(CompletableFuture.<Integer>failedFuture(cause).thenApply(value -> value));
    assertThat(fork(dependent::take).joinFailure(ChannelFailedException.class)).hasCause(cause);
    Channel<Void> nothing = chan(CompletableFuture.runAsync(() -> {}));
    assertThat(fork(nothing::take).join()).isNull();
    assertThat(nothing.closeCause()).isNull();
  }

  @Test
  @DisplayName("GO-3 CH-11 a future takes in a go block, which ends with the scope that it is in")
  void inScope() throws Exception {
    Channel<Integer> never = chan();
    CompletableFuture<Integer> future;
    try (Scope scope = Scope.open("futures")) {
      future = Objects.requireNonNull(scope.go(() -> Csp.future(never)).take());
      until("the future waits", () -> never.waitingTakers() == 1);
      scope.cancel();
    }
    assertThat(future).isCancelled();
    assertThat(never.waitingTakers()).isZero();
  }

  @Test
  @DisplayName("GO-4 CH-11 the listing tells which future waits for which channel")
  void listed() {
    Channel<Integer> never = Channel.<Integer>builder().name("never").open();
    CompletableFuture<Integer> future = Csp.future(never);
    until(
        "it is listed",
        () ->
            Blocks.waiting().stream()
                .anyMatch(
                    block ->
                        block.name().equals("future of " + never)
                            && block.operation().equals("take from " + never)));
    assertThat(future.cancel(false)).isTrue();
  }

  @Test
  @DisplayName("CH-11 a future of a port of a user's own fails with what its take throws")
  void failingPort() {
    ReadPort<Integer> failing = new Failing(cause);
    CompletableFuture<Integer> future = Csp.future(failing);
    assertThat(future.handle((_, failure) -> failure).orTimeout(30, TimeUnit.SECONDS).join())
        .isSameAs(cause);
  }

  /** A port of which every take fails. */
  private record Failing(RuntimeException failure) implements ReadPort<Integer> {
    @Override
    public Integer take() {
      throw failure;
    }

    @Override
    public Integer poll() {
      throw failure;
    }

    @Override
    public Integer poll(Duration timeout) {
      throw failure;
    }

    @Override
    public List<Integer> drain(int most) {
      throw failure;
    }

    @Override
    public boolean isClosed() {
      return false;
    }

    @Override
    public @Nullable Throwable closeCause() {
      return null;
    }
  }

  @Test
  @DisplayName("CH-5 CH-11 a future that is cancelled while its value is taken gives it back")
  void cancelledMeanwhile() {
    Channel<Object> raw = chan(1);
    CompletableFuture<Integer> future = Csp.future(TypeOf.channelOf(Integer.class).view(raw));
    Telltale value = new Telltale(7, () -> future.cancel(false));
    assertThat(raw.offer(value)).isTrue();
    until("it has been taken, and is back", () -> value.wasRead() && raw.buffered() == 1);
    assertThat(raw.poll()).isEqualTo(7);
    assertThat(future).isCancelled();
  }
}
