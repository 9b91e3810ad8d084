package dev.circulate.runtime.codec;

import static dev.circulate.Csp.chan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circulate.Channel;
import dev.circulate.Checked;
import dev.circulate.contract.Speechless;
import dev.circulate.runtime.session.Message;
import dev.circulate.service.CallError;
import dev.circulate.service.CallException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.sql.Timestamp;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How types that are not plain data cross, and what does not. */
class ValueTypesTest {
  record Point(int x, long y, DayOfWeek day, Optional<String> name, @Nullable Object inside) {}

  record Picky(int positive) {
    Picky {
      if (positive <= 0) {
        throw new IllegalArgumentException("positive is " + positive);
      }
    }
  }

  record Counted(OptionalInt few, OptionalLong many, OptionalDouble share) {}

  record Line(
      Point from, Picky width, List<Picky> dashes, Map<DayOfWeek, Set<Picky>> more, List<?> any) {}

  private static final Point POINT =
      new Point(1, 2, DayOfWeek.MONDAY, Optional.of("a"), List.of("b"));

  private final Wire wire = new Wire();

  @Test
  @SuppressWarnings("JavaUtilDate") // programs send it
  @DisplayName("DI-1 CH-5 a date that is changed after it was put is sent as it was")
  void changedDate() {
    Date date = new Date(1_700_000_000_000L);
    Outgoing outgoing = new Outgoing(9, Handlers.none(), _ -> new Reference("", Rights.ALL, false));
    Object body = outgoing.body(List.of(date));
    date.setTime(0);
    assertThat(body).isEqualTo(List.of(new Date(1_700_000_000_000L)));
  }

  @Test
  @DisplayName("DI-1 a date that knows more than milliseconds crosses with all that it knows")
  void finerDate() {
    Instant moment = Instant.parse("2026-01-31T12:00:00.123456789Z");
    assertThat(wire.across(Timestamp.from(moment))).isEqualTo(moment);
    long millis = 1_700_000_000_000L;
    assertThat(wire.across(new java.sql.Date(millis))).isEqualTo(Instant.ofEpochMilli(millis));
  }

  @Test
  @DisplayName("DI-1 a record is the map of its components")
  void recordAsMap() {
    assertThat(wire.across(POINT))
        .isEqualTo(
            Values.map("x", 1, "y", 2L, "day", "MONDAY", "name", "a", "inside", List.of("b")));
  }

  @Test
  @DisplayName("DI-1 a record with a handler is the record")
  void recordAsRecord() {
    Handlers handlers = Handlers.none().withRecord("point", Point.class);
    Point outer = new Point(3, 4, DayOfWeek.SUNDAY, Optional.empty(), POINT);
    assertThat(new Wire(handlers, handlers).across(Set.of(outer))).isEqualTo(Set.of(outer));
  }

  @Test
  @DisplayName("DI-1 numbers that may be missing are what they were in a record with a handler")
  void numbersPerhaps() {
    Handlers handlers = Handlers.none().withRecord("counted", Counted.class);
    List<Counted> counted =
        List.of(
            new Counted(OptionalInt.of(1), OptionalLong.of(2), OptionalDouble.of(3)),
            new Counted(OptionalInt.empty(), OptionalLong.empty(), OptionalDouble.empty()));
    assertThat(new Wire(handlers, handlers).across(counted)).isEqualTo(counted);
  }

  @Test
  @DisplayName("DI-1 a record in a record with a handler is a record, with a handler or without")
  void recordInRecord() {
    Line line =
        new Line(
            POINT,
            new Picky(1),
            List.of(new Picky(2), new Picky(3)),
            Map.of(DayOfWeek.FRIDAY, Set.of(new Picky(4))),
            List.of("five"));
    Handlers outer = Handlers.none().withRecord("line", Line.class);
    for (Handlers handlers : List.of(outer, outer.withRecord("picky", Picky.class))) {
      assertThat(new Wire(handlers, handlers).across(line)).isEqualTo(line);
    }
  }

  @Test
  @DisplayName("DI-1 a component that is null crosses as that: nothing is left out")
  void nullComponent() {
    Point point = new Point(1, 2, DayOfWeek.MONDAY, Optional.empty(), null);
    assertThat(wire.across(point)).hasToString("{x=1, y=2, day=MONDAY, name=null, inside=null}");
  }

  @Test
  @DisplayName("DI-1 a type with a handler crosses as the handler says")
  void handler() {
    Handlers handlers =
        Handlers.none()
            .with("day", DayOfWeek.class, DayOfWeek::getValue, n -> DayOfWeek.of((Integer) n));
    assertThat(new Wire(handlers, handlers).across(Map.of(DayOfWeek.FRIDAY, 1)))
        .isEqualTo(Map.of(DayOfWeek.FRIDAY, 1));
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @ValueSource(
      strings = {
        "[\"^ \",\"v\",[\"~#point\",[\"^ \",\"~:x\",1,\"~:y\",[\"~#list\",[\"~$s\",1.5]]]]]",
        "[\"^ \",\"v\",[\"~#ratio\",[\"~n1\",\"~n3\"]]]",
        "[\"^ \",\"v\",\"~Xwhatever\"]",
        "[\"^ \",\"v\",\"~rnot a java uri\"]",
        "[\"^ \",\"v\",\"~c\"]",
        "[\"^ \",\"v\",\"~cxy\"]",
        "[\"^ \",\"v\",\"~c\\uD83D\\uDE00\"]",
        "[\"^ \",\"v\",[\"~#local-date\",\"2026-02-30\"]]",
        "[\"^ \",\"v\",[\"~#zone\",\"Luna/Tranquillity\"]]",
        "[\"^ \",\"v\",[\"~#zoned-date-time\",\"2069-07-20T20:17Z[Luna/Tranquillity]\"]]",
        "[\"^ \",\"v\",[\"~#duration\",null]]",
        "[\"^ \",\"v\",[\"~#duration\",\"PT9223372036854775808S\"]]",
        "[\"^ \",\"v\",[\"~#period\",\"P400000000W\"]]",
        "[\"^ \",\"v\",[\"~#year\",2026]]",
        "[\"^ \",\"v\",[\"~#place\",[\"~rhttp://example.org/a%20b\",\"~rnot a java uri\","
            + "\"~m1700000000000\",\"~cx\",\"~n5\",\"~f1.50\",\"~bAQID\"]]]",
        "[\"^ \",\"v\",[\"~#out\",[\"~#in\",[\"~#set\",[1,\"~i9007199254740993\"]]]]]"
      })
  @DisplayName("DI-1 a tag that nobody knows, or can read, arrives tagged, and goes on as it came")
  void unknownTag(String words) {
    Object arrived = wire.read(words);
    assertThat(arrived).isInstanceOf(Tagged.class);
    assertThat(wire.written(arrived)).isEqualTo(words);
  }

  @Test
  @DisplayName("DI-2 a channel in a value of an unknown kind is a channel")
  void channelInUnknown() {
    Channel<Integer> channel = chan();
    Handlers there =
        Handlers.none()
            .with(
                "day", DayOfWeek.class, day -> List.of(day.name(), channel), x -> DayOfWeek.MONDAY);
    assertThat(new Wire(there, Handlers.none()).across(DayOfWeek.FRIDAY))
        .isEqualTo(new Tagged("day", List.of("FRIDAY", channel)));
  }

  @Test
  @DisplayName("DI-1 what a handler cannot read stays tagged: it is no violation")
  void handlerRefuses() {
    Handlers there =
        Handlers.none()
            .with("picky", DayOfWeek.class, day -> Map.of("positive", -1), x -> DayOfWeek.MONDAY);
    Handlers here = Handlers.none().withRecord("picky", Picky.class);
    assertThat(new Wire(there, here).across(DayOfWeek.FRIDAY))
        .isEqualTo(new Tagged("picky", Map.of("positive", -1)));
  }

  static List<Throwable> refusals() {
    return List.of(new IOException("no calendar"), new NoClassDefFoundError("no calendar"));
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @MethodSource("refusals")
  @DisplayName(
      "DI-1 what a handler refuses stays tagged, with a checked exception or an error, too")
  void handlerThrows(Throwable refusal) {
    Handlers handlers =
        Handlers.none().with("day", DayOfWeek.class, DayOfWeek::name, _ -> Checked.thrown(refusal));
    assertThat(new Wire(handlers, handlers).across(DayOfWeek.FRIDAY))
        .isEqualTo(new Tagged("day", "FRIDAY"));
  }

  record Mute(int positive) {
    Mute {
      throw new Speechless();
    }
  }

  @Test
  @DisplayName("DI-1 what a record refuses stays tagged, though its exception has no words")
  void recordRefusesWithoutWords() {
    Handlers there =
        Handlers.none()
            .with("mute", DayOfWeek.class, day -> Map.of("positive", 1), x -> DayOfWeek.MONDAY);
    Handlers here = Handlers.none().withRecord("mute", Mute.class);
    assertThat(new Wire(there, here).across(DayOfWeek.FRIDAY))
        .isEqualTo(new Tagged("mute", Map.of("positive", 1)));
  }

  @Test
  @DisplayName("SV-4 a throwable is data: code, type and message")
  void throwable() {
    assertThat(wire.across(new IllegalStateException("no")))
        .isEqualTo(
            Map.of("code", "failed", "type", "java.lang.IllegalStateException", "message", "no"));
    assertThat(wire.across(new IllegalStateException("half \ud83d")))
        .isEqualTo(
            Map.of(
                "code", "failed", "type", "java.lang.IllegalStateException", "message", "half ?"));
    CallError refused = new CallError.Refused("not you");
    assertThat(wire.across(new CallException(refused)))
        .isEqualTo(Map.of("code", "refused", "message", "not you"));
    assertThat(wire.across(refused)).isEqualTo(refused.toData());
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @ValueSource(
      strings = {
        "[\"~#short\",70000]",
        "[\"~#byte\",300]",
        "[\"~#byte\",-129]",
        "[\"~#long\",2.7]",
        "[\"~#long\",\"~n9223372036854775808\"]",
        "[\"~#float\",1e39]",
        "[\"~#float\",\"~f1E400\"]",
        "[\"~#float\",\"1\"]"
      })
  @DisplayName("DI-1 a number that does not fit what its tag says is refused, not cut")
  void numbersThatDoNotFit(String number) {
    for (String value : List.of(number, "[\"~#unknown\",[" + number + "]]")) {
      assertThatThrownBy(() -> wire.read("[\"^ \",\"v\"," + value + "]"))
          .isInstanceOf(CodecException.class);
    }
  }

  @Test
  @DisplayName("DI-1 the least and the greatest number of each kind fit")
  void numbersThatFit() {
    List<Number> numbers =
        List.of(
            Byte.MIN_VALUE,
            Byte.MAX_VALUE,
            Short.MIN_VALUE,
            Short.MAX_VALUE,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NaN);
    assertThat(wire.across(numbers)).isEqualTo(numbers);
    assertThat(wire.acrossInBytes(numbers)).isEqualTo(numbers);
    assertThat(wire.read("[\"^ \",\"v\",[\"~#float\",2]]")).isEqualTo(2f);
  }

  @Test
  @DisplayName("DI-1 DI-9 a number of as many digits as it may have is read, and goes on")
  void manyDigits() {
    String digits = "9".repeat(10_000);
    List<Number> numbers =
        List.of(
            new BigInteger(digits),
            new BigInteger("-" + digits),
            new BigDecimal("-0." + digits),
            new BigDecimal("-9." + digits.substring(1) + "E-1"),
            new BigDecimal(digits + "E-10000"),
            new BigDecimal(digits + "E+10000"));
    assertThat(wire.across(numbers)).isEqualTo(numbers);
    assertThat(wire.acrossInBytes(numbers)).isEqualTo(numbers);
    assertRefused(new BigInteger(digits + "0"), "the limit is 10000 digits");
    assertRefused(new BigDecimal(digits + ".0"), "the limit is 10000 digits");
    assertRefused(BigInteger.ONE.shiftLeft(1_000_000), "the limit is 10000 digits");
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @ValueSource(ints = {-999_999_999, -12_345, -1, 0, 999, 9_999, 10_000, 12_345, 999_999_999})
  @DisplayName("DI-1 dates and times of any year arrive as what they were")
  void years(int year) {
    LocalDateTime time = LocalDateTime.of(year, 2, 3, 4, 5, 6, 7);
    List<Object> times =
        List.of(
            Year.of(year),
            YearMonth.of(year, 1),
            time.toLocalDate(),
            time,
            time.atOffset(ZoneOffset.ofHours(-7)),
            time.atZone(ZoneId.of("Asia/Tokyo")),
            time.toInstant(ZoneOffset.UTC));
    assertThat(wire.across(times)).isEqualTo(times);
  }

  @Test
  @DisplayName("DI-1 bytes, arrays, text buffers and optional values")
  void others() {
    assertThat((byte[]) wire.across(new byte[] {1, -1, 0})).containsExactly(1, -1, 0);
    assertThat(wire.across(new int[] {1, 2})).isEqualTo(List.of(1, 2));
    assertThat(wire.across(new String[][] {{"a"}, {}})).isEqualTo(List.of(List.of("a"), List.of()));
    assertThat(wire.across(java.nio.CharBuffer.wrap("a"))).isEqualTo("a");
    assertThat(wire.across(Arrays.asList(Optional.of(1), Optional.empty(), null)))
        .isEqualTo(Arrays.asList(1, null, null));
    assertThat(
            wire.across(
                Arrays.asList(
                    OptionalInt.of(1),
                    OptionalLong.of(2),
                    OptionalDouble.of(3),
                    OptionalInt.empty(),
                    OptionalLong.empty(),
                    OptionalDouble.empty())))
        .isEqualTo(Arrays.asList(1, 2L, 3.0, null, null, null));
  }

  @Test
  @DisplayName(
      "DI-1 what would arrive as something else is refused, with the place where it stands")
  void refused() {
    assertRefused(Map.of("a", List.of(1, new Object())), "java.lang.Object, at a[1]");
    assertRefused(Map.of(DayOfWeek.MONDAY, 1, "MONDAY", 2), "two keys that cross as the same");
    assertRefused(Set.of(DayOfWeek.MONDAY, "MONDAY"), "two values that cross as the same");
    assertRefused(new BigDecimal("1E+10001"), "the limit is 10000");
    assertRefused('\ud800', "half a surrogate pair");
    assertRefused(java.nio.file.Path.of("a"), "Path");
    assertThatThrownBy(() -> new Tagged("map", 1)).hasMessageContaining("no tag for a value");
    assertThatThrownBy(() -> Handlers.none().with("set", Point.class, p -> 1, n -> POINT))
        .hasMessageContaining("'set' is taken");
  }

  @Test
  @DisplayName("DI-1 a map or a set to which something is added meanwhile is sent without it")
  void growing() {
    ConcurrentNavigableMap<String, Object> map = new ConcurrentSkipListMap<>();
    map.put("b", adding(() -> map.put("a", 2)));
    assertThat(wire.across(map)).isEqualTo(Map.of("b", List.of(1)));
    Handlers handlers =
        Handlers.none().with("adding", Runnable.class, ValueTypesTest::run, _ -> () -> {});
    Set<Object> set = new CopyOnWriteArraySet<>();
    set.add((Runnable) () -> set.add("a"));
    assertThat(new Wire(handlers, Handlers.none()).across(set))
        .isEqualTo(Set.of(new Tagged("adding", 1L)));
  }

  private static Iterable<Integer> adding(Runnable add) {
    return () -> {
      add.run();
      return List.of(1).iterator();
    };
  }

  private static int run(Runnable add) {
    add.run();
    return 1;
  }

  @Test
  @DisplayName("DI-9 DI-12 no value that is read would be written as the name of a channel")
  void forged() {
    String forged = "[[\"~##\",\"chan-guid\"],[\"named by a peer\",\"ptc\",false]]";
    assertThatThrownBy(() -> TransitCodec.read(forged, FrameLimits.DEFAULTS))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("'#' is no tag for a value");
    for (String mark : List.of("~", "^", "`")) {
      assertThatThrownBy(() -> new Tagged(mark, "x")).hasMessageContaining("no tag for a value");
    }
  }

  private void assertRefused(Object value, String words) {
    assertThatThrownBy(() -> wire.across(value))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining(words);
  }

  enum Mood {
    GOOD;

    @Override
    public String toString() {
      return "fine";
    }
  }

  @Test
  @DisplayName("DI-1 an enum crosses by its name, whatever it says of itself")
  void enumByName() {
    assertThat(wire.across(Mood.GOOD)).isEqualTo("GOOD");
  }

  @Test
  @DisplayName("DI-1 bytes that change after they were put cross as they were")
  void bytesAsTheyWere() {
    byte[] bytes = {1, 2};
    Object converted =
        new Outgoing(1, Handlers.none(), _ -> new Reference("", Rights.ALL, false)).convert(bytes);
    bytes[0] = 3;
    assertThat(converted)
        .isInstanceOfSatisfying(byte[].class, kept -> assertThat(kept).containsExactly(1, 2));
  }

  @Test
  @DisplayName("SV-4 what was thrown elsewhere goes on as what it was there")
  void thrownElsewhere() {
    assertThat(wire.across(new Message.Cause("far.Away", "no").toException()))
        .isEqualTo(Map.of("code", "failed", "type", "far.Away", "message", "no"));
  }

  @Test
  @DisplayName("DI-1 of two handlers for a value the earlier one writes it")
  void earlierHandler() {
    Handlers handlers =
        Handlers.none()
            .with("day", DayOfWeek.class, DayOfWeek::name, _ -> DayOfWeek.MONDAY)
            .with("time", TemporalAccessor.class, Object::toString, _ -> DayOfWeek.MONDAY);
    assertThat(new Wire(handlers, Handlers.none()).across(List.of(DayOfWeek.FRIDAY, Year.of(1))))
        .isEqualTo(List.of(new Tagged("day", "FRIDAY"), new Tagged("time", "1")));
  }

  sealed interface Shape {}

  record Tile(String type) implements Shape {}

  record Dot(int size) implements Shape {}

  @Test
  @DisplayName("DI-1 a variant says which it is, but not where a component of its own does")
  void variants() {
    assertThat(wire.across(new Dot(1))).isEqualTo(Map.of("size", 1, "type", "Dot"));
    assertThat(wire.across(new Tile("blue"))).isEqualTo(Map.of("type", "blue"));
  }

  static List<Object> halfCharacters() {
    String half = "\ud83d";
    return List.of(
        new Tagged(half + half, 1),
        new Tagged("thing", List.of(Name.keyword(half))),
        Map.of(Name.symbol(half), 1),
        URI.create("x:" + half),
        Optional.of(URI.create("x:" + half)));
  }

  @ParameterizedTest(name = "{displayName} [{index}]")
  @MethodSource
  @DisplayName("DI-9 half a surrogate pair in a tag, a name, an address is refused as in a text")
  void halfCharacters(Object value) {
    Outgoing outgoing = new Outgoing(9, Handlers.none(), _ -> new Reference("", Rights.ALL, false));
    assertThatThrownBy(() -> outgoing.body(Map.of("here", value)))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("cannot send a text with half a surrogate pair, at here");
  }

  @Test
  @DisplayName("DI-9 a tag of one letter is for a text: nothing else is written so")
  void tagOfOneLetter() {
    assertThat(wire.across(new Tagged("y", "text"))).isEqualTo(new Tagged("y", "text"));
    assertThatThrownBy(() -> new Tagged("y", List.of(1)))
        .isInstanceOf(CodecException.class)
        .hasMessage("'y' is no tag for this: a tag of one letter is for a text");
  }

  @Test
  @DisplayName("DI-9 a moment in words is read as one, and no longer year than there is")
  void momentInWords() {
    assertThat(wire.read("[\"^ \",\"v\",\"~t2000-01-02T03:04:05.678Z\"]"))
        .isEqualTo(Instant.parse("2000-01-02T03:04:05.678Z"));
    for (String year : List.of("9".repeat(1_000), "x", "")) {
      assertThatThrownBy(() -> wire.read("[\"^ \",\"v\",\"~t" + year + "-01-01T00:00:00Z\"]"))
          .isInstanceOf(CodecException.class);
    }
  }

  @Test
  @DisplayName("DI-9 a value that is one level too deep is refused where it is put, and told so")
  void tooDeep() {
    Outgoing shallow = new Outgoing(2, Handlers.none(), _ -> new Reference("", Rights.ALL, false));
    List<?> deepest = List.of(List.of(List.of()));
    assertThat(shallow.convert(deepest)).isEqualTo(deepest);
    for (Object tooDeep : List.of(List.of(deepest), new Tagged("kind", deepest))) {
      assertThatThrownBy(() -> shallow.convert(tooDeep))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("nested deeper than 2 levels");
    }
  }

  @Test
  @DisplayName("DI-9 a tag before a text or a number is no level, whether it is known or not")
  void tagIsNoLevel() {
    Handlers handlers =
        Handlers.none()
            .with("day", DayOfWeek.class, DayOfWeek::getValue, n -> DayOfWeek.of((Integer) n))
            .with("mood", Mood.class, Mood::name, name -> Mood.valueOf((String) name));
    Outgoing shallow = new Outgoing(1, handlers, _ -> new Reference("", Rights.ALL, false));
    List<?> deepest =
        List.of(Year.of(1), 2L, new Tagged("thing", "x"), DayOfWeek.FRIDAY, Mood.GOOD);
    Object sent = shallow.convert(deepest);
    assertThat(new Incoming(1, handlers, reference -> reference).convert(sent)).isEqualTo(deepest);
    Incoming unknowing = new Incoming(1, Handlers.none(), reference -> reference);
    Object passedOn = shallow.convert(unknowing.convert(sent));
    assertThat(new Incoming(1, handlers, reference -> reference).convert(passedOn))
        .isEqualTo(deepest);
  }
}
