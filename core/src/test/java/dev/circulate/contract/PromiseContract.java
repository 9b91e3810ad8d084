package dev.circulate.contract;

import static dev.circulate.contract.Forked.fork;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a channel promises that keeps its first value. */
public abstract class PromiseContract extends ContractBase {

  protected PromiseContract(Wiring wiring) {
    super(new Buffer.Promise(), wiring);
  }

  @Test
  @DisplayName("CH-9 a promise gives its first value to everyone, for ever")
  void firstValueForEverybody() throws Exception {
    Ends<String> ends = open();
    Forked<@Nullable String> early = fork(() -> ends.taking().take());
    Forked<@Nullable String> alsoEarly = fork(() -> ends.taking().take());
    untilTakersWait(ends, 2);
    assertThat(ends.putting().put("first")).isTrue();
    assertThat(early.join()).isEqualTo("first");
    assertThat(alsoEarly.join()).isEqualTo("first");
    assertThat(ends.putting().put("second")).isTrue();
    for (int i = 0; i < 3; i++) {
      assertThat(ends.taking().take()).isEqualTo("first");
    }
  }

  @Test
  @DisplayName("CH-9 CH-7 a promise that was kept gives its value after close, too")
  void valueOutlivesClose() throws Exception {
    Ends<String> ends = open();
    assertThat(ends.putting().put("first")).isTrue();
    ends.putting().close();
    assertThat(ends.putting().put("late")).isFalse();
    assertThat(ends.taking().take()).isEqualTo("first");
    assertThat(ends.taking().take()).isEqualTo("first");
  }

  @Test
  @DisplayName("CH-9 CH-7 a promise that was never kept ends its takers at close")
  void brokenPromise() throws Exception {
    Ends<String> ends = open();
    Forked<@Nullable String> early = fork(() -> ends.taking().take());
    untilTakersWait(ends, 1);
    ends.putting().close();
    assertThat(early.join()).isNull();
    assertThat(ends.taking().take()).isNull();
  }
}
