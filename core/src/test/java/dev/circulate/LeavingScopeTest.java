package dev.circulate;

import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.contract.Forked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** GO-3: what an owner that was interrupted is told when it leaves its scope. */
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
}
