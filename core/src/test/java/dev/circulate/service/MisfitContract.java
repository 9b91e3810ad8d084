package dev.circulate.service;

import static dev.circulate.service.TypeOf.optionalOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.circulate.WritePort;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SV-2: what is said of an argument that does not fit, and where inside it that is. */
public abstract class MisfitContract extends ServiceContractBase {
  /** The contract of services that are reached so. */
  protected MisfitContract(Reach reach) {
    super(reach);
  }

  @Test
  @DisplayName("SV-2 a misfit inside a larger value is named with its place")
  void misfitInside() {
    CallError error =
        errorOf(
            () ->
                Request.to(service, "total")
                    .with("items", List.of(Map.of("name", "hat", "count", 1L << 40)))
                    .done());
    assertThat(error.message())
        .startsWith("argument 'items' of 'total': expected List<Item>, but came the ")
        .contains("(at [0].count: ");
  }

  @Test
  @DisplayName(
      "SV-2 what does not fit is told in words for the caller, none for who sets up a parser")
  void misfitWords() {
    CallError error =
        errorOf(
            () ->
                Request.to(service, "total")
                    .with("items", List.of(Map.of("name", "hat", "count", "two")))
                    .done());
    assertThat(error.message()).endsWith("Cannot coerce String value (\"two\") to `int` value)");
  }

  record Basket(String name, List<Integer> prices) {
    Basket {
      Objects.requireNonNull(prices, "a basket has prices");
    }
  }

  static class Baskets {
    @Command
    int count(Basket basket) {
      return basket.prices.size();
    }

    @Command
    int countAll(List<Basket> baskets) {
      return baskets.size();
    }
  }

  @Test
  @DisplayName("SV-2 what a record's constructor refuses is told with what it says")
  void refusedByConstructor() {
    WritePort<Request> baskets = reach(Service.of(new Baskets()));
    Map<String, Object> bare = Map.of("name", "b");
    assertThat(errorOf(() -> Request.to(baskets, "count").with("basket", bare).done()))
        .isEqualTo(
            new CallError.InvalidArgument(
                "argument 'basket' of 'count': expected Basket, but came the map {name=b} (its"
                    + " constructor refuses it: a basket has prices)"));
    assertThat(
            errorOf(() -> Request.to(baskets, "count-all").with("baskets", List.of(bare)).done())
                .message())
        .endsWith("(at [0]: its constructor refuses it: a basket has prices)");
  }

  record Ticket(@Nullable UUID id) {}

  static class Tickets {
    @Command
    String uuid(@Nullable UUID x) {
      return String.valueOf(x);
    }

    @Command
    String currency(@Nullable Currency x) {
      return String.valueOf(x);
    }

    @Command
    String perhaps(Optional<UUID> x) {
      return x.toString();
    }

    @Command
    String ticket(Ticket x) {
      return x.toString();
    }

    @Command
    URI uri(URI x) {
      return x;
    }

    @Command
    String locale(Locale x) {
      return x.toLanguageTag();
    }
  }

  @Test
  @DisplayName("SV-2 an empty text is no UUID and no currency, and not null instead")
  void emptyText() throws Exception {
    WritePort<Request> tickets = reach(Service.of(new Tickets()));
    for (String empty : List.of("", "  ")) {
      String came = ", but came the String \"" + empty + '"';
      assertThat(misfit(tickets, "uuid", empty)).endsWith(": expected UUID" + came);
      assertThat(misfit(tickets, "currency", empty)).endsWith(": expected Currency" + came);
      assertThat(misfit(tickets, "perhaps", empty)).endsWith(": expected Optional<UUID>" + came);
      assertThat(misfit(tickets, "ticket", Map.of("id", empty)))
          .contains("(at id: Cannot coerce empty String")
          .doesNotContain("CoercionConfig");
    }
    assertThat(Request.to(tickets, "uuid").with("x", null).as(String.class)).isEqualTo("null");
  }

  private static String misfit(WritePort<Request> service, String command, Object value) {
    CallError error = errorOf(() -> Request.to(service, command).with("x", value).done());
    assertThat(error).isInstanceOf(CallError.InvalidArgument.class);
    return error.message();
  }

  record Point(double x, float y) {}

  static class Numbers {
    @Command
    String doubles(List<Double> x) {
      return x.toString();
    }

    @Command
    String floats(List<Float> x) {
      return x.toString();
    }

    @Command
    String array(double[] x) {
      return Arrays.toString(x);
    }

    @Command
    String few(OptionalInt x) {
      return x.toString();
    }

    @Command
    String many(OptionalLong x) {
      return x.toString();
    }

    @Command
    String share(OptionalDouble x) {
      return x.toString();
    }

    @Command
    String point(Point x) {
      return x.toString();
    }
  }

  @Test
  @DisplayName("SV-2 a number inside a larger value that is too large for it is not infinite")
  void tooLarge() throws Exception {
    WritePort<Request> numbers = reach(Service.of(new Numbers()));
    BigInteger huge = BigInteger.TEN.pow(309);
    assertThat(misfit(numbers, "doubles", List.of(1, huge)))
        .endsWith("(at [1]: the number is too large for a double)");
    assertThat(misfit(numbers, "floats", List.of(-1e39)))
        .endsWith("(at [0]: the number is too large for a float)");
    assertThat(misfit(numbers, "point", Map.of("x", huge.negate(), "y", 1)))
        .endsWith("(at x: the number is too large for a double)");
    assertThat(misfit(numbers, "point", Map.of("x", 1, "y", 1e39)))
        .endsWith("(at y: the number is too large for a float)");
    assertThat(misfit(numbers, "array", List.of(1, huge)))
        .endsWith("(at [1]: the number is too large for a double)");
    List<Object> infinite = List.of(Double.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0.5, 2);
    for (String command : List.of("doubles", "floats", "array")) {
      assertThat(Request.to(numbers, command).with("x", infinite).as(String.class))
          .isEqualTo("[-Infinity, Infinity, 0.5, 2.0]");
    }
  }

  @Test
  @DisplayName("SV-2 a number that may be missing has to fit when it is there")
  void tooLargePerhaps() throws Exception {
    WritePort<Request> numbers = reach(Service.of(new Numbers()));
    for (Object wrong : List.of(1L << 31, 0.5, "1", "", " ", true, List.of(1))) {
      assertThat(misfit(numbers, "few", wrong))
          .as("%s", wrong)
          .contains(": expected OptionalInt, but came");
    }
    for (Object wrong : List.of(BigInteger.TWO.pow(63), 0.5, "1", "", " ", true)) {
      assertThat(misfit(numbers, "many", wrong))
          .as("%s", wrong)
          .contains(": expected OptionalLong, but came");
    }
    for (Object wrong : List.of(BigInteger.TEN.pow(309), "1", "", " ", true)) {
      assertThat(misfit(numbers, "share", wrong))
          .as("%s", wrong)
          .contains(": expected OptionalDouble, but came");
    }
    assertThat(Request.to(numbers, "share").with("x", Double.POSITIVE_INFINITY).as(String.class))
        .isEqualTo("OptionalDouble[Infinity]");
  }

  static class Times {
    @Command
    String instant(Instant x) {
      return x.toString();
    }

    @Command
    String offset(OffsetDateTime x) {
      return x.toString();
    }

    @Command
    String date(LocalDate x) {
      return x.toString();
    }

    @Command
    String local(LocalDateTime x) {
      return x.toString();
    }

    @Command
    String duration(Optional<Duration> x) {
      return x.toString();
    }

    @Command
    String dates(List<LocalDate> x) {
      return x.toString();
    }

    @Command
    String year(Year x) {
      return x.toString();
    }
  }

  @Test
  @DisplayName("SV-2 a time is its own text: no number of who knows what, no half of another")
  void times() throws Exception {
    WritePort<Request> times = reach(Service.of(new Times()));
    String moment = "2026-11-25T19:00:00Z";
    for (Object wrong : List.of(1_764_097_200_000L, 1.5, "5", "1.5", List.of(2026, 11, 25), "")) {
      for (String command : List.of("instant", "offset", "date", "local", "duration")) {
        assertThat(misfit(times, command, wrong)).as("%s", wrong).contains(": expected ");
      }
    }
    assertThat(misfit(times, "date", moment)).contains(": expected LocalDate, but came");
    assertThat(misfit(times, "local", moment)).contains(": expected LocalDateTime, but came");
    assertThat(misfit(times, "dates", List.of(20_000))).contains("(at [0]: ");
    assertThat(misfit(times, "dates", List.of(moment))).contains("(at [0]: ");
    assertThat(Request.to(times, "instant").with("x", moment).as(String.class)).isEqualTo(moment);
    assertThat(Request.to(times, "date").with("x", "2026-11-25").as(String.class))
        .isEqualTo("2026-11-25");
    for (Object year : List.of(2026, "2026", Year.of(2026))) {
      assertThat(Request.to(times, "year").with("x", year).as(String.class)).isEqualTo("2026");
    }
  }

  @Test
  @DisplayName("SV-2 the types that have an empty value have it for an empty text")
  void emptyValue() throws Exception {
    WritePort<Request> tickets = reach(Service.of(new Tickets()));
    assertThat(Request.to(tickets, "uri").with("x", "").as(URI.class)).isEqualTo(URI.create(""));
    assertThat(Request.to(tickets, "locale").with("x", "").as(String.class))
        .isEqualTo(Locale.ROOT.toLanguageTag());
    assertThat(Request.to(tickets, "uri").with("x", "").as(optionalOf(URI.class)))
        .contains(URI.create(""));
  }
}
