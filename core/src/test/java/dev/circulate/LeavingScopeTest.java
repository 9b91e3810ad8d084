package dev.circulate;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.contract.Forked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** GO-3: what an owner is told when it leaves its scope, and what may begin there so late. */
@Timeout(60)
class LeavingScopeTest {
  private final Channel<Integer> never = Csp.chan();

  @Test
  @DisplayName("GO-3 an interrupt from before a scope is left is told, also if no block is there")
  void interruptedBefore() throws Exception {
    Forked<Boolean> owner =
        fork(
            () -> {
              Scope scope = Scope.open("late");
              Thread.currentThread().interrupt();
              assertThatThrownBy(scope::close).isInstanceOf(InterruptedScopeException.class);
              return Thread.currentThread().isInterrupted();
            });
    assertThat(owner.join()).isTrue();
  }

  @Test
  @DisplayName("GO-3 an owner that was interrupted has the failure of a block; its status is set")
  void failureFirst() throws Exception {
    Exception failure = new IllegalStateException("no page");
    Forked<Boolean> owner =
        fork(
            () -> {
              Scope scope = Scope.open("both");
              scope.go(() -> failWhenInterrupted(failure));
              until("the block waits", () -> never.waitingTakers() == 1);
              Thread.currentThread().interrupt();
              assertThatThrownBy(scope::close)
                  .isInstanceOf(ScopeFailedException.class)
                  .hasCause(failure);
              return Thread.currentThread().isInterrupted();
            });
    assertThat(owner.join()).isTrue();
  }

  private void failWhenInterrupted(Exception failure) throws Exception {
    try {
      never.take();
    } catch (InterruptedException e) {
      throw failure;
    }
  }

  @Test
  @DisplayName("GO-3 GO-4 a block of a scope that has a name, and no result, bears its name")
  void named() throws Exception {
    Channel<String> names = Csp.chan(2);
    try (Scope scope = Scope.open("crawl")) {
      Csp.Body body = () -> names.put(Thread.currentThread().getName());
      scope.go("index", body);
      scope.go(body);
    }
    assertThat(names.drain(2)).containsExactlyInAnyOrder("index", "crawl#1");
  }

  @Test
  @DisplayName("GO-3 a block starts others while the owner of its scope leaves, who waits for them")
  void startsWhileLeaving() throws Exception {
    Channel<Integer> gate = Csp.chan();
    Channel<Integer> result = Csp.chan(1);
    Channel<Void> owner =
        Csp.go(
            "leaving owner",
            () -> {
              try (Scope scope = Scope.open("late")) {
                scope.go(
                    () -> {
                      gate.take();
                      Csp.go(() -> result.put(7)).take();
                    });
              }
            });
    until(
        "the owner leaves",
        () -> Blocks.waiting().stream().anyMatch(block -> block.name().equals("leaving owner")));
    assertThat(gate.put(0)).isTrue();
    assertThat(fork(owner::take).join()).isNull();
    assertThat(result.poll()).isEqualTo(7);
  }

  @Test
  @DisplayName("GO-3 a block that is started in a scope that was cancelled begins interrupted")
  void startedAfterCancel() throws Exception {
    try (Scope scope = Scope.open("late")) {
      scope.cancel();
      for (int round = 0; round < 10_000; round++) {
        Channel<Boolean> block = scope.go(() -> Thread.currentThread().isInterrupted());
        assertThat(fork(block::take).join()).as("in round %d", round).isTrue();
      }
    }
  }

  @Test
  @DisplayName("GO-3 a scope that is opened in one that was cancelled before is cancelled with it")
  void openedAfterCancel() throws Exception {
    Forked<Boolean> owner =
        fork(
            () -> {
              try (Scope outer = Scope.open("outer")) {
                outer.go(this::openScopeOnceCancelled);
                until("the block waits", () -> never.waitingTakers() == 1);
                outer.cancel();
              }
              return true;
            });
    assertThat(owner.join()).isTrue();
    assertThat(never.waitingTakers()).isZero();
  }

  private void openScopeOnceCancelled() {
    try {
      never.take();
    } catch (InterruptedException e) {
      try (Scope inner = Scope.open("inner")) {
        inner.go(() -> never.take());
      }
    }
  }
}
