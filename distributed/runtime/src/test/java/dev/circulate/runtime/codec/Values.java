package dev.circulate.runtime.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;
import org.jspecify.annotations.Nullable;

/** Values that arrive equal to what they were, of every kind that does. */
public final class Values extends DomainContextBase {
  /** Any value that crosses unchanged, nested. */
  @Provide
  public Arbitrary<Object> values() {
    return values(4);
  }

  private static Arbitrary<Object> values(int depth) {
    return depth == 0
        ? scalars()
        : Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(6, scalars()),
            net.jqwik.api.Tuple.of(1, lists(depth).asGeneric()),
            net.jqwik.api.Tuple.of(1, values(depth - 1).set().ofMaxSize(4).asGeneric()),
            net.jqwik.api.Tuple.of(1, maps(depth)));
  }

  private static Arbitrary<List<@Nullable Object>> lists(int depth) {
    return values(depth - 1).injectNull(0.1).list().ofMaxSize(4).map(ArrayList::new);
  }

  private static Arbitrary<Object> maps(int depth) {
    return Arbitraries.maps(values(depth - 1), values(depth - 1)).ofMaxSize(4).map(map -> map);
  }

  private static Arbitrary<Object> scalars() {
    return Arbitraries.oneOf(
        numbers(),
        times(),
        texts().asGeneric(),
        Arbitraries.of(true, false),
        Arbitraries.of("~", "^", "`", "~:x", "^0", "~#list", "^ ", "", "\"\\\u0000\u2028"),
        Arbitraries.create(UUID::randomUUID),
        Arbitraries.chars().filter(c -> !Character.isSurrogate(c)),
        Arbitraries.of(URI.create("http://x/y?z#q"), URI.create("a%20b"), URI.create("")));
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.strings().ofMaxLength(12).filter(Values::isWhole);
  }

  private static boolean isWhole(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  private static Arbitrary<Object> numbers() {
    return Arbitraries.oneOf(
        Arbitraries.integers(),
        Arbitraries.longs(),
        Arbitraries.shorts(),
        Arbitraries.bytes(),
        Arbitraries.create(() -> Double.longBitsToDouble(0x123456789abcdefL)),
        Arbitraries.doubles(),
        Arbitraries.floats(),
        Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE),
        Arbitraries.of(Float.NaN, Float.NEGATIVE_INFINITY, -0.0f, Float.MIN_VALUE),
        Arbitraries.of(new BigDecimal("1E+10000"), new BigDecimal("-0.00"), BigDecimal.ONE),
        Arbitraries.bigDecimals(),
        Arbitraries.bigIntegers(),
        Arbitraries.of(BigInteger.TWO.pow(64), BigInteger.ONE, BigInteger.TEN.pow(9_000)));
  }

  private static Arbitrary<Object> times() {
    Arbitrary<Instant> instants =
        Combinators.combine(
                Arbitraries.longs()
                    .between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
                Arbitraries.of(0, 1, 1_000_000, 999_999_999))
            .as(Instant::ofEpochSecond);
    Arbitrary<ZonedDateTime> zoned =
        Combinators.combine(
                Arbitraries.longs().between(-60_000_000_000L, 60_000_000_000L),
                Arbitraries.of("UTC", "Europe/Berlin", "+02:30", "America/New_York"))
            .as((second, zone) -> Instant.ofEpochSecond(second, 7).atZone(ZoneId.of(zone)));
    Arbitrary<Integer> years = Arbitraries.integers().between(Year.MIN_VALUE, Year.MAX_VALUE);
    return Arbitraries.oneOf(
        instants.asGeneric(),
        Arbitraries.of(Instant.MIN, Instant.MAX, Instant.EPOCH),
        zoned.asGeneric(),
        zoned.map(ZonedDateTime::toLocalDate),
        zoned.map(ZonedDateTime::toLocalTime),
        zoned.map(ZonedDateTime::toLocalDateTime),
        zoned.map(ZonedDateTime::toOffsetDateTime),
        zoned.map(time -> time.toOffsetDateTime().toOffsetTime()),
        years.map(year -> YearMonth.of(year, 12)),
        zoned.map(MonthDay::from),
        years.map(Year::of),
        Arbitraries.of(LocalDate.MIN, LocalDate.MAX, LocalTime.MIDNIGHT, LocalDateTime.MAX),
        Arbitraries.of(OffsetDateTime.MIN, OffsetDateTime.MAX, ZoneOffset.UTC, Year.of(-5)),
        Arbitraries.of(ZoneId.of("Asia/Tokyo"), Period.of(1, -2, 3), Period.ZERO),
        Combinators.combine(
                Arbitraries.longs().between(-Long.MAX_VALUE, Long.MAX_VALUE - 1),
                Arbitraries.integers().between(0, 999_999_999))
            .as(Duration::ofSeconds));
  }

  /** Where jqwik gives up on generics. */
  static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new java.util.LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
