package dev.circulate.runtime;

import static dev.circulate.Csp.chan;
import static dev.circulate.Csp.go;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.runtime.codec.Codec;
import dev.circulate.runtime.codec.CodecException;
import dev.circulate.service.CallException;
import dev.circulate.service.Request;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
      List<String> numbers = new ArrayList<>();
      for (int i = 0; i < values; i++) {
        String value = (String) Objects.requireNonNull(far.take());
        String number = value.substring(0, value.indexOf('x'));
        numbers.add(number);
        assertThat(value).hasSize(number.length() + 300_000);
      }
      assertThat(numbers).isEqualTo(IntStream.range(0, values).mapToObj(String::valueOf).toList());
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

  static List<Arguments> large() {
    String emoji = "\ud83d\ude00";
    Map<Long, Integer> pairs = new HashMap<>();
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i <= 50_000; i++) {
      pairs.put((long) i, i);
    }
    for (int i = 0; i < 30_000; i++) {
      ids.add(new UUID(i, i));
    }
    return List.of(
        Arguments.of("emoji that are as many characters as a frame has", emoji.repeat(87_000)),
        Arguments.of("more emoji than that", emoji.repeat(100_000)),
        Arguments.of("as many emoji as a frame of bytes has", emoji.repeat(170_000)),
        Arguments.of("characters of three bytes", "\u4f60".repeat(400_000)),
        Arguments.of("pairs that are half as many as elements may be", pairs),
        Arguments.of("ids", ids),
        Arguments.of("escapes", "\n".repeat(600_000)),
        Arguments.of("an address", URI.create("http://x/" + "y".repeat(1_100_000))),
        Arguments.of("a number", BigInteger.TEN.pow(9_000)));
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @MethodSource("large")
  @DisplayName("DI-9 CH-5 what is put arrives or is refused, in either encoding")
  void eitherEncoding(String what, Object value) throws InterruptedException {
    for (Codec codec : List.of(Codec.JSON, Codec.MESSAGE_PACK)) {
      assertArrivesOrIsRefused(Limits.DEFAULTS, codec, value);
    }
  }

  @Test
  @DisplayName("DI-9 CH-5 a text that is too long as it is written is refused")
  void escaped() throws InterruptedException {
    Limits limits = Limits.builder().string(1_000).build();
    for (Codec codec : List.of(Codec.JSON, Codec.MESSAGE_PACK)) {
      for (String letter : List.of("x", "\n", "\u0001", "\u4f60", "~")) {
        for (int length : List.of(100, 400, 600, 1_000)) {
          assertArrivesOrIsRefused(limits, codec, letter.repeat(length));
        }
      }
    }
  }

  private static void assertArrivesOrIsRefused(Limits limits, Codec codec, Object value)
      throws InterruptedException {
    try (TwoSpaces spaces = new TwoSpaces(limits, codec, codec)) {
      Channel<Object> far = chan(4);
      spaces.bRoot.handler("give", _ -> far);
      @SuppressWarnings("unchecked")
      Channel<Object> proxy =
          (Channel<Object>) Request.to(spaces.bRootProxy(), "give").as(Channel.class);
      try {
        proxy.put(value);
        Object came = far.poll(Duration.ofSeconds(5));
        assertThat(spaces.b.lost()).isNull();
        assertThat(value.equals(came)).isTrue(); // too long to be shown
      } catch (CodecException e) {
        assertThat(e).hasMessageContaining("the limit is");
      }
      assertThat(proxy.put("another")).isTrue();
      assertThat(far.poll(Duration.ofSeconds(5))).isEqualTo("another");
    }
  }
}
