package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import java.util.ArrayList;
import java.util.Collections;
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

  @Test
  @DisplayName(
      "DI-9 a value longer than a frame is refused where it is put, and the session goes on")
  void tooLong() throws InterruptedException {
    try (TwoSpaces spaces = new TwoSpaces()) {
      Channel<Object> far = chan(4);
      spaces.bRoot.handler("give", _ -> far);
      spaces.bRoot.handler("long", _ -> "x".repeat(2_000_000));
      @SuppressWarnings("unchecked")
      Channel<Object> proxy =
          (Channel<Object>) Request.to(spaces.bRootProxy(), "give").as(Channel.class);
      List<Object> tooLong =
          List.of(
              "x".repeat(2_000_000),
              Collections.nCopies(200_000, 1),
              Collections.nCopies(3, "y".repeat(400_000)),
              new byte[1_000_000]);
      for (Object value : tooLong) {
        assertThatThrownBy(() -> proxy.put(value))
            .isInstanceOf(CodecException.class)
            .hasMessageContaining("the limit is");
      }
      assertThatThrownBy(() -> Request.to(spaces.bRootProxy(), "long").done())
          .isInstanceOfSatisfying(
              CallException.class,
              e -> assertThat(e.error().message()).contains("a text of 2000000"));
      assertThat(proxy.put("\u4f60".repeat(400_000))).isTrue(); // three times as many bytes
      assertThat(far.take()).isEqualTo("\u4f60".repeat(400_000));
      assertThat(spaces.b.lost()).isNull();
    }
  }
}
