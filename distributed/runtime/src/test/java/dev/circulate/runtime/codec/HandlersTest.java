package dev.circulate.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitect.transit.TransitFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What handlers make of what comes, also of what another language's peer has written. */
class HandlersTest {
  record Sizes(
      byte tiny,
      short small,
      int plain,
      long large,
      float half,
      double whole,
      BigDecimal exact,
      BigInteger digits) {}

  record Day(DayOfWeek day) {}

  record Point(int x) {}

  record Points(List<? extends Point> all, Map<String, ? extends Point> named) {}

  private static @Nullable Object read(Handlers handlers, String tag, String representation) {
    String frame = "[\"^ \",\"v\",[\"~#" + tag + "\"," + representation + "]]";
    return new Wire(Handlers.none(), handlers).read(frame);
  }

  @Test
  @DisplayName("DI-1 whole numbers fit into components of every kind")
  void wholeNumbers() {
    assertThat(
            read(
                Handlers.none().withRecord("sizes", Sizes.class),
                "sizes",
                "[\"^ \",\"tiny\",1,\"small\",2,\"plain\",3,\"large\",4,\"half\",5,\"whole\",6,"
                    + "\"exact\",7,\"digits\",8]"))
        .isEqualTo(
            new Sizes(
                (byte) 1, (short) 2, 3, 4, 5, 6, BigDecimal.valueOf(7), BigInteger.valueOf(8)));
  }

  @ParameterizedTest(name = "DI-1 a component does not take {0}: what it is in stays tagged")
  @ValueSource(strings = {"5000000000", "-2147483649", "1.5", "\"1\"", "null", "\"~n99999999999\""})
  void doesNotFit(String number) {
    Handlers handlers = Handlers.none().withRecord("point", Point.class);
    assertThat(read(handlers, "point", "[\"^ \",\"x\"," + number + "]")).isInstanceOf(Tagged.class);
    assertThat(read(handlers, "point", "[\"^ \",\"x\",1]")).isEqualTo(new Point(1));
  }

  record Shares(float half, double whole) {}

  @ParameterizedTest(name = "DI-1 no component becomes infinite by {0}, {1}: it stays tagged")
  @CsvSource({"1e300, 1", "1, ~f1E400", "-1e39, 1", "1, ~f-1E400", "~f1E400, 1"})
  void tooLarge(String half, String whole) {
    Handlers handlers = Handlers.none().withRecord("shares", Shares.class);
    assertThat(read(handlers, "shares", shares(half, whole))).isInstanceOf(Tagged.class);
    assertThat(read(handlers, "shares", shares("1.5", "~f2.5"))).isEqualTo(new Shares(1.5f, 2.5));
    assertThat(read(handlers, "shares", shares("~zINF", "~z-INF")))
        .isEqualTo(new Shares(Float.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
  }

  private static String shares(String half, String whole) {
    return "[\"^ \",\"half\",%s,\"whole\",%s]".formatted(number(half), number(whole));
  }

  private static String number(String written) {
    return written.startsWith("~") ? "\"" + written + "\"" : written;
  }

  @Test
  @DisplayName("DI-1 the name of no constant is none: the record that it is in stays tagged")
  void noConstant() {
    Handlers handlers = Handlers.none().withRecord("day", Day.class);
    assertThat(read(handlers, "day", "[\"^ \",\"day\",\"MONDAY\"]"))
        .isEqualTo(new Day(DayOfWeek.MONDAY));
    assertThat(read(handlers, "day", "[\"^ \",\"day\",\"DOOMSDAY\"]"))
        .isEqualTo(new Tagged("day", Map.of("day", "DOOMSDAY")));
  }

  @SuppressWarnings("MemberName") // what a program may have
  enum Unit {
    m,
    M
  }

  record Length(Unit unit) {}

  @Test
  @DisplayName("DI-1 constants that differ in a capital letter are two")
  void constants() {
    Handlers handlers = Handlers.none().withRecord("length", Length.class);
    for (Unit unit : Unit.values()) {
      assertThat(new Wire(handlers, handlers).across(new Length(unit))).isEqualTo(new Length(unit));
    }
  }

  @Test
  @DisplayName("DI-1 records in a collection of some kind of a record are records")
  void someKind() {
    Handlers handlers = Handlers.none().withRecord("points", Points.class);
    Points points = new Points(List.of(new Point(1)), Map.of("a", new Point(2)));
    assertThat(new Wire(handlers, handlers).across(points)).isEqualTo(points);
  }

  record Place(int x, int y) {}

  record Atlas(@Nullable Set<Place> places, @Nullable Map<Place, Integer> named) {}

  /** Records that have one hash code, as maps that do not. */
  private static String alike(int places, String after) {
    return IntStream.range(0, places)
        .mapToObj(i -> "[\"^ \",\"x\",%d,\"y\",%d]".formatted(i, -31 * i))
        .collect(Collectors.joining(after + ",", "", after));
  }

  record Node(int x, int y, @Nullable Set<Node> in) {}

  /** So many nodes of one hash code, each with what is in it. */
  private static String nodes(int nodes, String in) {
    return IntStream.range(0, nodes)
        .mapToObj(i -> "[\"^ \",\"x\",%d,\"y\",%d,\"in\",%s]".formatted(i, -31 * i, in))
        .collect(Collectors.joining(",", "[\"~#set\",[", "]]"));
  }

  @Test
  @DisplayName("DI-9 nor of those that cost much to compare, since there are others in them")
  void nested() {
    Handlers handlers = Handlers.none().withRecord("node", Node.class);
    String node = "[\"^ \",\"x\",1,\"y\",1,\"in\",%s]";
    assertThat(read(handlers, "node", node.formatted(nodes(10, nodes(10, nodes(4, "null"))))))
        .isInstanceOf(Node.class);
    assertThat(read(handlers, "node", node.formatted(nodes(60, nodes(60, nodes(4, "null"))))))
        .isInstanceOf(Tagged.class);
  }

  record Prices(Map<Long, String> prices) {}

  @Test
  @DisplayName("CH-5 a record is not made of a map with two keys that become the same")
  void sameKeys() {
    Handlers handlers = Handlers.none().withRecord("prices", Prices.class);
    assertThat(
            read(
                handlers,
                "prices",
                "[\"^ \",\"prices\",[\"~#cmap\",[1,\"a\",[\"~#long\",1],\"b\"]]]"))
        .isEqualTo(new Tagged("prices", Map.of("prices", Map.of(1, "a", 1L, "b"))));
  }

  @Test
  @DisplayName("DI-9 a record is not made of many that have one hash code, in a set or as keys")
  void alike() {
    Handlers handlers = Handlers.none().withRecord("atlas", Atlas.class);
    assertThat(read(handlers, "atlas", "[\"^ \",\"places\",[\"~#set\",[" + alike(256, "") + "]]]"))
        .isInstanceOfSatisfying(Atlas.class, atlas -> assertThat(atlas.places()).hasSize(256));
    assertThat(read(handlers, "atlas", "[\"^ \",\"places\",[\"~#set\",[" + alike(257, "") + "]]]"))
        .isInstanceOf(Tagged.class);
    assertThat(
            read(handlers, "atlas", "[\"^ \",\"named\",[\"~#cmap\",[" + alike(256, ",1") + "]]]"))
        .isInstanceOfSatisfying(Atlas.class, atlas -> assertThat(atlas.named()).hasSize(256));
    assertThat(
            read(handlers, "atlas", "[\"^ \",\"named\",[\"~#cmap\",[" + alike(257, ",1") + "]]]"))
        .isInstanceOf(Tagged.class);
  }

  @ParameterizedTest(name = "DI-1 no handler can have the tag {0}, which every peer knows, or all")
  @ValueSource(
      strings = {
        "",
        "x",
        "long",
        "float",
        "instant",
        "duration",
        "zone",
        "set",
        "list",
        "cmap",
        "ratio",
        "link",
        "chan-guid",
        "array",
        "map",
        "point"
      })
  void taken(String tag) {
    Handlers handlers = Handlers.none().withRecord("point", Point.class);
    assertThatThrownBy(
            () -> handlers.with(tag, DayOfWeek.class, DayOfWeek::name, HandlersTest::none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + tag + "' is taken, or too short");
  }

  @Test
  @DisplayName("DI-1 what a handler makes nothing of stays tagged, and it tells why when asked")
  void nothing() {
    Handlers handlers =
        Handlers.none().with("day", DayOfWeek.class, DayOfWeek::name, HandlersTest::none);
    assertThat(read(handlers, "day", "\"MONDAY\"")).isEqualTo(new Tagged("day", "MONDAY"));
    assertThatThrownBy(() -> handlers.read("day", "MONDAY"))
        .hasMessageContaining("a handler gave null");
    assertThatThrownBy(() -> handlers.read("week", "MONDAY"))
        .hasMessageContaining("no handler for 'week'");
    assertThat(read(handlers, "day", "null")).isEqualTo(new Tagged("day", null));
  }

  @SuppressWarnings("NullAway") // a program's mistake
  private static DayOfWeek none(Object representation) {
    return null;
  }

  @Test
  @DisplayName("DI-1 a tagged value of transit's own crosses as one")
  void ofTransit() {
    assertThat(new Wire().across(TransitFactory.taggedValue("point", List.of(1L, "x"))))
        .isEqualTo(new Tagged("point", List.of(1L, "x")));
  }

  @Test
  @DisplayName("DI-1 SV-4 the name of an argument has UTF-8, or is refused with its place")
  void names() {
    Outgoing outgoing = new Outgoing(9, Handlers.none(), _ -> new Reference("", Rights.ALL, false));
    assertThatThrownBy(() -> outgoing.message(Map.of("\ud83d", 1)))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("half a surrogate pair, at ");
  }
}
