package dev.circulate.service;

import static dev.circulate.service.TypeOf.listOf;
import static dev.circulate.service.TypeOf.mapOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.Channel;
import dev.circulate.Csp;
import dev.circulate.WritePort;
import dev.circulate.service.Echo.Circle;
import dev.circulate.service.Echo.Counted;
import dev.circulate.service.Echo.Nothing;
import dev.circulate.service.Echo.Order;
import dev.circulate.service.Echo.Rhombus;
import dev.circulate.service.Echo.Shape;
import dev.circulate.service.Echo.Square;
import dev.circulate.service.Everything.Item;
import dev.circulate.service.Everything.Size;
import dev.circulate.service.Everything.Subscription;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SV-2: arguments and answers have the types that the method, and the caller, say. */
public abstract class ConversionContract extends ServiceContractBase {
  /** The contract of services that are reached so. */
  protected ConversionContract(Reach reach) {
    super(reach);
  }

  @Test
  @DisplayName("SV-2 plain data becomes records, collections, enums, java.time")
  void conversion() throws Exception {
    Map<String, Object> item =
        Map.of("name", "hat", "count", 2L, "sizes", List.of("SMALL", "LARGE"));
    assertThat(Request.to(service, "describe").with("item", item).as(String.class))
        .isEqualTo("Item[name=hat, count=2, sizes=[SMALL, LARGE]]");
    assertThat(Request.to(service, "total").with("items", List.of(item, item)).as(int.class))
        .isEqualTo(4);
    assertThat(
            Request.to(service, "moment")
                .with("at", "2026-01-01T00:00:00Z")
                .with("wait", "PT1M")
                .as(Instant.class))
        .isEqualTo(Instant.parse("2026-01-01T00:01:00Z"));
  }

  @Test
  @DisplayName("SV-2 numbers pass where they fit, and nowhere else")
  void numbers() throws Exception {
    assertThat(Request.to(service, "narrow").with("value", 7L).as(int.class)).isEqualTo(7);
    assertThat(Request.to(service, "narrow").with("value", 7.0).as(long.class)).isEqualTo(7L);
    assertThat(Request.to(service, "wide").with("value", 7).as(double.class)).isEqualTo(7.0);
    assertThat(Request.to(service, "wide").with("value", Double.NaN).as(double.class)).isNaN();
    refused("narrow", 1L << 40, "expected int, but came the Long 1099511627776");
    refused("narrow", 1.5, "expected int, but came the Double 1.5");
    refused("narrow", Double.NaN, "expected int, but came the Double NaN");
    refused("narrow", "7", "expected int, but came the String \"7\"");
    refused("narrow", null, "expected int, but came null");
    refused("narrow", List.of(), "expected int, but came the list []");
    refused("narrow", Csp.chan(), "expected int, but came a channel");
    refused("text", 7, "expected String, but came the Integer 7");
    refused("text", Csp.chan(), "expected String, but came a channel");
    refused("wide", true, "expected double, but came the Boolean true");
  }

  @Test
  @DisplayName("SV-2 a channel passes untouched at any depth")
  void channels() throws Exception {
    Channel<String> news = Csp.chan(4);
    Request.to(service, "subscribe")
        .with("subscription", Map.of("topic", "wombats", "to", news))
        .done();
    assertThat(news.take()).isEqualTo("news of wombats");
    Request.to(service, "subscribe").with("subscription", new Subscription("frogs", news)).done();
    assertThat(news.take()).isEqualTo("news of frogs");
    Request.to(service, "to-all").with("ports", List.of(news, news.writePort())).done();
    assertThat(news.drain(4)).containsExactly("all", "all");
    CallError error =
        errorOf(
            () ->
                Request.to(service, "subscribe")
                    .with("subscription", Map.of("topic", "x", "to", "nowhere"))
                    .done());
    assertThat(error.message()).contains("(at to: expected a channel");
  }

  @Test
  @DisplayName("SV-2 an answer is converted to the type that is asked for")
  void answersConvert() throws Exception {
    WritePort<Request> lists = reach(Service.of(new Everything.Lists()));
    assertThat(Request.to(lists, "numbers").as(listOf(Long.class))).containsExactly(1L, 2L);
    assertThat(Request.to(lists, "item").as(mapOf(Object.class))).containsEntry("name", "hat");
    assertThat(errorOf(() -> Request.to(lists, "numbers").as(int.class)).code())
        .isEqualTo(ErrorCode.INTERNAL);
  }

  private void refused(String command, @Nullable Object value, String why) {
    CallError error = errorOf(() -> Request.to(service, command).with("value", value).done());
    assertThat(error).isInstanceOf(CallError.InvalidArgument.class);
    assertThat(error.message()).isEqualTo("argument 'value' of '" + command + "': " + why);
  }

  private static final Item HAT = new Item("hat", 2, List.of(Size.SMALL));

  /** What services for things of any kind have in common. */
  static class Keeper<T> {
    final List<T> kept = new CopyOnWriteArrayList<>();

    @Command
    int keep(T x) {
      kept.add(x);
      return kept.size();
    }

    @Command
    int keepAll(List<T> x) {
      kept.addAll(x);
      return kept.size();
    }

    @Command
    Optional<T> last() {
      return kept.isEmpty() ? Optional.empty() : Optional.of(kept.getLast());
    }

    @Command
    Stream<T> all() {
      return kept.stream();
    }
  }

  static class Wardrobe extends Keeper<Item> {
    @Command
    int total() {
      return kept.stream().mapToInt(Item::count).sum();
    }
  }

  interface KeeperClient<T> {
    int keep(T x);

    int keepAll(List<T> x);

    Optional<T> last();

    Stream<T> all();
  }

  interface WardrobeClient extends KeeperClient<Item> {
    int total();
  }

  @Test
  @DisplayName("SV-2 SV-5 what is inherited has the types that the heir gives it")
  void inheritedTypes() throws Exception {
    WritePort<Request> wardrobe = reach(Service.of(new Wardrobe()));
    Map<String, Object> hat = Map.of("name", "hat", "count", 2, "sizes", List.of("SMALL"));
    Request.to(wardrobe, "keep").with("x", hat).done();
    Request.to(wardrobe, "keep-all").with("x", List.of(hat, hat)).done();
    WardrobeClient client = Service.clientBuilder(wardrobe, WardrobeClient.class).openChecked();
    assertThat(client.keep(HAT)).isEqualTo(4);
    assertThat(client.total()).isEqualTo(8);
    assertThat(client.last()).contains(HAT);
    try (Stream<Item> all = client.all()) {
      assertThat(all).containsExactly(HAT, HAT, HAT, HAT);
    }
    assertThat(errorOf(() -> Request.to(wardrobe, "keep").with("x", "hat").done()))
        .isEqualTo(
            new CallError.InvalidArgument(
                "argument 'x' of 'keep': expected Item, but came the String \"hat\""));
    assertThat(Service.docs(wardrobe))
        .contains("keep-all(x: List<Item>) returns int", "all() returns Channel<Item>");
  }

  sealed interface Outcome<T> {
    record Found<T>(T value) implements Outcome<T> {}

    record Missing<T>(String why) implements Outcome<T> {}
  }

  static class Finder {
    @Command
    Outcome<Item> find(Outcome<Item> x) {
      return switch (x) {
        case Outcome.Found<Item>(Item item) -> new Outcome.Found<>(item);
        case Outcome.Missing<Item> missing -> missing;
      };
    }
  }

  interface FinderClient {
    Outcome<Item> find(Outcome<Item> x);
  }

  @Test
  @DisplayName("SV-2 SV-5 what a variant of a sealed type holds has the type that this gives it")
  void genericSealedTypes() throws Exception {
    WritePort<Request> finder = reach(Service.of(new Finder()));
    FinderClient client = Service.clientBuilder(finder, FinderClient.class).openChecked();
    List<Outcome<Item>> outcomes =
        List.of(new Outcome.Found<>(HAT), new Outcome.Missing<>("it was the last"));
    for (Outcome<Item> outcome : outcomes) {
      assertThat(client.find(outcome)).isEqualTo(outcome);
    }
    assertThat(
            errorOf(
                    () ->
                        Request.to(finder, "find")
                            .with("x", Map.of("type", "Found", "value", Map.of("name", 7)))
                            .done())
                .message())
        .contains("(at value.name: ");
  }

  /** What can be told of it, beside its components. */
  record Box(List<Item> items) {
    public boolean isEmpty() {
      return items.isEmpty();
    }

    public int getTotal() {
      return items.stream().mapToInt(Item::count).sum();
    }

    public List<Item> getFirst() {
      return items.subList(0, 1);
    }
  }

  sealed interface Solid {
    record Cube(double edge) implements Solid {
      public double getVolume() {
        return edge * edge * edge;
      }
    }

    record Ball(double radius) implements Solid {}
  }

  static class Boxes {
    @Command
    List<Box> boxes(List<Box> x) {
      return x;
    }

    @Command
    Solid solid(Solid x) {
      return x;
    }
  }

  interface BoxesClient {
    List<Box> boxes(List<Box> x);
  }

  @Test
  @DisplayName("SV-2 SV-5 a record is a map of its components, whatever else it can tell")
  void components() throws Exception {
    WritePort<Request> boxed = reach(Service.of(new Boxes()));
    List<Box> boxes = List.of(new Box(List.of(HAT)), new Box(List.of(HAT, HAT)));
    assertThat(Service.client(boxed, BoxesClient.class).boxes(boxes)).isEqualTo(boxes);
    assertThat(
            errorOf(
                () ->
                    Request.to(boxed, "boxes")
                        .with("x", List.of(Map.of("items", List.of(), "empty", true)))
                        .done()))
        .isInstanceOf(CallError.InvalidArgument.class);
    assertThat(Request.to(boxed, "solid").with("x", Map.of("edge", 2)).as(Solid.class))
        .isEqualTo(new Solid.Cube(2));
    assertThat(Request.to(boxed, "_commands").as(mapOf(Object.class)).toString())
        .contains("edge", "items")
        .doesNotContain("empty", "total", "first", "volume");
  }

  record Meeting(OffsetDateTime at, ZonedDateTime there, Optional<ZonedDateTime> elsewhere) {}

  static class Diary {
    @Command
    List<Meeting> meetings(List<Meeting> x) {
      return x;
    }

    @Command
    Map<String, Object> notes(Map<String, Object> x) {
      return x;
    }

    @Command
    String types(Map<String, Object> x) {
      return new TreeMap<>(Map.copyOf(x))
          .values().stream()
              .map(each -> each.getClass().getSimpleName())
              .collect(Collectors.joining(" "));
    }
  }

  interface DiaryClient {
    List<Meeting> meetings(List<Meeting> x);

    Map<String, Object> notes(Map<String, Object> x);

    String types(Map<String, Object> x);
  }

  @Test
  @DisplayName("SV-2 SV-5 a time inside a larger value keeps its offset, and its zone")
  void zones() throws Exception {
    WritePort<Request> diary = reach(Service.of(new Diary()));
    Meeting meeting =
        new Meeting(
            OffsetDateTime.parse("2026-11-25T19:00:00+02:00"),
            ZonedDateTime.parse("2026-11-25T19:00:00+01:00[Europe/Berlin]"),
            Optional.of(ZonedDateTime.parse("2026-11-25T19:00:00Z[UTC]")));
    assertThat(Service.client(diary, DiaryClient.class).meetings(List.of(meeting)))
        .containsExactly(meeting);
    Map<String, Object> asData =
        Map.of(
            "at", "2026-11-25T19:00:00+02:00",
            "there", "2026-11-25T19:00:00+01:00[Europe/Berlin]",
            "elsewhere", "2026-11-25T19:00:00Z[UTC]");
    assertThat(Request.to(diary, "meetings").with("x", List.of(asData)).as(listOf(Meeting.class)))
        .containsExactly(meeting);
    Map<String, Object> others =
        Map.of("at", Instant.EPOCH, "there", "1970-01-01T00:00:00Z", "elsewhere", meeting.there);
    assertThat(Request.to(diary, "meetings").with("x", List.of(others)).as(listOf(Meeting.class)))
        .containsExactly(
            new Meeting(
                OffsetDateTime.parse("1970-01-01T00:00:00Z"),
                ZonedDateTime.parse("1970-01-01T00:00:00Z"),
                Optional.of(meeting.there)));
  }

  @Test
  @DisplayName("SV-2 SV-5 what may be anything comes as what it is")
  void anything() {
    DiaryClient diary = Service.client(reach(Service.of(new Diary())), DiaryClient.class);
    Map<String, Object> notes =
        Map.of(
            "at", Instant.parse("2026-11-25T19:00:00.123456Z"),
            "day", LocalDate.of(2026, 11, 25),
            "id", new UUID(1, 2),
            "price", new BigDecimal("1.10"),
            "uri", URI.create("urn:a:b"),
            "wait", Duration.ofSeconds(90));
    assertThat(diary.notes(notes)).isEqualTo(notes);
    assertThat(diary.types(notes)).isEqualTo("Instant LocalDate UUID BigDecimal URI Duration");
  }

  record Counts(int few, long many, short small, BigInteger big) {}

  static class Wholes {
    @Command
    List<Integer> list(List<Integer> x) {
      return x;
    }

    @Command
    long[] array(long[] x) {
      return x;
    }

    @Command
    Counts counts(Counts x) {
      return x;
    }

    @Command
    int few(OptionalInt x) {
      return x.orElse(0);
    }
  }

  @Test
  @DisplayName("SV-2 a whole number is one however it is written, inside a larger value as well")
  void wholeNumbers() throws Exception {
    WritePort<Request> wholes = reach(Service.of(new Wholes()));
    List<Object> numbers = List.of(7.0, new BigDecimal("7.00"), 7L, (byte) 7);
    assertThat(Request.to(wholes, "list").with("x", numbers).as(listOf(Integer.class)))
        .containsOnly(7);
    assertThat(Request.to(wholes, "array").with("x", numbers).as(long[].class)).containsOnly(7L);
    assertThat(Request.to(wholes, "few").with("x", 7.0).as(int.class)).isEqualTo(7);
    assertThat(
            Request.to(wholes, "counts")
                .with("x", Map.of("few", 7.0, "many", 1e15, "small", -7.0, "big", 1e30))
                .as(Counts.class))
        .isEqualTo(
            new Counts(
                7, 1_000_000_000_000_000L, (short) -7, new BigDecimal("1e30").toBigInteger()));
    for (Object wrong : List.of(7.5, 1e10, Double.NaN, Double.POSITIVE_INFINITY)) {
      assertThat(errorOf(() -> Request.to(wholes, "list").with("x", List.of(wrong)).done()))
          .as("%s", wrong)
          .isInstanceOf(CallError.InvalidArgument.class);
    }
  }

  @Test
  @DisplayName("SV-2 SV-5 values of each kind go there and come back as what they were")
  void echoes() {
    Echo echo = Service.client(reach(Service.of(new Echoing())), Echo.class);
    assertThat(echo.item(HAT)).isEqualTo(HAT);
    assertThat(echo.size(Size.LARGE)).isEqualTo(Size.LARGE);
    Order order =
        new Order(
            new UUID(1, 2),
            HAT,
            new BigDecimal("12.50"),
            Duration.ofMinutes(90),
            Optional.of(LocalDate.of(2026, 11, 25)),
            Map.of(Size.SMALL, 3),
            List.of(new Circle(1), new Square(2), new Rhombus(3)));
    assertThat(echo.order(order)).isEqualTo(order);
    Order bare =
        new Order(new UUID(1, 2), HAT, BigDecimal.ONE, null, Optional.empty(), Map.of(), List.of());
    assertThat(echo.order(bare)).isEqualTo(bare);
    assertThat(echo.items(Set.of(HAT))).containsExactly(HAT);
    assertThat(echo.byName(Map.of("hat", List.of(HAT)))).isEqualTo(Map.of("hat", List.of(HAT)));
    assertThat(echo.perhaps(Optional.of(HAT))).contains(HAT);
    assertThat(echo.perhaps(Optional.empty())).isEmpty();
  }

  @Test
  @DisplayName("SV-2 SV-5 a number that may be missing is a number, nothing, or null")
  void numbersPerhaps() throws Exception {
    WritePort<Request> service = reach(Service.of(new Echoing()));
    Echo echo = Service.client(service, Echo.class);
    Counted all = new Counted(OptionalInt.of(3), OptionalLong.of(1L << 40), OptionalDouble.of(0.5));
    Counted none = new Counted(OptionalInt.empty(), OptionalLong.empty(), OptionalDouble.empty());
    for (Counted counted : List.of(all, none)) {
      assertThat(echo.counted(counted)).isEqualTo(counted);
      assertThat(echo.few(counted.few())).isEqualTo(counted.few());
      assertThat(echo.many(counted.many())).isEqualTo(counted.many());
      assertThat(echo.share(counted.share())).isEqualTo(counted.share());
    }
    assertThat(Request.to(service, "few").as(OptionalInt.class)).isEmpty();
    assertThat(Request.to(service, "many").with("x", null).as(OptionalLong.class)).isEmpty();
    assertThat(Request.to(service, "share").as(OptionalDouble.class)).isEmpty();
    assertThat(Request.to(service, "counted").with("x", Map.of("many", 7)).as(Counted.class))
        .isEqualTo(new Counted(OptionalInt.empty(), OptionalLong.of(7), OptionalDouble.empty()));
    assertThat(Request.to(service, "share").with("x", 2).as(double.class)).isEqualTo(2);
  }

  @Test
  @DisplayName("SV-2 SV-5 the variants of a sealed type are told apart")
  void sealedTypes() {
    Echo echo = Service.client(reach(Service.of(new Echoing())), Echo.class);
    List<Shape> shapes = List.of(new Circle(1.5), new Square(2), new Rhombus(2), Nothing.POINT);
    for (Shape shape : shapes) {
      assertThat(echo.shape(shape)).isEqualTo(shape);
    }
    assertThat(echo.shapes(shapes)).isEqualTo(shapes);
  }

  @Test
  @DisplayName("SV-2 a variant is told by its fields, or by its name")
  void sealedTypesAsData() throws Exception {
    WritePort<Request> echo = reach(Service.of(new Echoing()));
    assertThat(Request.to(echo, "shape").with("x", Map.of("radius", 2)).as(Shape.class))
        .isEqualTo(new Circle(2));
    assertThat(
            Request.to(echo, "shape")
                .with("x", Map.of("type", "Square", "side", 2))
                .as(Shape.class))
        .isEqualTo(new Square(2));
    CallError ambiguous =
        errorOf(() -> Request.to(echo, "shape").with("x", Map.of("side", 2)).done());
    assertThat(ambiguous).isInstanceOf(CallError.InvalidArgument.class);
    assertThat(ambiguous.message())
        .startsWith("argument 'x' of 'shape': expected Shape, but came the map {side=2}")
        .contains("what may be any of Square, Rhombus");
    assertThat(
            errorOf(() -> Request.to(echo, "shape").with("x", Map.of("edge", 2)).done()).message())
        .contains("expected one of Circle, Square, Rhombus, Nothing");
  }

  static class Circles {
    @Command
    double radius(Circle x) {
      return x.radius();
    }
  }

  @Test
  @DisplayName("SV-2 where one variant is wanted no other is taken for it")
  void oneVariant() throws Exception {
    WritePort<Request> circles = reach(Service.of(new Circles()));
    for (Map<String, Object> circle :
        List.<Map<String, Object>>of(Map.of("radius", 2), Map.of("type", "Circle", "radius", 2))) {
      assertThat(Request.to(circles, "radius").with("x", circle).as(double.class)).isEqualTo(2);
    }
    for (Object type : List.of("Square", 7)) {
      assertThat(
              errorOf(
                  () ->
                      Request.to(circles, "radius")
                          .with("x", Map.of("type", type, "radius", 2))
                          .done()))
          .isInstanceOf(CallError.InvalidArgument.class);
    }
  }

  @Test
  @DisplayName("SV-2 SV-5 times, names and numbers of each kind go there and come back")
  void scalars() {
    Echo echo = Service.client(reach(Service.of(new Echoing())), Echo.class);
    Instant instant = Instant.parse("2026-11-25T19:00:00.123Z");
    assertThat(echo.instant(instant)).isEqualTo(instant);
    assertThat(echo.duration(Duration.ofNanos(123_456_789)))
        .isEqualTo(Duration.ofNanos(123_456_789));
    assertThat(echo.date(LocalDate.of(2026, 2, 28))).isEqualTo(LocalDate.of(2026, 2, 28));
    OffsetDateTime offset = OffsetDateTime.parse("2026-11-25T19:00:00+02:00");
    assertThat(echo.offset(offset).toInstant()).isEqualTo(offset.toInstant());
    ZonedDateTime zoned = ZonedDateTime.parse("2026-11-25T19:00:00+01:00[Europe/Berlin]");
    assertThat(echo.zoned(zoned).toInstant()).isEqualTo(zoned.toInstant());
    assertThat(echo.uuid(new UUID(3, 4))).isEqualTo(new UUID(3, 4));
    assertThat(echo.uri(URI.create("https://example.org/a?b")))
        .hasToString("https://example.org/a?b");
    BigInteger big = BigInteger.TWO.pow(100);
    assertThat(echo.big(big)).isEqualTo(big);
    assertThat(echo.big(BigInteger.ONE)).isEqualTo(BigInteger.ONE);
    assertThat(echo.decimal(new BigDecimal("1.10"))).isEqualTo(new BigDecimal("1.10"));
    assertThat(echo.bytes(new byte[] {1, -1})).containsExactly(1, -1);
    assertThat(echo.ints(new int[] {1, 2})).containsExactly(1, 2);
    assertThat(echo.letter('ä')).isEqualTo('ä');
    assertThat(echo.small((short) -7)).isEqualTo((short) -7);
    assertThat(echo.single(1.5f)).isEqualTo(1.5f);
  }
}
