package dev.circulate;

import static dev.circulate.Csp.alts;
import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.put;
import static dev.circulate.Csp.take;
import static dev.circulate.Numbers.numbers;
import static dev.circulate.contract.Forked.fork;
import static dev.circulate.contract.Forked.forkPlatform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Choice.Closed;
import dev.circulate.Choice.First;
import dev.circulate.Choice.Second;
import dev.circulate.contract.Forked;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

  @Test
  @DisplayName("AL-7 each arm of a typed alts is told as itself, with its value or as closed")
  void eachArm() throws Exception {
    List<Choice> told =
        List.of(
            new First<>("value"),
            new Second<>("value"),
            new Choice.Third<>("value"),
            new Choice.Fourth<>("value"));
    for (int arm = 0; arm < 4; arm++) {
      List<Channel<String>> ports = Stream.generate(() -> Csp.<String>chan(1)).limit(4).toList();
      Channel<String> ready = ports.get(arm);
      for (int arms = Math.max(2, arm + 1); arms <= 4; arms++) {
        assertThat(ready.put("value")).isTrue();
        assertThat(among(arms, ports)).as("of %s", arms).isEqualTo(told.get(arm));
      }
      ready.close();
      for (int arms = Math.max(2, arm + 1); arms <= 4; arms++) {
        assertThat(among(arms, ports)).as("of %s", arms).isEqualTo(new Closed<>(arm + 1));
      }
    }
  }

  private static Choice among(int arms, List<Channel<String>> ports) throws InterruptedException {
    var first = take(ports.get(0));
    var second = take(ports.get(1));
    var third = take(ports.get(2));
    return switch (arms) {
      case 2 -> alts(first, second);
      case 3 -> alts(first, second, third);
      default -> alts(first, second, third, take(ports.get(3)));
    };
  }

  @Test
  @DisplayName("AL-3 the loop form favours none of its ports")
  void loopIsFair() throws Exception {
    List<Integer> seen = new ArrayList<>();
    Alts.each().take(filled(0), seen::add).take(filled(1), seen::add).run();
    assertThat(seen.subList(0, 100)).contains(0, 1);
  }

  /** A hundred times the same value, and the end. */
  private static Channel<Integer> filled(int value) {
    Channel<Integer> channel = chan(100);
    for (int i = 0; i < 100; i++) {
      assertThat(channel.offer(value)).isTrue();
    }
    channel.close();
    return channel;
  }

  @Test
  @DisplayName("GO-3 the loop form ends with its scope, also where it never has to wait")
  void busyLoop() throws Exception {
    Channel<Integer> endless = chan(Csp.promise());
    assertThat(endless.offer(1)).isTrue();
    Forked<Boolean> owner =
        forkPlatform( // the loop may have the only carrier
            () -> {
              try (Scope scope = Scope.open()) {
                Channel<Boolean> begun = chan(Csp.dropping(1));
                scope.go(() -> Alts.each().take(endless, _ -> begun.offer(true)).run());
                begun.take();
                scope.cancel();
              }
              return true;
            });
    assertThat(owner.join()).isTrue();
  }

  @Test
  @DisplayName("AL-5 what a handler of the loop form throws ends the loop, whatever it is")
  void loopFails() throws Exception {
    for (Exception thrown : List.of(new IOException("the disk is full"), cause)) {
      Channel<Integer> values = numbers(3);
      List<Integer> seen = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  Alts.each()
                      .take(
                          values,
                          value -> {
                            seen.add(value);
                            throw thrown;
                          })
                      .run())
          .isSameAs(thrown);
      assertThat(seen).containsExactly(0);
      assertThat(values.take()).as("the next is still there").isEqualTo(1);
    }
  }
}
