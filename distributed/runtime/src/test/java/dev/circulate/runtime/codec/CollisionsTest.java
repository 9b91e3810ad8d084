package dev.circulate.runtime.codec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** DI-9: keys that a peer chose to have one hash code cost no more than others. */
class CollisionsTest {
  /** Texts of one length and one hash code, a power of two of them. */
  private static List<String> colliding(int power) {
    List<String> texts = List.of("");
    for (int i = 0; i < power; i++) {
      List<String> longer = new ArrayList<>(texts.size() * 2);
      for (String text : texts) {
        longer.add(text + "Aa");
        longer.add(text + "BB");
      }
      texts = longer;
    }
    assertThat(texts).extracting(String::hashCode).containsOnly(texts.getFirst().hashCode());
    return texts;
  }

  private static Object readAgain(Object value, Encoding encoding) {
    Object read =
        encoding == Encoding.JSON
            ? TransitCodec.read(TransitCodec.write(value), FrameLimits.DEFAULTS)
            : TransitCodec.read(TransitCodec.writeBytes(value), FrameLimits.DEFAULTS);
    return requireNonNull(new Incoming(100, Handlers.none(), reference -> reference).convert(read));
  }

  private static void assertRefused(Object value, Encoding encoding) {
    assertThatThrownBy(() -> readAgain(value, encoding))
        .isInstanceOf(CodecException.class)
        .hasMessage("more than 256 keys of one collection have the same hash code");
  }

  private static <K> Map<K, Object> map(Collection<K> keys) {
    Map<K, Object> map = new LinkedHashMap<>();
    keys.forEach(key -> map.put(key, 1));
    return map;
  }

  @ParameterizedTest(name = "{displayName}, in {0}")
  @EnumSource
  @DisplayName("DI-9 texts and names that collide are in order, and read like others")
  void ordered(Encoding encoding) {
    List<String> texts = colliding(12);
    assertThat((Map<?, ?>) readAgain(map(texts), encoding)).hasSize(4_096);
    assertThat((Set<?>) readAgain(new LinkedHashSet<>(texts), encoding)).hasSize(4_096);
    assertThat((Map<?, ?>) readAgain(map(texts.stream().map(Name::keyword).toList()), encoding))
        .hasSize(4_096);
  }

  @ParameterizedTest(name = "{displayName}, in {0}")
  @EnumSource
  @DisplayName("DI-9 lists that collide are refused as keys and elements, not compared for minutes")
  void lists(Encoding encoding) {
    List<List<String>> lists = colliding(9).stream().map(List::of).toList();
    assertRefused(map(lists), encoding);
    assertRefused(new LinkedHashSet<>(lists), encoding);
    assertThat((Set<?>) readAgain(new LinkedHashSet<>(lists.subList(0, 256)), encoding))
        .hasSize(256);
  }

  @ParameterizedTest(name = "{displayName}, in {0}")
  @EnumSource
  @DisplayName(
      "DI-9 names among texts that collide are refused: neither is in order with the other")
  void mixed(Encoding encoding) {
    Set<Object> keys = new LinkedHashSet<>(colliding(9));
    colliding(9).forEach(text -> keys.add(Name.keyword(text)));
    assertRefused(keys, encoding);
  }

  @ParameterizedTest(name = "{displayName}, in {0}")
  @EnumSource
  @DisplayName("DI-9 values of unknown tags that collide are refused")
  void tagged(Encoding encoding) {
    Set<Object> keys = new LinkedHashSet<>();
    colliding(9).forEach(text -> keys.add(new Tagged("thing", text)));
    assertRefused(keys, encoding);
  }

  @Test
  @DisplayName("DI-9 data that collides by nature is read: points of a grid, packed pairs, ids")
  void honest() {
    Set<Object> points = new LinkedHashSet<>();
    Set<Object> packed = new LinkedHashSet<>();
    Set<Object> fractions = new LinkedHashSet<>();
    for (long x = 0; x < 150; x++) {
      for (long y = 0; y < 150; y++) {
        points.add(List.of(x, y));
        packed.add(x << 32 | y);
        fractions.add(List.of(x / 2.0, y / 2.0));
      }
    }
    Map<UUID, Object> ids = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      ids.put(UUID.randomUUID(), i);
    }
    for (Object value : List.of(points, packed, fractions)) {
      assertThat((Set<?>) readAgain(value, Encoding.JSON)).hasSize(150 * 150);
    }
    assertThat((Map<?, ?>) readAgain(ids, Encoding.JSON)).hasSize(5_000);
  }
}
