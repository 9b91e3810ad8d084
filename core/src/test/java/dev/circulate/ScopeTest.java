package dev.circulate;

import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.contract.Forked;
import dev.circulate.contract.Speechless;
import dev.circulate.service.Answer;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import dev.circulate.service.Service;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private final Channel<Integer> never = Csp.chan();

  @Test
  @DisplayName("GO-3 leaving a scope waits for its blocks")
  void leavingWaits() throws Exception {
    Channel<Integer> gate = Csp.chan();
    AtomicInteger ended = new AtomicInteger();
    Channel<Boolean> owner =
        Csp.go(
            "owner",
            () -> {
              try (Scope scope = Scope.open("wait")) {
                for (int i = 0; i < 10; i++) {
                  scope.go(
                      () -> {
                        gate.take();
                        ended.incrementAndGet();
                      });
                }
              }
              return ended.get() == 10;
            });
    until(
        "the owner waits for its blocks",
        () -> Blocks.waiting().stream().anyMatch(block -> block.name().equals("owner")));
    for (int i = 0; i < 10; i++) {
      assertThat(owner.isClosed()).isFalse();
      gate.put(i);
    }
    assertThat(Forked.fork(owner::take).join()).isTrue();
  }

  @Test
  @DisplayName(
      "GO-3 a block of a scope gives its result, and is named after the scope or by itself")
  void results() throws Exception {
    try (Scope scope = Scope.open("crawl")) {
      Callable<String> body = () -> Thread.currentThread().getName();
      assertThat(scope.go(body).take()).isEqualTo("crawl#1");
      assertThat(scope.go("index", body).take()).isEqualTo("index");
      assertThat(scope.go(() -> {}).take()).isNull();
    }
  }

  @Test
  @DisplayName("GO-3 a failing block interrupts its siblings; the first failure is thrown")
  void failure() throws Exception {
    Exception failure = new IllegalStateException("no page");
    List<Throwable> interrupts = new CopyOnWriteArrayList<>();
    Scope scope = Scope.open("crawl");
    for (int i = 0; i < 3; i++) {
      scope.go(() -> takeInterrupted(interrupts));
    }
    until("the siblings wait", () -> never.waitingTakers() == 3);
    Channel<Integer> failing = scope.go(() -> fail(failure));
    assertThatThrownBy(scope::close)
        .isInstanceOf(ScopeFailedException.class)
        .hasMessageContaining("scope 'crawl'")
        .hasCause(failure)
        .hasNoSuppressedExceptions();
    assertThat(interrupts).hasSize(3);
    assertThat(failing.closeCause()).isSameAs(failure);
    assertThat(never.waitingTakers()).isZero();
    scope.close();
  }

  @Test
  @DisplayName("GO-3 later failures are suppressed in the first")
  void suppressed() throws Exception {
    Exception first = new IllegalStateException("first");
    Exception second = new IllegalStateException("second");
    Scope scope = Scope.open("crawl");
    scope.go(
        () -> {
          try {
            never.take();
          } catch (InterruptedException e) {
            throw second;
          }
        });
    until("the sibling waits", () -> never.waitingTakers() == 1);
    scope.go(() -> fail(first));
    assertThatThrownBy(scope::close).hasCause(first).hasSuppressedException(second);
  }

  @Test
  @DisplayName("GO-3 what a block starts belongs to the scope, however deep")
  void inherited() throws Exception {
    Exception failure = new IllegalStateException("no page");
    CountDownLatch interrupted = new CountDownLatch(1);
    Scope scope = Scope.open("deep");
    scope.go(() -> Csp.go(() -> Csp.go(() -> awaitInterrupt(interrupted))));
    until("the grandchild waits", () -> never.waitingTakers() == 1);
    scope.go(() -> fail(failure));
    assertThatThrownBy(scope::close).hasCause(failure);
    assertThat(interrupted.getCount()).isZero();
  }

  @Test
  @DisplayName("GO-3 a failure inside a scope that its taker handles does not fail the scope")
  void handled() throws Exception {
    Exception failure = new IllegalStateException("no price");
    try (Scope scope = Scope.open("tolerant")) {
      Channel<String> outcome =
          scope.go(
              () -> {
                try {
                  return "price " + Csp.go(() -> fail(failure)).take();
                } catch (ChannelFailedException e) {
                  return "none, for " + e.getCause();
                }
              });
      assertThat(outcome.take()).isEqualTo("none, for " + failure);
    }
  }

  @Test
  @DisplayName("GO-3 an inner scope is cancelled with the outer one, wherever its owner is")
  void nested() throws Exception {
    Exception failure = new IllegalStateException("outer");
    AtomicBoolean leftInner = new AtomicBoolean();
    Channel<Integer> body = Csp.chan();
    Scope outer = Scope.open("outer");
    outer.go(
        () -> {
          try (Scope inner = Scope.open("inner")) {
            inner.go(() -> never.take());
            body.take(); // interrupted here, with the status cleared by the throw
          } finally {
            leftInner.set(true);
          }
        });
    until("both wait", () -> never.waitingTakers() == 1 && body.waitingTakers() == 1);
    outer.go(() -> fail(failure));
    assertThatThrownBy(outer::close).hasCause(failure).hasNoSuppressedExceptions();
    assertThat(leftInner).isTrue();
  }

  @Test
  @DisplayName("GO-3 an interrupt while leaving cancels the blocks, waits for them, and is told")
  void interruptedWhileLeaving() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    Forked<Boolean> owner =
        Forked.fork(
            () -> {
              try (Scope scope = Scope.open("late")) {
                scope.go(() -> awaitInterrupt(interrupted));
              } catch (InterruptedScopeException e) {
                assertThat(e).hasMessageContaining("scope 'late'");
                return interrupted.getCount() == 0 && Thread.currentThread().isInterrupted();
              }
              return false;
            });
    until("the block waits", () -> never.waitingTakers() == 1);
    owner.interrupt();
    assertThat(owner.join()).isTrue();
  }

  @Test
  @DisplayName("GO-3 cancel interrupts the blocks there are, and those to come, without a failure")
  void cancel() {
    CountDownLatch interrupted = new CountDownLatch(2);
    try (Scope scope = Scope.open("stopped")) {
      scope.go(() -> awaitInterrupt(interrupted));
      until("the block waits", () -> never.waitingTakers() == 1);
      scope.cancel();
      scope.go(() -> awaitInterrupt(interrupted));
    }
    assertThat(interrupted.getCount()).isZero();
  }

  interface Patient {
    void ask();
  }

  @Test
  @DisplayName("GO-3 SV-5 a call that was cut short because the scope is cancelled is no failure")
  void cancelledCall() {
    Channel<Request> silent = Csp.chan();
    Patient client = Service.client(silent, Patient.class);
    try (Scope scope = Scope.open("stopped")) {
      scope.go(client::ask);
      until("the call waits", () -> silent.waitingPutters() == 1);
      scope.cancel();
    }
  }

  @Test
  @DisplayName("GO-3 a call that somebody else cut short is a failure")
  void givenUpCall() {
    CallException givenUp = new CallException(new CallError.Cancelled("the caller left"));
    Scope scope = Scope.open("on");
    scope.go(() -> fail(givenUp));
    assertThatThrownBy(scope::close).hasCause(givenUp);
  }

  @Test
  @DisplayName("GO-3 a block that waits for a sibling that was told to stop has not failed either")
  void waitingForSibling() {
    try (Scope scope = Scope.open("stopped")) {
      Channel<Integer> sibling = scope.go(() -> never.take());
      scope.go(
          () -> {
            awaitCancel();
            return sibling.take();
          });
      until("both wait", () -> never.waitingTakers() == 2);
      scope.cancel();
    }
  }

  @Test
  @DisplayName("GO-3 a block that waits for an answer of code that was told to stop has not failed")
  void waitingForAnswer() {
    try (Scope scope = Scope.open("stopped")) {
      scope.go(
          () -> {
            Answer<Integer> answer = Answer.of("slow", Duration.ofMinutes(1), () -> never.take());
            awaitCancel();
            return answer.get();
          });
      until("both wait", () -> never.waitingTakers() == 2);
      scope.cancel();
    }
  }

  /** Waits until the block is told to stop, which it does not do at once. */
  private void awaitCancel() {
    try {
      never.take();
    } catch (InterruptedException e) {
      // it has something to see to
    }
  }

  @Test
  @DisplayName("GO-3 an ended scope starts no blocks, and only its opener closes it")
  void misuse() throws Exception {
    Scope scope = Scope.open("once");
    Channel<Void> block = scope.go(scope::close);
    assertThatThrownBy(block::take).hasCauseInstanceOf(IllegalCallerException.class);
    assertThatThrownBy(scope::close).hasCauseInstanceOf(IllegalCallerException.class);
    assertThatIllegalStateException()
        .isThrownBy(() -> scope.go(() -> {}))
        .withMessageContaining("scope 'once'");
  }

  @Test
  @DisplayName("GO-3 many blocks, many of which fail at once: one failure, the others suppressed")
  void manyFailures() throws Exception {
    for (int round = 0; round < 100; round++) {
      AtomicInteger ended = new AtomicInteger();
      Scope scope = Scope.open("storm");
      IntStream.range(0, 20)
          .forEach(
              i ->
                  scope.go(
                      () -> {
                        try {
                          if (i % 2 == 0) {
                            throw new IllegalStateException("block " + i);
                          }
                          never.take();
                        } finally {
                          ended.incrementAndGet();
                        }
                      }));
      assertThatThrownBy(scope::close)
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(9))
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThat(ended).hasValue(20);
    }
    assertThat(never.waitingTakers()).isZero();
  }

  private static Integer fail(Exception failure) throws Exception {
    throw failure;
  }

  private void takeInterrupted(List<Throwable> interrupts) throws InterruptedException {
    try {
      never.take();
    } catch (InterruptedException e) {
      interrupts.add(e);
      throw e;
    }
  }

  private void awaitInterrupt(CountDownLatch interrupted) throws InterruptedException {
    try {
      never.take();
    } finally {
      interrupted.countDown();
    }
  }

  @Test
  @DisplayName("GO-3 a failure that throws when it is asked what it says is thrown all the same")
  void speechless() {
    Scope scope = Scope.open("mute");
    scope.go(() -> fail(new Speechless()));
    assertThatThrownBy(scope::close)
        .isInstanceOf(ScopeFailedException.class)
        .hasMessageContaining("Speechless");
  }

  /** Holds up whoever interrupts a block that waits for that, until a sibling has ended. */
  private static final class Holding extends AbstractInterruptibleChannel {
    private volatile @Nullable Channel<?> sibling;
    private volatile boolean entered;

    void awaitInterrupt() throws InterruptedException {
      begin(); // without an end, which would wait for whoever interrupts
      entered = true;
      until("it is interrupted", () -> Thread.currentThread().isInterrupted());
      throw new InterruptedException("told to stop");
    }

    @Override
    protected void implCloseChannel() {
      Channel<?> waits = Objects.requireNonNull(sibling);
      until("the sibling has ended", waits::isClosed);
    }
  }

  @Test
  @DisplayName("GO-3 a block of an inner scope that waited for one that was told has not failed")
  void toldBeforeInner() {
    Holding holding = new Holding();
    Scope outer = Scope.open("outer");
    Channel<Void> told = outer.go(holding::awaitInterrupt);
    outer.go(
        () -> {
          try (Scope inner = Scope.open("inner")) {
            holding.sibling =
                inner.go(
                    () -> {
                      told.take();
                    });
            awaitCancel();
          }
        });
    until(
        "all wait",
        () -> holding.entered && told.waitingTakers() == 1 && never.waitingTakers() == 1);
    outer.cancel();
    outer.close();
  }

  @Test
  @DisplayName("GO-3 closing a scope again does nothing, whatever the thread was told meanwhile")
  void closedTwice() {
    Scope scope = Scope.open();
    scope.close();
    Thread.currentThread().interrupt();
    scope.close();
    assertThat(Thread.interrupted()).isTrue();
  }
}
