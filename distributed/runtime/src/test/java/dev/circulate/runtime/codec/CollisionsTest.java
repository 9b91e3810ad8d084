package dev.circulate.runtime.codec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

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
    assertRefused(map(keys), encoding);
    assertRefused(new Tagged("thing", keys), encoding);
  }

  @ParameterizedTest(name = "{displayName}, in {0}")
  @EnumSource
  @DisplayName("DI-9 values of unknown tags that collide are refused")
  void tagged(Encoding encoding) {
    Set<Object> keys = new LinkedHashSet<>();
    colliding(9).forEach(text -> keys.add(new Tagged("thing", text)));
    assertRefused(keys, encoding);
  }

  /** Counts how often it is looked at; all have one hash code. */
  private record Look(int number) {
    private static final AtomicLong LOOKS = new AtomicLong();

    @Override
    public int hashCode() {
      LOOKS.incrementAndGet();
      return 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      LOOKS.incrementAndGet();
      return other instanceof Look(int n) && n == number;
    }
  }

  private static final int LEVELS = 30;
  private static final int LOOKS_IN_A_KEY = 100;
  private static final int KEYS = 60;

  /**
   * A key that is hashed again at each of its levels, and differs from others in the last place.
   */
  private static Object costly(int different) {
    List<Object> looks = new ArrayList<>(Collections.nCopies(LOOKS_IN_A_KEY, new Look(-1)));
    looks.set(LOOKS_IN_A_KEY - 1, new Look(different));
    Object key = looks;
    for (int i = 0; i < LEVELS; i++) {
      key = Set.of(key);
    }
    return key;
  }

  @ParameterizedTest(name = "{displayName}, in {0}")
  @EnumSource
  @DisplayName("DI-9 few keys that cost much to compare are refused, before they are compared")
  void costly(Encoding encoding) {
    Handlers handlers =
        Handlers.none().with("look", Look.class, Look::number, n -> new Look((Integer) n));
    Set<Object> keys = new LinkedHashSet<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(costly(i));
    }
    Object body = new Outgoing(100, handlers, _ -> new Reference("", Rights.ALL, false)).body(keys);
    Object frame =
        encoding == Encoding.JSON
            ? TransitCodec.read(TransitCodec.write(body), FrameLimits.DEFAULTS)
            : TransitCodec.read(TransitCodec.writeBytes(body), FrameLimits.DEFAULTS);
    Look.LOOKS.set(0);
    assertThatThrownBy(() -> new Incoming(100, handlers, r -> r).convert(frame))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "to tell the keys in a value apart takes more than 256 looks at each of its parts");
    assertThat(Look.LOOKS.get()).isLessThan(256L * KEYS * (LOOKS_IN_A_KEY + LEVELS));
  }

  /** So many values of one hash code, each in a list in sets, and long or not. */
  private static Elements inSets(int keys, IntFunction<Object> value) {
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      Object key = List.of(value.apply(i));
      for (int level = 0; level < 4; level++) {
        key = new Elements(List.of(key));
      }
      elements.add(key);
    }
    return new Elements(elements);
  }

  static List<Named<BiFunction<Integer, Integer, Object>>> kinds() {
    List<String> texts = colliding(8);
    BigInteger step = BigInteger.valueOf((1L << 32) - 31);
    BiFunction<Integer, Integer, Object> integers =
        (words, i) ->
            BigInteger.ONE
                .shiftLeft(32 * words)
                .add(BigInteger.valueOf(1 << 30))
                .add(step.multiply(BigInteger.valueOf(i)));
    return List.of(
        Named.of("texts", (words, i) -> "x".repeat(32 * words) + texts.get(i)),
        Named.of("integers", integers),
        Named.of("decimals", (words, i) -> new BigDecimal((BigInteger) integers.apply(words, i))));
  }

  @ParameterizedTest(name = "DI-9 long {0} count by their length where they are compared")
  @MethodSource("kinds")
  void longKeys(BiFunction<Integer, Integer, Object> kind) {
    Incoming incoming = new Incoming(100, Handlers.none(), reference -> reference);
    assertThat(incoming.convert(inSets(130, i -> kind.apply(1, i)))).isNotNull();
    assertThatThrownBy(() -> incoming.convert(inSets(130, i -> kind.apply(100, i))))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("more than 256 looks at each of its parts");
  }

  /** One of some decimals from one to nine, all of one hash code, with few digits. */
  private static BigDecimal brief(int number) {
    long high = 2_400_000L + number;
    return BigDecimal.valueOf(high << 32 | (-31 * high & 0xffff_ffffL), 16);
  }

  /** One of the same hash code and nearly ten thousand digits. */
  private static BigDecimal lengthy() {
    int scale = 9_899;
    BigInteger words = BigInteger.ONE.shiftLeft(32);
    int hash =
        BigInteger.valueOf(16 - scale)
            .multiply(BigInteger.valueOf(31).modInverse(words))
            .mod(words)
            .intValue();
    BigInteger high = BigInteger.TEN.pow(scale).shiftRight(32);
    long low = (hash - 31 * high.hashCode()) & 0xffff_ffffL;
    return new BigDecimal(high.shiftLeft(32).add(BigInteger.valueOf(low)), scale);
  }

  @ParameterizedTest(name = "{displayName}, in {0}")
  @EnumSource
  @DisplayName("DI-9 decimals of one hash code are refused where it takes long to tell their order")
  void decimals(Encoding encoding) {
    List<Object> few = new ArrayList<>();
    while (few.size() < 256) {
      few.add(brief(few.size()));
    }
    assertThat((Set<?>) readAgain(new LinkedHashSet<>(few), encoding)).hasSize(256);
    assertThat((Map<?, ?>) readAgain(map(few), encoding)).hasSize(256);
    assertThat(lengthy()).hasSameHashCodeAs(brief(0));
    assertRefused(new LinkedHashSet<>(List.of(lengthy(), brief(0))), encoding);
    assertRefused(map(List.of(brief(0), lengthy())), encoding);
    few.add(brief(256));
    assertRefused(new LinkedHashSet<>(few), encoding);
  }

  @Test
  @DisplayName("DI-1 decimals that nobody has made to collide are read, however long or many")
  void honestDecimals() {
    Set<Object> decimals = new LinkedHashSet<>();
    for (int i = 0; i < 5_000; i++) {
      decimals.add(BigDecimal.valueOf(i, 2));
      decimals.add(BigDecimal.valueOf(i).movePointLeft(i % 50));
    }
    for (int i = 0; i < 20; i++) {
      decimals.add(BigDecimal.TEN.pow(9_000).add(BigDecimal.valueOf(i)));
    }
    assertThat(readAgain(decimals, Encoding.JSON)).isEqualTo(decimals);
  }

  @ParameterizedTest(name = "{displayName}, in {0}")
  @EnumSource
  @DisplayName("DI-9 nested keys that have different hash codes are read, however large they are")
  void nested(Encoding encoding) {
    Object key = Collections.nCopies(3_000, "some text");
    for (int i = 0; i < 90; i++) {
      key = i % 2 == 0 ? Set.of(key) : Map.of(key, 1);
    }
    assertThat(readAgain(key, encoding)).isEqualTo(key);
  }

  @Test
  @DisplayName("DI-9 what is in a frame is not hashed before a program is to see it")
  void notHashed() {
    assertThat(TransitCodec.read("[\"~#set\",[1,[1],1]]", FrameLimits.DEFAULTS))
        .isEqualTo(new Elements(List.of(1L, List.of(1L), 1L)));
    assertThat(TransitCodec.read("[\"~#cmap\",[[1],2,[1],3]]", FrameLimits.DEFAULTS))
        .isEqualTo(new Pairs(List.of(List.of(1L), 2L, List.of(1L), 3L)));
    for (String key :
        List.of(
            "[1]",
            "[\"^ \"]",
            "[\"~#set\",[]]",
            "[\"~#xy\",[1]]",
            "[\"~#xy\",\"z\"]",
            "[\"~#chan-guid\",\"x\"]")) {
      assertThatThrownBy(() -> TransitCodec.read("[\"^ \"," + key + ",2]", FrameLimits.DEFAULTS))
          .isInstanceOf(CodecException.class)
          .hasMessage("a map with keys that are no texts is written in pairs");
    }
    assertThatThrownBy(
            () -> TransitCodec.read(HexFormat.of().parseHex("81910102"), FrameLimits.DEFAULTS))
        .hasMessage("a map with keys that are no texts is written in pairs");
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
