package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.service.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Values that are large, but no larger than a frame may be. */
class LargeValuesTest {
  @Test
  @DisplayName("CH-4 CH-5 many large values share no frame that would be too long for them")
  void batches() throws InterruptedException {
    int values = 200;
    try (TwoSpaces spaces = new TwoSpaces()) {
      Channel<Object> far = chan(values);
      spaces.bRoot.handler("give", _ -> far);
      @SuppressWarnings("unchecked")
      Channel<Object> proxy =
          (Channel<Object>) Request.to(spaces.bRootProxy(), "give").as(Channel.class);
      go(
          () -> {
            for (int i = 0; i < values; i++) {
              proxy.put(i + "x".repeat(300_000));
            }
          });
      List<String> lengths = new ArrayList<>();
      for (int i = 0; i < values; i++) {
        String value = (String) Objects.requireNonNull(far.take());
        lengths.add(value.substring(0, value.indexOf('x')));
        assertThat(value).hasSizeGreaterThan(300_000);
      }
      assertThat(lengths.getFirst()).isEqualTo("0");
      assertThat(lengths.getLast()).isEqualTo(String.valueOf(values - 1));
      assertThat(spaces.b.lost()).isNull();
    }
  }
}
