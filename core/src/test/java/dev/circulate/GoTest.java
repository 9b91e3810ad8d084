package dev.circulate;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.contract.Forked;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GoTest {
  private record Told(String where, Throwable failure) {}

  private final List<Told> told = new CopyOnWriteArrayList<>();
  private @Nullable UncaughtHandler before;

  @BeforeEach
  void listen() {
    before = Csp.setUncaughtHandler((where, failure) -> told.add(new Told(where, failure)));
  }

  @AfterEach
  void restore() {
    if (before != null) {
      Csp.setUncaughtHandler(before);
    }
  }

  @Test
  @DisplayName("GO-1 a go block is a virtual thread; its channel gives the result once and closes")
  void result() throws Exception {
    Channel<Boolean> block = Csp.go(() -> Thread.currentThread().isVirtual());
    assertThat(block.take()).isTrue();
    assertThat(block.take()).isNull();
    assertThat(block.isClosed()).isTrue();
  }

  @Test
  @DisplayName("GO-1 the result is there when nobody waits for it, too")
  void resultWaits() throws Exception {
    Channel<Integer> block = Csp.go(() -> 42);
    until("the block has ended", block::isClosed);
    assertThat(block.take()).isEqualTo(42);
    assertThat(block.take()).isNull();
  }

  @Test
  @DisplayName("GO-1 whoever has the result finds the channel closed")
  void closedWithResult() throws Exception {
    for (int round = 0; round < 20_000; round++) {
      Channel<Integer> block = Csp.go(() -> 42);
      for (Integer result = block.poll(); result == null; result = block.poll()) {
        Thread.onSpinWait();
      }
      assertThat(block.isClosed()).as("in round %d", round).isTrue();
    }
  }

  @Test
  @DisplayName("GO-1 a body that returns null, or nothing, only closes the channel")
  void noResult() throws Exception {
    Csp.Body nothing = () -> {};
    Channel<Void> block = Csp.go(nothing);
    assertThat(block.take()).isNull();
    assertThat(block.closeCause()).isNull();
    assertThatNullPointerException().isThrownBy(() -> Csp.go((Csp.Body) nullBody()));
    assertThat(told).isEmpty();
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // that is the point
  private static <T> T nullBody() {
    return null;
  }

  @Test
  @DisplayName("GO-4 a go block's name is its thread's, and its channel's")
  void name() throws Exception {
    Callable<String> body = () -> Thread.currentThread().getName();
    Channel<String> block = Csp.go("pricing", body);
    assertThat(block.take()).isEqualTo("pricing");
    assertThat(block.toString()).contains("pricing");
  }

  @Test
  @DisplayName("GO-2 what the body throws closes the channel with that cause")
  void failure() throws Exception {
    Exception failure = new IllegalStateException("no price");
    Channel<Integer> block =
        Csp.go(
            () -> {
              throw failure;
            });
    assertThatThrownBy(block::take).isInstanceOf(ChannelFailedException.class).hasCause(failure);
    assertThatThrownBy(block::take).isInstanceOf(ChannelFailedException.class).hasCause(failure);
  }

  @Test
  @DisplayName("GO-2 an error counts as a failure, too")
  void error() throws Exception {
    Error failure = new AssertionError("no price");
    Channel<Integer> block =
        Csp.go(
            () -> {
              throw failure;
            });
    assertThatThrownBy(block::take).hasCause(failure);
  }

  @Test
  @DisplayName(
      "GO-2 a failure that nobody takes goes to the uncaught handler; one that was taken does not")
  void uncaught() throws Exception {
    Exception taken = new IllegalStateException("taken");
    failAndTake(taken);
    Exception lost = new IllegalStateException("lost");
    failAndForget(lost);
    until(
        "the handler is told",
        () -> {
          System.gc();
          return !told.isEmpty();
        });
    assertThat(told).containsExactly(new Told("go block 'forgotten'", lost));
  }

  private static void failAndTake(Exception failure) throws InterruptedException {
    Channel<Integer> block = fail("taken", failure);
    Forked<@Nullable Integer> taker = Forked.fork(block::take);
    taker.joinFailure(ChannelFailedException.class);
  }

  @Test
  @DisplayName("GO-2 CH-12 a failure that was taken keeps nothing, though it knows its channel")
  void takenFailureKeepsNothing() throws Exception {
    WeakReference<Object> known = new WeakReference<>(failureThatKnows());
    until(
        "nothing is kept",
        () -> {
          System.gc();
          return known.get() == null;
        });
  }

  private static final class Knowing extends RuntimeException {
    private static final long serialVersionUID = 1;
    final transient List<Object> known = new ArrayList<>();
  }

  private static Object failureThatKnows() throws InterruptedException {
    Knowing failure = new Knowing();
    Channel<Integer> block = fail("knowing", failure);
    failure.known.add(block);
    Forked<@Nullable Integer> taker = Forked.fork(block::take);
    taker.joinFailure(ChannelFailedException.class);
    return failure.known;
  }

  private static void failAndForget(Exception failure) {
    Channel<Integer> block = fail("forgotten", failure);
    until("the block has ended", block::isClosed);
  }

  private static Channel<Integer> fail(String name, Exception failure) {
    Callable<Integer> body =
        () -> {
          throw failure;
        };
    return Csp.go(name, body);
  }

  @Test
  @DisplayName("GO-2 who puts a handler in force is given the one that it replaces")
  void replaced() {
    UncaughtHandler first = (_, _) -> {};
    UncaughtHandler second = (_, _) -> {};
    Csp.setUncaughtHandler(first);
    assertThat(Csp.setUncaughtHandler(second)).isSameAs(first);
    assertThat(Csp.setUncaughtHandler(first)).isSameAs(second);
  }

  @Test
  @DisplayName("GO-2 GO-3 a failure inside a scope that nobody takes is told, too")
  void uncaughtInScope() {
    Exception lost = new IllegalStateException("lost in a scope");
    try (Scope scope = Scope.open()) {
      scope.go(() -> failAndForget(lost));
    }
    until(
        "the handler is told",
        () -> {
          System.gc();
          return told.contains(new Told("go block 'forgotten'", lost));
        });
  }
}
