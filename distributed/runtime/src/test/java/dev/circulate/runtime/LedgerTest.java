package dev.circulate.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What simulated worlds are held against sees each thing that must not be. */
class LedgerTest {
  private final Ledger ledger = new Ledger();

  private long accepted() {
    long value = ledger.put("channel", 1);
    ledger.accepted(value);
    return value;
  }

  private void take(long value) {
    ledger.taken(value, "channel", 2);
  }

  /** What is wrong is told where it is seen, and at each later look. */
  private void assertWrong(ThrowingCallable deed, String words) {
    assertThatThrownBy(deed).isInstanceOf(AssertionError.class).hasMessageContaining(words);
    assertThatThrownBy(ledger::requireRight).hasMessageContaining(words);
  }

  @Test
  @DisplayName("CH-5 DI-7 a value that was accepted and is nowhere is noticed")
  void lost() {
    take(accepted());
    ledger.undelivered(accepted());
    ledger.close();
    accepted();
    assertWrong(ledger::close, "accepted values are nowhere: [3]");
  }

  @Test
  @DisplayName("CH-5 a value that is taken twice is noticed")
  void doubled() {
    long value = accepted();
    take(value);
    assertWrong(() -> take(value), "a value is taken once");
  }

  @Test
  @DisplayName("CH-4 a value that comes after a later one is noticed")
  void reordered() {
    long first = accepted();
    take(accepted());
    assertWrong(() -> take(first), "after the later value");
  }

  @Test
  @DisplayName("CH-5 a value that was refused, or given up, and is taken is noticed")
  void refusedAndTaken() {
    long refused = ledger.put("channel", 1);
    ledger.refused(refused);
    assertWrong(() -> take(refused), "not accepted is never taken");
    long withdrawn = new Ledger().put("channel", 1);
    Ledger other = new Ledger();
    other.put("channel", 1);
    other.withdrawn(withdrawn);
    assertThatThrownBy(() -> other.taken(withdrawn, "channel", 2)).hasMessageContaining("never");
  }

  @Test
  @DisplayName("CH-13 a value that is taken, and undelivered as well, is noticed")
  void takenAndUndelivered() {
    long value = accepted();
    ledger.undelivered(value);
    assertWrong(() -> take(value), "what is taken is not undelivered");
  }

  @Test
  @DisplayName("CH-13 a value that is undelivered after it was taken is noticed")
  void undeliveredAfterwards() {
    long value = accepted();
    take(value);
    assertWrong(() -> ledger.undelivered(value), "what was taken is not undelivered");
  }

  @Test
  @DisplayName("CH-1 a put with two outcomes, and one with none, is noticed")
  void outcomes() {
    long value = accepted();
    take(value);
    assertWrong(() -> ledger.refused(value), "a put has one outcome");
    Ledger other = new Ledger();
    other.put("channel", 1);
    assertThatThrownBy(other::close).hasMessageContaining("a put has an outcome in the end");
  }

  @Test
  @DisplayName("DI-2 a value that comes out of another channel is noticed")
  void elsewhere() {
    long value = accepted();
    assertWrong(() -> ledger.taken(value, "another", 2), "a value stays in its channel");
  }

  @Test
  @DisplayName("SV-4 a call without an outcome is noticed")
  void silence() {
    ledger.called();
    assertWrong(ledger::close, "1 calls have 0 outcomes");
  }

  @Test
  @DisplayName("SV-4 a call that is answered with another's answer is noticed")
  void wrongAnswer() {
    ledger.called();
    assertWrong(() -> ledger.call(1, 2L), "call 1 was answered 2");
  }

  @Test
  @DisplayName("DI-8 a call that fails with a peer that lives is noticed")
  void accused() {
    ledger.called();
    assertWrong(() -> ledger.lost("peer lost"), "although every session lives");
  }
}
