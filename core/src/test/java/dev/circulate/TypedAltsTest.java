package dev.circulate;

import static dev.circulate.Csp.alts;
import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.put;
import static dev.circulate.Csp.take;
import static dev.circulate.Numbers.numbers;
import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Choice.Closed;
import dev.circulate.Choice.First;
import dev.circulate.Choice.Second;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An alts whose outcome is a switch, and the loop over several channels. */
@Timeout(60)
class TypedAltsTest {
  private final RuntimeException cause = new IllegalStateException("the well is dry");

  @Test
  @DisplayName("AL-7 a switch over a typed alts is checked by the compiler")
  void typedAlts() throws Exception {
    Channel<String> names = chan(1);
    Channel<Integer> numbers = chan(1);
    assertThat(names.put("a")).isTrue();
    assertThat(described(names, numbers)).isEqualTo("name A");
    assertThat(numbers.put(1)).isTrue();
    assertThat(described(names, numbers)).isEqualTo("number 2");
    numbers.close();
    assertThat(described(names, numbers)).isEqualTo("arm 2 is closed");
    String put =
        switch (alts(put(names, "b"), take(chan()), take(Csp.timeout(Duration.ofDays(1))))) {
          case First(String name) -> "put " + name;
          case Second(var _) -> "took";
          case Choice.Third(var _) -> "never";
          case Closed(int arm) -> "closed " + arm;
        };
    assertThat(put).isEqualTo("put b");
  }

  private static String described(Channel<String> names, Channel<Integer> numbers)
      throws InterruptedException {
    return switch (alts(take(names), take(numbers))) {
      case First(String name) -> "name " + name.toUpperCase(java.util.Locale.ROOT);
      case Second(Integer number) -> "number " + (number + 1);
      case Closed(int arm) -> "arm " + arm + " is closed";
    };
  }

  @Test
  @DisplayName("CH-8 a typed alts throws the cause of a channel that failed")
  void typedAltsFails() throws Exception {
    Channel<Integer> failed = chan();
    failed.close(cause);
    assertThat(
            fork(() -> alts(take(failed), take(Csp.<Integer>chan())))
                .joinFailure(ChannelFailedException.class))
        .hasCause(cause);
  }

  @Test
  @DisplayName("AL-5 the loop form leaves out what has ended, and ends when all have")
  void loop() throws Exception {
    List<Object> seen = new ArrayList<>();
    Channel<String> names = chan(1);
    assertThat(names.put("a")).isTrue();
    names.close();
    Alts.each().take(numbers(3), seen::add).take(names, seen::add).run();
    assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, "a");
    Channel<Integer> failed = chan();
    failed.close(cause);
    assertThat(
            fork(() -> {
                  Alts.each().take(failed, seen::add).run();
                  return true;
                })
                .joinFailure(ChannelFailedException.class))
        .hasCause(cause);
  }
}
